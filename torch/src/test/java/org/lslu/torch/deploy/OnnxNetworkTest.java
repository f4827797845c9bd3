package org.lslu.torch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Sharing;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.AdaptiveAveragePool;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Sequential;
import org.lslu.torch.layer.Values;
import org.lslu.torch.network.ActivationPlaces;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.onnx.OnnxModel;

class OnnxNetworkTest {
  private static final long SEED = 57;

  private PointerScope scope;
  private NoGradGuard off;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
    off = new NoGradGuard();
  }

  @AfterEach
  void close() {
    off.close();
    scope.close();
  }

  static Stream<Arguments> networks() {
    return Stream.of(
            Catalogue.function("relu"),
            Catalogue.function("lslu(n=3)"),
            Catalogue.function("lslu(n=3)").shared(Sharing.channel()),
            Catalogue.function("rational"),
            Catalogue.function("prelu").shared(Sharing.channel()))
        .flatMap(
            function ->
                Stream.of(
                    Arguments.of("vanillanet-5", 32, function, 1.0),
                    Arguments.of("vanillanet-5", 67, function, 0.5),
                    Arguments.of("vanillanet-7", 19, function, 0.0),
                    Arguments.of("resnet-20", 17, function, 1.0),
                    Arguments.of("resnet-18", 69, function, 1.0),
                    Arguments.of("mlp", 9, function, 1.0)));
  }

  static Stream<Arguments> largerNetworks() {
    return Stream.of(
        Arguments.of("resnet-50", 23, "all", "pointwise"),
        Arguments.of("resnet-18", 66, "stem", "series"),
        Arguments.of("efficientnetv2-s", 37, "features.2,features.7", "auto"),
        Arguments.of("vanillanet-6", 29, "all", "pointwise"),
        Arguments.of("vanillanet-13-x1.5", 33, "stages.2", "auto"),
        Arguments.of("vanillanet-13-x1.5-ada-pool", 322, "all", "pointwise"),
        Arguments.of("vanillanet-13-x1.5-ada-pool", 45, "all", "auto"),
        Arguments.of("vanillanet-13-x1.5-ada-pool", 388, "all", "pointwise"));
  }

  @ParameterizedTest(name = "{0} at {1}, {2} as {3}")
  @MethodSource("largerNetworks")
  void model_hasTheLogitsOfTheNetwork_atEveryChoiceOfPlaces(
      String name, int size, String places, String form) throws OrtException {
    final NetworkSettings settings =
        DeployedNetworkTest.settings(name, size).withPlaces(ActivationPlaces.parse(places, form));
    model_hasTheLogitsOfTheNetwork(settings, Catalogue.function("lslu(n=2)"), 1);
  }

  @ParameterizedTest(name = "{0} at {1}, {2}, slope {3}")
  @MethodSource("networks")
  void model_hasTheLogitsOfTheNetwork(
      String name, int size, ActivationFunction function, double slope) throws OrtException {
    model_hasTheLogitsOfTheNetwork(DeployedNetworkTest.settings(name, size), function, slope);
  }

  private static void model_hasTheLogitsOfTheNetwork(
      NetworkSettings settings, ActivationFunction function, double slope) throws OrtException {
    final Network trained = TrainedLook.network(settings, function, slope, SEED);
    final Layer deployed = DeployedNetwork.of(trained);
    final OnnxModel asTrained = model(trained, settings);
    final OnnxModel asDeployed = model(deployed, settings);
    for (final int count : new int[] {2, 5}) {
      final float[] images = TrainedLook.images(settings, count, SEED + count);
      final double[] expected = Values.of(trained.forward(TrainedLook.tensor(settings, images)));
      final String what =
          "%s at %d, %s, N = %d"
              .formatted(settings.name(), settings.imageSize(), function.id(), count);

      TrainedLook.assertAgree(expected, run(asTrained, settings, images), settings.classes(), what);
      TrainedLook.assertAgree(
          expected, run(asDeployed, settings, images), settings.classes(), what + ", deployed");
    }
  }

  /** A rising line, a falling one with two bounds, a falling one with one, and no line at all. */
  static Stream<Arguments> chains() {
    return Stream.of("auto", "pointwise")
        .flatMap(
            form ->
                Stream.of(
                    Arguments.of(form, List.of(1.2, 0.8, 1.1), List.of(-0.2, 0.3, 0.1)),
                    Arguments.of(form, List.of(1.2, -0.8, 1.1), List.of(-0.2, 0.9, -0.1)),
                    Arguments.of(form, List.of(-1.5, 1.0, 1.0), List.of(2.0, 0.0, 0.4)),
                    Arguments.of(form, List.of(1.0, 0.9, 1.0), List.of(0.0, 0.2, 0.0))));
  }

  @ParameterizedTest(name = "{0}, θ = {1}, ω = {2}")
  @MethodSource("chains")
  void chain_givesItsLineToTheConvolution_andKeepsItsBoundsInOneNode(
      String form, List<Double> theta, List<Double> omega) throws OrtException {
    final NetworkSettings settings =
        DeployedNetworkTest.settings("vanillanet-5", 30)
            .withPlaces(ActivationPlaces.parse("all", form));
    final Network trained = TrainedLook.network(settings, Catalogue.function("lslu(n=3)"), 1, SEED);
    trained
        .walk()
        .filter(ActivationLayer.class::isInstance)
        .forEach(
            layer -> {
              layer.tensor("theta").copy_(values(theta));
              layer.tensor("omega").copy_(values(omega));
            });
    final OnnxModel model = model(DeployedNetwork.of(trained), settings);
    final float[] images = TrainedLook.images(settings, 3, SEED);

    assertThat(operators(model)).contains("Clip");
    // Alone, the last one has no convolution behind it that could take a falling line's negative.
    assertThat(operators(model).filter("Add"::equals))
        .hasSizeLessThanOrEqualTo(form.equals("pointwise") ? 1 : 0);
    TrainedLook.assertAgree(
        Values.of(trained.forward(TrainedLook.tensor(settings, images))),
        run(model, settings, images),
        settings.classes(),
        "θ = %s, ω = %s, %s".formatted(theta, omega, form));
  }

  private static Tensor values(List<Double> values) {
    return Tensor.create(
        values.get(0).floatValue(), values.get(1).floatValue(), values.get(2).floatValue());
  }

  @Test
  void trainedShape_keepsItsNormsAndNames_deployedHasNone() {
    final NetworkSettings settings = DeployedNetworkTest.settings("vanillanet-5", 32);
    final Network trained = TrainedLook.network(settings, Catalogue.function("lslu(n=3)"), 1, SEED);

    assertThat(operators(model(trained, settings)).filter("BatchNormalization"::equals))
        .hasSize(13);
    assertThat(operators(model(DeployedNetwork.of(trained), settings)))
        .doesNotContain("BatchNormalization");
    assertThat(model(trained, settings).proto().getGraph().getInitializerList())
        .anyMatch(tensor -> tensor.getName().equals("stages.1.act.bn.running_var"))
        .anyMatch(tensor -> tensor.getName().equals("stages.1.act.activation.theta_2"));
  }

  @Test
  void metadata_isInTheFile() {
    final NetworkSettings settings = DeployedNetworkTest.settings("mlp", 9);
    final Network network = TrainedLook.network(settings, Catalogue.function("relu"), 1, SEED);
    assertThat(model(network, settings).proto().getMetadataPropsList())
        .anyMatch(
            entry -> entry.getKey().equals("classes") && entry.getValue().equals("[\"cat\"]"));
  }

  @Test
  void meanOverSeveralWindows_isRefused() {
    final Layer network = new Sequential(new AdaptiveAveragePool(2));
    assertThatThrownBy(
            () -> OnnxNetwork.of(network, "pool", new OnnxNetwork.Signature(1, 4, 4, 4), Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("2×2");
  }

  private static Stream<String> operators(OnnxModel model) {
    return model.proto().getGraph().getNodeList().stream().map(NodeProto::getOpType);
  }

  private static OnnxModel model(Layer network, NetworkSettings settings) {
    return OnnxNetwork.of(
        network,
        settings.name(),
        new OnnxNetwork.Signature(
            settings.inputChannels(),
            settings.imageSize(),
            settings.imageSize(),
            settings.classes()),
        Map.of("classes", "[\"cat\"]"));
  }

  private static double[] run(OnnxModel model, NetworkSettings settings, float[] images)
      throws OrtException {
    final long side = settings.imageSize();
    final long[] shape = {
      images.length / (settings.inputChannels() * side * side), settings.inputChannels(), side, side
    };
    final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(model.bytes(), options);
          OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), shape);
          OrtSession.Result result = session.run(Map.of(OnnxNetwork.INPUT, x))) {
        final OnnxTensor y = (OnnxTensor) result.get(OnnxNetwork.OUTPUT).orElseThrow();
        final FloatBuffer values = y.getFloatBuffer();
        final double[] all = new double[values.remaining()];
        for (int i = 0; i < all.length; i++) {
          all[i] = values.get(i);
        }
        return all;
      }
    }
  }
}
