package org.lslu.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.torch.LibTorch;
import org.lslu.torch.network.Network;
import org.lslu.torch.weights.PretrainedWeights.Matching;

/** The same weights give the same logits here and in PyTorch, whoever wrote the file. */
class PublishedNetworksTest {
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

  @ParameterizedTest
  @CsvSource({"relu, vanillanet", "lslu(n=3), lslu"})
  void load_givesTheLogitsOfPyTorch(String activation, String name) {
    final Network network = PublishedNetwork.create(activation);
    final LoadedWeights loaded =
        PretrainedWeights.load(
            PublishedNetwork.fixture(name + ".pth").toString(), network, Matching.STRICT);
    assertThat(loaded.loaded()).hasSize(network.state().size());
    PublishedNetwork.assertAgrees(network, PublishedNetwork.fixture(name + "-expected.pth"));
  }

  @Test
  void load_readsWhatPyTorchWritesHere() {
    final String python = requirePython();
    PublishedNetwork.script(python, "fixtures", directory.toString());
    final Network network = PublishedNetwork.create("lslu(n=3)");
    PretrainedWeights.load(directory.resolve("lslu.pth").toString(), network, Matching.STRICT);
    PublishedNetwork.assertAgrees(network, directory.resolve("lslu-expected.pth"));
  }

  @ParameterizedTest
  @CsvSource({
    "relu, vanillanet, pth",
    "lslu(n=3), lslu, pth",
    "relu, vanillanet, safetensors",
    "lslu(n=3), lslu, safetensors"
  })
  void write_writesWhatPyTorchLoadsStrictly(String activation, String name, String format) {
    final String python = requirePython();
    final Network network = PublishedNetwork.create(activation);
    PretrainedWeights.load(
        PublishedNetwork.fixture(name + ".pth").toString(), network, Matching.STRICT);
    final Path file = directory.resolve("ours." + format);
    if (format.equals("pth")) {
      PyTorchFile.write(file, PublishedNames.ofNetwork(network));
    } else {
      Safetensors.write(file, PublishedNames.ofNetwork(network), Map.of("by", "a test"));
    }
    final Path expected = directory.resolve("expected.pth");
    PublishedNetwork.script(python, "state", name, file.toString(), expected.toString());
    PublishedNetwork.assertAgrees(network, expected);
  }

  private static String requirePython() {
    final Optional<String> python = PublishedNetwork.python();
    assumeTrue(
        python.isPresent(),
        "no python3 here has torch (on Debian: apt-get install python3-torch); the files that it"
            + " wrote before are tested all the same");
    return python.orElseThrow();
  }

  @Test
  void load_takesAveragedWeightsByTheirKey() {
    final Network averaged = PublishedNetwork.create("lslu(n=3)");
    final Network model = PublishedNetwork.create("lslu(n=3)");
    final String file = PublishedNetwork.fixture("lslu.pth").toString();
    PretrainedWeights.load(file, model, Matching.STRICT);
    final LoadedWeights loaded =
        PretrainedWeights.load(file + "#model_ema", averaged, Matching.STRICT);
    assertThat(String.join(" ", loaded.sentences()))
        .contains(
            "The weights are those under \"model_ema\"; the file's \"model\", \"optimizer\","
                + " \"epoch\", \"args\" are left alone.");
    final Map<String, double[]> exact = PublishedNetwork.values(model);
    PublishedNetwork.values(averaged)
        .forEach(
            (name, values) -> {
              final double[] other = exact.getOrDefault(name, new double[0]);
              assertThat(values).describedAs(name).containsExactly(other, within(5e-3));
            });
    // They were kept as 16-bit numbers.
    assertThat(PublishedNetwork.values(averaged).get("cls2.0.weight"))
        .isNotEqualTo(exact.get("cls2.0.weight"));
  }
}
