package org.lslu.torch.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Relu;

class VanillaNetTest {
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

  private static NetworkSettings settings(int depth) {
    return NetworkSettings.of("vanillanet-" + depth, 10, 3, 32).withWidth(1.0 / 64).withSeed(5);
  }

  private static Network create(NetworkSettings settings) {
    return Networks.create(settings, (place, channels) -> new Relu());
  }

  @Test
  void state_hasTheNamesOfTheReference() {
    List<String> names = new ArrayList<>();
    addConvolution(names, "stem1.0");
    addNorm(names, "stem1.1");
    addConvolution(names, "stem2.0");
    addNorm(names, "stem2.1");
    names.add("stem2.2.weight");
    addNorm(names, "stem2.2.bn");
    for (int i = 0; i < 3; i++) {
      addConvolution(names, "stages." + i + ".conv1.0");
      addNorm(names, "stages." + i + ".conv1.1");
      addConvolution(names, "stages." + i + ".conv2.0");
      addNorm(names, "stages." + i + ".conv2.1");
      names.add("stages." + i + ".act.weight");
      addNorm(names, "stages." + i + ".act.bn");
    }
    addConvolution(names, "cls1.2");
    addNorm(names, "cls1.3");
    addConvolution(names, "cls2.0");
    assertThat(create(settings(5)).state().keySet()).containsExactlyElementsOf(names);
  }

  private static void addConvolution(List<String> names, String place) {
    names.addAll(List.of(place + ".weight", place + ".bias"));
  }

  private static void addNorm(List<String> names, String place) {
    for (String entry :
        List.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked")) {
      names.add(place + "." + entry);
    }
  }

  @ParameterizedTest(name = "VanillaNet-{0}")
  @CsvSource({
    "5, 512 1024 2048 4096, 2 2 2",
    "6, 512 1024 2048 4096 4096, 2 2 2 1",
    "7, 512 512 1024 2048 4096 4096, 1 2 2 2 1",
    "8, 512 512 1024 2048 2048 4096 4096, 1 2 2 1 2 1",
    "9, 512 512 1024 2048 2048 2048 4096 4096, 1 2 2 1 1 2 1",
    "10, 512 512 1024 2048 2048 2048 2048 4096 4096, 1 2 2 1 1 1 2 1",
    "11, 512 512 1024 2048 2048 2048 2048 2048 4096 4096, 1 2 2 1 1 1 1 2 1",
    "12, 512 512 1024 2048 2048 2048 2048 2048 2048 4096 4096, 1 2 2 1 1 1 1 1 2 1",
    "13, 512 512 1024 2048 2048 2048 2048 2048 2048 2048 4096 4096, 1 2 2 1 1 1 1 1 1 2 1"
  })
  void plan_isThePublishedOne(int depth, String channels, String pools) {
    VanillaNet.Plan plan = VanillaNet.Plan.of(depth);
    assertThat(plan.channels()).extracting(String::valueOf).containsExactly(channels.split(" "));
    assertThat(plan.pools()).extracting(String::valueOf).containsExactly(pools.split(" "));
  }

  @Test
  void plan_endsAtThirteen() {
    assertThatIllegalArgumentException().isThrownBy(() -> VanillaNet.Plan.of(4));
    assertThatIllegalArgumentException().isThrownBy(() -> VanillaNet.Plan.of(14));
  }

  @Test
  void parameterCount_isTheSumOfItsParts() {
    NetworkSettings settings = NetworkSettings.of("vanillanet-6", 7, 1, 28).withWidth(1.0 / 32);
    int[] widths = {16, 32, 64, 128, 128};
    long expected = 16 * 16 + 16 + 2 * 16 + 16 * 16 + 16 + 2 * 16 + series(16);
    for (int i = 0; i < 4; i++) {
      int from = widths[i];
      int to = widths[i + 1];
      expected += from * from + from + 2 * from + (long) from * to + to + 2 * to + series(to);
    }
    expected += 128 * 7 + 7 + 2 * 7 + 7 * 7 + 7;
    assertThat(create(settings).parameterCount()).isEqualTo(expected);
  }

  private static long series(int channels) {
    return channels * 49L + 2L * channels;
  }

  @Test
  void forward_equalsItsDefinition() {
    LibTorch.seed(9);
    NetworkSettings settings = settings(5).withSeriesRadius(2).withStemStride(4);
    Network network = create(settings);
    LeakySlope.setAll(network, 0.3);
    Tensor x = torch.randn(4, 3, 32, 32);
    for (int i = 0; i < 40; i++) {
      network.forward(x); // Brings the running statistics near those of the batch.
    }
    network.training(false);

    Tensor y = network.forward(x);

    Tensor h = norm(network, "stem1.1", convolution(network, "stem1.0", x, 4));
    h = norm(network, "stem2.1", convolution(network, "stem2.0", leaky(h), 1));
    h = series(network, "stem2.2", h);
    for (int i = 0; i < 3; i++) {
      String stage = "stages." + i;
      h = leaky(norm(network, stage + ".conv1.1", convolution(network, stage + ".conv1.0", h, 1)));
      h = norm(network, stage + ".conv2.1", convolution(network, stage + ".conv2.0", h, 1));
      h = series(network, stage + ".act", torch.max_pool2d(h, 2, 2));
    }
    h = h.mean(new long[] {2, 3}, true, new ScalarTypeOptional());
    h = leaky(norm(network, "cls1.3", convolution(network, "cls1.2", h, 1)));
    h = convolution(network, "cls2.0", h, 1).view(4, 10);
    assertThat(Shapes.of(y)).containsExactly(4, 10);
    assertThat(y.abs().max().item_double()).isGreaterThan(0.01);
    assertThat(y.sub(h).abs().max().item_double()).as("seeds 5 and 9").isCloseTo(0, within(1e-5));
  }

