package org.lslu.torch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;

class VariancePreservationTest {
  private static final int LAYERS = 7;
  private static final int WIDTH = 301;
  private static final long SEED = 5;

  private static Network mlp(ActivationFunction function, int layers) {
    LibTorch.start();
    return Networks.create(
        NetworkSettings.of("mlp", 3, 1, 17)
            .withSeed(SEED)
            .withHidden(Collections.nCopies(layers, WIDTH)),
        (_, channels) -> new ActivationLayer(function, channels));
  }

  /** The mean square of what goes into each activation, for normal images. */
  private static List<Double> moments(Network network) {
    final List<Double> moments = new ArrayList<>();
    network
        .chosenActivations()
        .forEach(
            layer ->
                ((ActivationLayer) layer)
                    .observe(x -> moments.add(x.square().mean().item_double())));
    torch.manual_seed(SEED);
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      final Tensor _ = network.forward(torch.randn(64, 1, 17, 17));
    }
    return moments;
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "gelu", "silu", "tanh", "selu", "prelu", "x * sigmoid(2 * x)"})
  void deepMlp_keepsTheVariance(String text) {
    final ActivationFunction function =
        Catalogue.isName(text)
            ? Catalogue.function(text)
            : ActivationFunction.ofFormula(text, List.of());
    final Network network = mlp(function, LAYERS);
    VariancePreservation.apply(network, SEED);

    // Curved functions amplify what chance does to one layer's moment.
    assertThat(moments(network))
        .as("%s, seed %d", text, SEED)
        .hasSize(LAYERS)
        .allSatisfy(moment -> assertThat(moment).isBetween(0.6, 1.6));
  }

  @Test
  void usualRule_losesTheVarianceOfASmoothFunction() {
    assertThat(moments(mlp(Catalogue.function("silu"), LAYERS)).getLast()).isLessThan(0.4);
  }

  @Test
  void everyNetwork_isDrawnWithTheDeviationOfItsPlace() {
    LibTorch.start();
    final Network network =
        Networks.create(
            NetworkSettings.of("resnet-20", 10, 3, 32).withSeed(SEED),
            (_, channels) -> new ActivationLayer(Catalogue.function("relu"), channels));
    VariancePreservation.apply(network, SEED);

    assertThat(deviation(network, "conv1.weight")).isCloseTo(Math.sqrt(1 / 27.0), within(0.02));
    // Behind act1 of a block: the batch norm's outputs through ReLU, He's rule.
    final double he = Math.sqrt(2 / (64 * 9.0));
    assertThat(deviation(network, "layer3.1.conv2.weight")).isCloseTo(he, within(0.01 * he));
    // Behind a sum of two batch norms through ReLU: half of 2.
    final double sum = Math.sqrt(1 / (64 * 9.0));
    assertThat(deviation(network, "layer3.1.conv1.weight")).isCloseTo(sum, within(0.01 * sum));
  }

  private static double deviation(Network network, String name) {
    return network.tensor(name).detach().std(true).item_double();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vanillanet-5", "efficientnetv2-s"})
  void networksOfAllKinds_areDrawnAndTheSameBySeed(String name) {
    LibTorch.start();
    final NetworkSettings settings = NetworkSettings.of(name, 4, 3, 32).withWidth(0.1);
    final Network one = Networks.create(settings, VariancePreservationTest::series);
    final Network other = Networks.create(settings.withSeed(9), VariancePreservationTest::series);
    VariancePreservation.apply(one, SEED);
    VariancePreservation.apply(other, SEED);

    one.state()
        .forEach(
            (key, tensor) ->
                assertThat(tensor.equal(other.tensor(key))).as("%s, seed %d", key, SEED).isTrue());
  }

  private static ActivationLayer series(String place, int channels) {
    return new ActivationLayer(Catalogue.function("lslu"), channels);
  }

  @Test
  void activationWithoutGain_isRefused() {
    final Network network = mlp(ActivationFunction.ofFormula("0 * x", List.of()), 1);
    assertThatThrownBy(() -> VariancePreservation.apply(network, SEED))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--init auto");
  }
}
