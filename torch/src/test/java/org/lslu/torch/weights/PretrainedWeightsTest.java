package org.lslu.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.SeriesActivation;
import org.lslu.torch.layer.Values;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;
import org.lslu.torch.weights.PretrainedWeights.Matching;

class PretrainedWeightsTest {
  @TempDir Path directory;

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

  /** A file with what the fixture has, changed. */
  private String changed(Consumer<SequencedMap<String, Tensor>> change) {
    final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (StateDict file = StateDict.open(PublishedNetwork.fixture("vanillanet.pth").toString())) {
      file.names().forEach(name -> tensors.put(name, file.read(name)));
    }
    change.accept(tensors);
    final Path file = directory.resolve("changed.pth");
    PyTorchFile.write(file, tensors);
    return file.toString();
  }

  private static void rename(SequencedMap<String, Tensor> tensors, String from, String to) {
    final Tensor tensor = tensors.remove(from);
    if (tensor == null) {
      throw new AssertionError("no " + from);
    }
    tensors.put(to, tensor);
  }

  private static LoadedWeights load(String file, Network network) {
    return PretrainedWeights.load(file, network, Matching.STRICT);
  }

  @Test
  void load_leavesHeadOfOtherClasses() {
    final Network network = PublishedNetwork.create("relu", 7, 3, 9);
    final Map<String, double[]> before = PublishedNetwork.values(network);
    final LoadedWeights loaded = load(changed(_ -> {}), network);
    final Map<String, double[]> after = PublishedNetwork.values(network);
    assertThat(loaded.head()).contains("cls1.2.weight", "cls1.3.running_mean", "cls2.0.bias");
    assertThat(String.join(" ", loaded.sentences()))
        .contains(
            "The file's classifier is for other classes (cls1.2.weight is 5×64×1×1 instead of 7×64×1×1).")
        .contains("The classifier starts anew: ");
    after.forEach(
        (name, values) -> {
          if (name.startsWith("cls")) {
            assertThat(values).describedAs(name).isEqualTo(before.get(name));
          } else {
            assertThat(values).describedAs(name).isNotEqualTo(before.get(name));
          }
        });
  }

  @Test
  void load_leavesHeadThatTheFileLacks() {
    final Network network = PublishedNetwork.create("relu");
    final String file =
        changed(tensors -> tensors.keySet().removeIf(name -> name.startsWith("cls2")));
    final LoadedWeights loaded = load(file, network);
    assertThat(loaded.head()).contains("cls1.2.weight", "cls2.0.weight");
    assertThat(loaded.missing()).isEmpty();
  }

  @Test
  void load_startsLsluAsTheReluOfTheFile() {
    final Network relu = PublishedNetwork.create("relu");
    final Network lslu = PublishedNetwork.create("lslu(n=3)");
    final String file = changed(_ -> {});
    load(file, relu);
    final LoadedWeights loaded = load(file, lslu);
    assertThat(loaded.initial())
        .contains("stem2.2.activation.theta", "stages.2.act.activation.omega")
        .hasSize(8);
    relu.training(false);
    lslu.training(false);
    final Tensor x = PublishedNetwork.images();
    assertThat(Values.of(lslu.forward(x))).isEqualTo(Values.of(relu.forward(x)));
  }

  @Test
  void load_usesTheFirstEntriesOfAlphas() {
    final Network network = PublishedNetwork.create("lslu(n=3)");
    final String file =
        changed(
            tensors -> {
              tensors.put("stem2.2.alphas", torch.arange(new Scalar(8)).to(ScalarType.Float));
              tensors.put(
                  "stem2.2.biases",
                  torch.arange(new Scalar(-8), new Scalar(0)).to(ScalarType.Float));
            });
    load(file, network);
    assertThat(Values.of(network.tensor("stem2.2.activation.theta"))).containsExactly(0, 1, 2);
    assertThat(Values.of(network.tensor("stem2.2.activation.omega"))).containsExactly(-8, -7, -6);
  }

