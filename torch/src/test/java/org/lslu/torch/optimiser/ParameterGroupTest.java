package org.lslu.torch.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.function.Catalogue;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.network.ActivationPlaces;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;

/** Learning rates and decays by layer and by role. */
class ParameterGroupTest {
  private static Network vanillaNet() {
    return Networks.create(
        NetworkSettings.of("vanillanet-5", 3, 1, 32).withWidth(0.01),
        (_, channels) -> new ActivationLayer(Catalogue.function("lslu", Map.of()), channels));
  }

  private static ParameterGroup of(List<ParameterGroup> groups, String name) {
    return groups.stream()
        .filter(
            group -> group.parameters().stream().map(NamedParameter::name).anyMatch(name::equals))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void layerDecay_fallsFromTheOutputToTheInput() {
    final List<ParameterGroup> groups =
        ParameterGroup.of(vanillaNet(), new ParameterGroup.Rules(0.1, 10, 0, 0.5));
    // stem1, stem2, stages.0, stages.1, stages.2, cls1, cls2
    assertThat(of(groups, "cls2.0.weight").rateFactor()).isEqualTo(1);
    assertThat(of(groups, "cls1.2.weight").rateFactor()).isEqualTo(0.5);
    assertThat(of(groups, "stages.2.conv1.0.weight").rateFactor()).isEqualTo(0.25);
    assertThat(of(groups, "stages.0.conv1.0.weight").rateFactor()).isEqualTo(0.0625);
    assertThat(of(groups, "stem1.0.weight").rateFactor())
        .isCloseTo(Math.pow(0.5, 6), within(1e-12));
    assertThat(of(groups, "stages.2.act.activation.theta").rateFactor()).isEqualTo(2.5);
  }

  /** Runs that are compared must not differ in their rates by the activation that they have. */
  @ParameterizedTest
  @CsvSource({"resnet-18, conv1.weight", "resnet-18, bn1.weight", "vanillanet-5, stem1.0.weight"})
  void layerDecay_isTheSame_forEveryActivation(String model, String name) {
    final List<Double> rates = new ArrayList<>();
    for (final String activation : List.of("relu", "lslu")) {
      for (final String form : List.of("pointwise", "series")) {
        final Network network =
            Networks.create(
                NetworkSettings.of(model, 3, 1, 32)
                    .withWidth(0.05)
                    .withPlaces(ActivationPlaces.parse("all", form)),
                (_, channels) ->
                    new ActivationLayer(Catalogue.function(activation, Map.of()), channels));
        final ParameterGroup.Rules rules = new ParameterGroup.Rules(0.1, 1, 0, 0.5);
        rates.add(of(ParameterGroup.of(network, rules), name).rateFactor());
      }
    }
    assertThat(rates).allMatch(rate -> rate.equals(rates.getFirst()) && rate < 0.1);
  }

  @Test
  void everyParameter_isInOneGroup() {
    final Network network = vanillaNet();
    assertThat(
            ParameterGroup.of(network, new ParameterGroup.Rules(0.1, 2, 0.3, 0.9)).stream()
                .flatMap(group -> group.parameters().stream())
                .map(NamedParameter::name)
                .toList())
        .containsExactlyInAnyOrderElementsOf(
            network.parameters().stream().map(NamedParameter::name).toList());
  }

  @Test
  void decays_followRoles() {
    final List<ParameterGroup> groups =
        ParameterGroup.of(vanillaNet(), new ParameterGroup.Rules(0.1, 1, 0.3, 1));
    assertThat(
            groups.stream()
                .collect(
                    Collectors.toMap(
                        ParameterGroup::weightDecay, group -> group.parameters().size())))
        .containsOnlyKeys(0.1, 0.0, 0.3);
    assertThat(of(groups, "stem2.2.weight").weightDecay()).isEqualTo(0.1); // the series' kernel
    assertThat(of(groups, "stem2.2.bn.weight").weightDecay()).isZero();
    assertThat(of(groups, "stem2.2.activation.omega").weightDecay()).isEqualTo(0.3);
  }
}
