package org.lslu.torch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.DepthwiseConv2d;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Relu;
import org.lslu.torch.layer.SeriesActivation;

class ActivationPlacesTest {
  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static NetworkSettings settings(String name, String places, String form) {
    return NetworkSettings.of(name, 5, 3, 17)
        .withWidth(1.0 / 32)
        .withHidden(List.of(64, 32))
        .withSeed(8)
        .withPlaces(ActivationPlaces.parse(places, form));
  }

  private static Network lslu(NetworkSettings settings) {
    return Networks.create(
        settings, (_, channels) -> new ActivationLayer(Catalogue.function("lslu(n=3)"), channels));
  }

  /** The places of learned activations. */
  private static List<String> learned(Network network) {
    return network
        .walk()
        .filter(ActivationLayer.class::isInstance)
        .map(ActivationLayer.class::cast)
        .filter(layer -> !layer.function().parameters().isEmpty())
        .map(Layer::path)
        .toList();
  }

  static Stream<String> names() {
    return Networks.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void positions_areThePathsOfWhatStandsThere_inTheOrderOfTheSignal(String name) {
    List<String> created = new ArrayList<>();
    Network network =
        Networks.create(
            settings(name, "all", "pointwise"),
            (place, _) -> {
              created.add(place);
              return new Relu();
            });
    assertThat(network.activationPlaces()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(created).isEqualTo(network.activationPlaces());
    assertThat(network.walk().filter(Relu.class::isInstance).map(Layer::path))
        .containsExactlyInAnyOrderElementsOf(created);
  }

  @ParameterizedTest
  @MethodSource("names")
  void stem_isTheFirstPositionAlone_andTheRestIsPlain(String name) {
    Network network = lslu(settings(name, "stem", "pointwise"));
    assertThat(learned(network)).containsExactly(network.activationPlaces().getFirst());
    assertThat(network.chosenActivations().stream().map(Layer::path))
        .containsExactlyElementsOf(learned(network));
    assertThat(
            network
                .walk()
                .filter(ActivationLayer.class::isInstance)
                .map(Layer::path)
                .filter(network.activationPlaces()::contains))
        .as("an activation at every position")
        .hasSameSizeAs(network.activationPlaces());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "resnet-20; act,layer1.0.act1; act layer1.0.act1",
        "resnet-20; layer3; layer3.0.act1 layer3.0.act2 layer3.1.act1 layer3.1.act2"
            + " layer3.2.act1 layer3.2.act2",
        "resnet-20; stem , layer2.1; act layer2.1.act1 layer2.1.act2",
        "vanillanet-6; stages.1; stages.1.act",
        "vanillanet-6; stages.3.act.activation,stem2; stem2.2 stages.3.act",
        "mlp; act2; act2"
      })
  void names_chooseExactlyAndByBeginning(String name, String places, String expected) {
    assertThat(learned(lslu(settings(name, places, "pointwise"))))
        .containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void beginning_endsAtADot() {
    assertThatThrownBy(() -> lslu(settings("resnet-20", "layer1.0.act", "auto")))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("resnet-20 has no place \"layer1.0.act\" for an activation;")
        .hasMessageContaining("its places are act, layer1.0.act1, layer1.0.act2, layer1.1.act1")
        .hasMessageEndingWith("layer3.2.act2.");
  }

  @Test
  void auto_isSeriesInVanillaNet_pointwiseElsewhere() {
    assertThat(series(lslu(settings("vanillanet-5", "all", "auto"))))
        .containsExactly("stem2.2", "stages.0.act", "stages.1.act", "stages.2.act");
    assertThat(series(lslu(settings("resnet-20", "all", "auto")))).isEmpty();
  }

  private static List<String> series(Network network) {
    return network.walk().filter(SeriesActivation.class::isInstance).map(Layer::path).toList();
  }

  @Test
  void series_isWhatThePaperHasAtResNetsStem() {
    Network network = lslu(settings("resnet-20", "stem", "series").withSeriesRadius(2));
    assertThat(series(network)).containsExactly("act");
    assertThat(network.chosenActivations().stream().map(Layer::path))
        .containsExactly("act.activation");
    assertThat(network.state())
        .containsKeys("act.weight", "act.bn.running_var", "act.activation.theta");
    assertThat(network.tensor("act.weight").size(3)).isEqualTo(5);
  }

  @Test
  void pointwiseVanillaNet_hasNoDepthwiseConvolution() {
    Network network = lslu(settings("vanillanet-5", "stages", "pointwise"));
    assertThat(network.walk().filter(DepthwiseConv2d.class::isInstance)).isEmpty();
    assertThat(learned(network)).containsExactly("stages.0.act", "stages.1.act", "stages.2.act");
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "stem", "layer2.0,layer3.2.act2"})
  void gradient_reachesEveryParameter(String places) {
    for (String form : new String[] {"series", "pointwise"}) {
      LibTorch.seed(4);
      Network network = lslu(settings("resnet-20", places, form));
      Tensor y = network.forward(torch.randn(3, 3, 17, 17));
      Autograd.backward(y.mul(y).sum());
      assertThat(network.parameters())
          .as("%s as %s", places, form)
          .allSatisfy(
              parameter ->
                  assertThat(parameter.tensor().grad().defined()).as(parameter.name()).isTrue());
    }
  }

  @Test
  void weights_areTheSame_whateverPlacesAreChosenPointwise() {
    Network all = lslu(settings("resnet-20", "all", "pointwise"));
    Network stem = lslu(settings("resnet-20", "stem", "pointwise"));
    stem.state()
        .forEach((name, value) -> assertThat(value.equal(all.tensor(name))).as(name).isTrue());
  }

  @Test
  void mistakes_areExplained() {
    assertThatThrownBy(() -> ActivationPlaces.parse("act,,layer1", "auto"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("No place is named");
    assertThatThrownBy(() -> ActivationPlaces.parse("all", "serial"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The form of activations \"serial\" is unknown; expected one of auto, series, pointwise.");
    assertThatThrownBy(() -> lslu(settings("mlp", "all", "series")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("An MLP has no maps");
    assertThatThrownBy(
            () -> lslu(settings("mlp", "stem", "auto").withHidden(List.of()).withWidth(1)))
        .isInstanceOf(UserException.class)
        .hasMessage("mlp has no activation in it.");
  }

  @Test
  void text_isReadBack() {
    ActivationPlaces places = ActivationPlaces.parse(" act, layer1.0 ", "Series");
    assertThat(places.text()).isEqualTo("act,layer1.0");
    assertThat(places.form()).isEqualTo(ActivationPlaces.Form.SERIES).hasToString("series");
    assertThat(ActivationPlaces.parse(places.text(), places.form().toString())).isEqualTo(places);
    assertThat(ActivationPlaces.everywhere().text()).isEqualTo("all");
  }
}