  private static Tensor leaky(Tensor x) {
    return x.clamp_min(new Scalar(0.0)).add(x.clamp_max(new Scalar(0.0)).mul(new Scalar(0.3)));
  }

  private static Tensor convolution(Network network, String place, Tensor x, int stride) {
    return torch.conv2d(
        x,
        network.tensor(place + ".weight"),
        new TensorOptional(network.tensor(place + ".bias")),
        new long[] {stride, stride},
        new long[] {0, 0},
        new long[] {1, 1},
        1);
  }

  private static Tensor norm(Network network, String place, Tensor x) {
    Tensor deviation =
        network.tensor(place + ".running_var").add(new Scalar(1e-6)).sqrt().view(1, -1, 1, 1);
    return x.sub(network.tensor(place + ".running_mean").view(1, -1, 1, 1))
        .div(deviation)
        .mul(network.tensor(place + ".weight").view(1, -1, 1, 1))
        .add(network.tensor(place + ".bias").view(1, -1, 1, 1));
  }

  private static Tensor series(Network network, String place, Tensor x) {
    Tensor sum =
        torch.conv2d(
            x.clamp_min(new Scalar(0.0)),
            network.tensor(place + ".weight"),
            new TensorOptional(),
            new long[] {1, 1},
            new long[] {2, 2},
            new long[] {1, 1},
            x.size(1));
    return norm(network, place + ".bn", sum);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7, 8, 9, 10, 11, 12, 13})
  void backward_reachesEveryParameter(int depth) {
    LibTorch.seed(9);
    Network network = create(settings(depth));
    LeakySlope.setAll(network, 0.5);
    Tensor y = network.forward(torch.randn(2, 3, 32, 32));
    assertThat(Shapes.of(y)).containsExactly(2, 10);
    Autograd.backward(y.mul(y).sum());
    assertThat(network.parameters())
        .allSatisfy(
            parameter ->
                assertThat(parameter.tensor().grad().defined()).as(parameter.name()).isTrue());
    // Named by the number of layers that multiply: stem 1, stages depth − 2, head 1 in deployment.
    assertThat(network.walk().filter(MaxPool2d.class::isInstance)).hasSize(depth - 2);
  }

  @ParameterizedTest(name = "{0} pixels, stem stride {1}: {2} pools left out")
  @CsvSource({"32,1,0", "32,2,0", "32,4,0", "28,2,0", "28,4,1", "33,1,0", "16,4,1", "5,4,3"})
  void forward_worksOnSmallImages(int size, int stride, int leftOut) {
    NetworkSettings settings =
        NetworkSettings.of("vanillanet-5", 4, 1, size).withWidth(1.0 / 64).withStemStride(stride);
    Network network = create(settings);
    Tensor y = network.forward(torch.ones(3, 1, size, size));
    assertThat(Shapes.of(y)).containsExactly(3, 4);
    assertThat(network.notes()).hasSize(leftOut);
    assertThat(network.notes()).allMatch(note -> note.matches("The max pool of stages\\.\\d .*"));
  }

  @Test
  void create_refusesImagesSmallerThanTheStem() {
    NetworkSettings settings = settings(5);
    NetworkSettings tiny = NetworkSettings.of("vanillanet-5", 4, 1, 3).withStemStride(4);
    assertThat(settings.imageSize()).isEqualTo(32);
    assertThatThrownBy(() -> create(tiny))
        .isInstanceOf(UserException.class)
        .hasMessage("VanillaNet needs images of at least 4×4 at stem stride 4, but these are 3×3.");
  }

  @Test
  void slope_isOneAtFirst() {
    Network network = create(settings(5));
    List<LeakySlope> slopes =
        network.walk().filter(LeakySlope.class::isInstance).map(LeakySlope.class::cast).toList();
    assertThat(slopes).hasSize(5).allMatch(slope -> slope.slope() == 1);
    assertThat(LeakySlope.setAll(network, 0.25)).isEqualTo(5);
    assertThat(slopes).allMatch(slope -> slope.slope() == 0.25);
  }

  @Test
  void weights_areThoseOfTheSeed_whateverTheActivation() {
    List<String> places = new ArrayList<>();
    Network relu = create(settings(5));
    Network other =
        Networks.create(
            settings(5),
            (place, channels) -> {
              places.add(place + " " + channels);
              return new Relu();
            });
    Network differently = create(settings(5).withSeed(6));
    relu.state()
        .forEach((name, value) -> assertThat(value.equal(other.tensor(name))).as(name).isTrue());
    assertThat(relu.tensor("cls2.0.weight").equal(differently.tensor("cls2.0.weight"))).isFalse();
    assertThat(places)
        .containsExactly(
            "stem2.2.activation 8",
            "stages.0.act.activation 16",
            "stages.1.act.activation 32",
            "stages.2.act.activation 64");
    assertThat(other.walk().filter(Relu.class::isInstance).map(Layer::path))
        .containsExactlyElementsOf(places.stream().map(place -> place.split(" ")[0]).toList());
  }
}