  @Test
  void load_refusesLsluForOtherActivations() {
    final String file = PublishedNetwork.fixture("lslu.pth").toString();
    assertThatThrownBy(() -> load(file, PublishedNetwork.create("relu")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("stem2.2.alphas")
        .hasMessageContaining("this one has relu there; take lslu as its activation");
    assertThatThrownBy(() -> load(file, PublishedNetwork.create("lslu-sum(n=3)")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("lslu-sum");
    assertThatThrownBy(() -> load(file, PublishedNetwork.create("lslu(n=2)")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("n = 3")
        .hasMessageContaining("take n = 3");
  }

  @Test
  void load_takesPrefixesOff() {
    final String file =
        changed(
            tensors ->
                List.copyOf(tensors.keySet())
                    .forEach(name -> rename(tensors, name, "module.model." + name)));
    final LoadedWeights loaded = load(file, PublishedNetwork.create("relu"));
    assertThat(loaded.remarks())
        .containsExactly(
            "The prefix \"module.\" of every name was taken off.",
            "The prefix \"model.\" of every name was taken off.");
    assertThat(loaded.missing()).isEmpty();
  }

  @Test
  void load_doesWithoutCountsOfBatches() {
    final String file =
        changed(
            tensors -> {
              tensors.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
              tensors.put("other.num_batches_tracked", Tensor.create(new long[] {1}, new long[0]));
            });
    final Network network = PublishedNetwork.create("relu");
    final LoadedWeights loaded = load(file, network);
    assertThat(loaded.unexpected()).isEmpty();
    PublishedNetwork.assertAgrees(network, PublishedNetwork.fixture("vanillanet-expected.pth"));
  }

  @Test
  void load_refusesMissingAndUnexpected_strictly() {
    final String file =
        changed(tensors -> rename(tensors, "stages.1.conv2.0.bias", "stages.1.conv2.0.shift"));
    final Network network = PublishedNetwork.create("relu");
    final Map<String, double[]> before = PublishedNetwork.values(network);
    assertThatThrownBy(() -> load(file, network))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it lacks stages.1.conv2.0.bias")
        .hasMessageContaining("stages.1.conv2.0.shift");
    PublishedNetwork.values(network)
        .forEach((name, values) -> assertThat(values).isEqualTo(before.get(name)));
    final LoadedWeights loaded = PretrainedWeights.load(file, network, Matching.PARTIAL);
    assertThat(loaded.missing()).containsExactly("stages.1.conv2.0.bias");
    assertThat(loaded.unexpected()).containsExactly("stages.1.conv2.0.shift");
    assertThat(loaded.sentences()).hasSize(3);
    assertThat(Values.of(network.tensor("stages.1.conv2.0.bias"))).containsOnly(0);
  }

  @Test
  void load_refusesFilesOfNothingKnown() {
    final String file =
        changed(
            tensors -> {
              tensors.clear();
              tensors.put("layers.0.weight", torch.ones(2, 2));
            });
    for (final Matching matching : Matching.values()) {
      assertThatThrownBy(
              () -> PretrainedWeights.load(file, PublishedNetwork.create("relu"), matching))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("None of the tensors")
          .hasMessageContaining("layers.0.weight");
    }
  }

  @Test
  void load_refusesOtherShapesAndChannels() {
    assertThatThrownBy(() -> load(changed(_ -> {}), PublishedNetwork.create("relu", 5, 1, 9)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("takes images with 3 channels, and this one with 1");
    final String wide =
        changed(tensors -> tensors.put("stages.0.act.weight", torch.ones(16, 1, 5, 5)));
    assertThatThrownBy(() -> load(wide, PublishedNetwork.create("relu")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("stages.0.act.weight is 16×1×5×5 instead of 16×1×7×7");
  }

  @Test
  void load_refusesFoldedNetworks() {
    final String file =
        changed(
            tensors -> {
              tensors.keySet().removeIf(name -> name.startsWith("stages.0.conv"));
              tensors.put("stages.0.conv.weight", torch.ones(16, 8, 1, 1));
              tensors.put("stages.0.conv.bias", torch.ones(16));
            });
    assertThatThrownBy(() -> load(file, PublishedNetwork.create("relu")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("folded for deployment (stages.0.conv.weight)");
    final Path own = directory.resolve("deployed.safetensors");
    Safetensors.write(own, Map.of("conv1.weight", torch.ones(1)), Map.of("form", "deployed"));
    assertThatThrownBy(() -> load(own.toString(), PublishedNetwork.create("relu")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("folded for deployment");
  }

  @Test
  void load_refusesValuesThatAreNotFinite() {
    final String file =
        changed(
            tensors ->
                tensors.put("stem1.0.bias", torch.full(new long[] {8}, new Scalar(Double.NaN))));
    assertThatThrownBy(() -> load(file, PublishedNetwork.create("relu")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("stem1.0.bias")
        .hasMessageContaining("not finite");
  }

  @Test
  void load_saysWhichKeysThereAre() {
    final String file = PublishedNetwork.fixture("lslu.pth").toString();
    assertThatThrownBy(() -> load(file + "#ema", PublishedNetwork.create("lslu(n=3)")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nothing under \"ema\"")
        .hasMessageContaining("\"model_ema\"");
    assertThatThrownBy(() -> load(file + "#epoch", PublishedNetwork.create("lslu(n=3)")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("a single value under \"epoch\"");
  }

  @Test
  void load_takesTheNetworkOutOfCheckpointsOfRuns() {
    final Network network = PublishedNetwork.create("relu");
    load(PublishedNetwork.fixture("vanillanet.pth").toString(), network);
    final Map<String, Tensor> tensors = new LinkedHashMap<>(network.state());
    network.state().keySet().forEach(name -> tensors.put("optimiser." + name, torch.ones(1)));
    network
        .state()
        .forEach((name, tensor) -> tensors.put("average.0." + name, torch.ones_like(tensor)));
    final String file = directory.resolve("last.safetensors").toString();
    Safetensors.write(Path.of(file), tensors, Map.of());
    final Network other = PublishedNetwork.create("relu");
    assertThat(load(file, other).unexpected()).isEmpty();
    final Map<String, double[]> expected = PublishedNetwork.values(network);
    PublishedNetwork.values(other)
        .forEach((name, values) -> assertThat(values).isEqualTo(expected.get(name)));
    load(file + "#average.0", other);
    PublishedNetwork.values(other).forEach((_, values) -> assertThat(values).containsOnly(1));
    assertThatThrownBy(() -> load(file + "#average.1", other))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nothing under \"average.1\"");
  }

  @Test
  void ofNetwork_isTakenBack() {
    final Network network = PublishedNetwork.create("lslu(n=3)");
    load(PublishedNetwork.fixture("lslu.pth").toString(), network);
    final SequencedMap<String, Tensor> published = PublishedNames.ofNetwork(network);
    assertThat(published.keySet()).contains("stem2.2.alphas", "stages.0.act.biases");
    assertThat(published.keySet()).noneMatch(name -> name.contains("activation"));
    final Path file = directory.resolve("published.safetensors");
    Safetensors.write(file, published, Map.of());
    final Network other = PublishedNetwork.create("lslu(n=3)");
    load(file.toString(), other);
    final Map<String, double[]> expected = PublishedNetwork.values(network);
    PublishedNetwork.values(other)
        .forEach((name, values) -> assertThat(values).isEqualTo(expected.get(name)));
    final double[] alphas = Values.of(published.getOrDefault("stem2.2.alphas", new Tensor()));
    assertThat(alphas).hasSize(8).endsWith(1, 1, 1, 1, 1);
  }

  @Test
  void ofNetwork_keepsNames_whereThePublishedCodeWouldComputeAnotherFunction() {
    for (final String activation : List.of("lslu(n=2)", "lslu-sum(n=3)", "lslu(n=8)")) {
      final Network network = PublishedNetwork.create(activation);
      assertThat(PublishedNames.ofNetwork(network).keySet())
          .describedAs(activation)
          .containsExactlyElementsOf(network.state().keySet());
    }
  }

  /**
   * A ResNet with ReLU, and a series activation with LSLU at its stem, as the LSLU paper has it.
   */
  private static Network resNet(boolean withSeries, long seed) {
    return Networks.create(
        NetworkSettings.of("resnet-20", 5, 3, 32).withWidth(0.5).withSeed(seed),
        (place, channels) ->
            withSeries && place.equals("act")
                ? new SeriesActivation(
                    new ActivationLayer(Catalogue.function("lslu(n=3)"), channels),
                    channels,
                    3,
                    new Initialiser(seed))
                : new ActivationLayer(Catalogue.function("relu"), channels));
  }

  @Test
  void load_takesResNetsWithAndWithoutLsluAtTheStem() {
    final Network published = resNet(true, 1);
    final SequencedMap<String, Tensor> names = PublishedNames.ofNetwork(published);
    assertThat(names.keySet())
        .contains(
            "lslu.alphas", "lslu.biases", "lslu.weight", "lslu.bn.running_var", "conv1.weight")
        .noneMatch(name -> name.startsWith("act."));
    final Path file = directory.resolve("resnet.pth");
    PyTorchFile.write(file, names);
    final Network other = resNet(true, 2);
    load(file.toString(), other);
    final Map<String, double[]> expected = PublishedNetwork.values(published);
    PublishedNetwork.values(other)
        .forEach(
            (name, values) -> assertThat(values).describedAs(name).isEqualTo(expected.get(name)));

    PyTorchFile.write(file, resNet(false, 3).state()); // torchvision's names
    final LoadedWeights loaded = load(file.toString(), other);
    assertThat(loaded.initial())
        .contains("act.weight", "act.bn.running_mean", "act.activation.theta")
        .allMatch(name -> name.startsWith("act."));
    assertThat(loaded.missing()).isEmpty();
    assertThat(loaded.head()).isEmpty();

    PyTorchFile.write(file, names);
    assertThatThrownBy(() -> load(file.toString(), resNet(false, 4)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("lslu.alphas");
  }
}
