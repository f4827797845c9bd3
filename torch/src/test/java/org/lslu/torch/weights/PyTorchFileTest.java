package org.lslu.torch.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lslu.torch.weights.HandMadeArchive.number;
import static org.lslu.torch.weights.HandMadeArchive.numbers;
import static org.lslu.torch.weights.HandMadeArchive.tensor;
import static org.lslu.torch.weights.HandMadeArchive.text;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.Values;
import org.lslu.torch.weights.PickledValue.Mapping;
import org.lslu.torch.weights.PickledValue.Namespace;
import org.lslu.torch.weights.PickledValue.Nothing;
import org.lslu.torch.weights.PickledValue.Real;
import org.lslu.torch.weights.PickledValue.Sequence;
import org.lslu.torch.weights.PickledValue.StoredTensor;
import org.lslu.torch.weights.PickledValue.Text;
import org.lslu.torch.weights.PickledValue.Truth;
import org.lslu.torch.weights.PickledValue.Whole;

class PyTorchFileTest {
  @TempDir Path directory;

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

  @ParameterizedTest
  @ValueSource(strings = {"kinds.pth", "kinds-protocol5.pth"})
  void read_readsEveryKind(String name) {
    try (PyTorchFile file = PyTorchFile.open(PublishedNetwork.fixture(name))) {
      final Mapping whole = (Mapping) file.value();
      final Mapping tensors = (Mapping) whole.get("tensors").orElseThrow();
      for (final String type :
          "float64 float32 float16 bfloat16 int64 int32 int16 int8".split(" ")) {
        assertThat(values(file, tensors, type)).describedAs(type).containsExactly(-2, 0, 3);
      }
      assertThat(values(file, tensors, "uint8")).containsExactly(0, 128, 255);
      assertThat(values(file, tensors, "bool")).containsExactly(1, 0, 1);
      assertThat(values(file, tensors, "scalar")).containsExactly(2.5);
      assertThat(shape(tensors, "scalar")).isEmpty();
      assertThat(shape(tensors, "empty")).containsExactly(3, 0);
      assertThat(values(file, tensors, "empty")).isEmpty();
      assertThat(shape(tensors, "transposed")).containsExactly(4, 3);
      assertThat(values(file, tensors, "transposed"))
          .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
      assertThat(values(file, tensors, "part")).containsExactly(5, 6, 7, 8);
      assertThat(values(file, tensors, "every third")).containsExactly(1, 4, 7, 10);
      assertThat(values(file, tensors, "parameter")).containsExactly(1.5);

      final List<PickledValue> plain = ((Sequence) whole.get("plain").orElseThrow()).elements();
      assertThat(plain.subList(0, 10))
          .containsExactly(
              whole(BigInteger.ONE),
              whole(BigInteger.TWO.pow(31).negate()),
              whole(BigInteger.valueOf(300)),
              whole(BigInteger.valueOf(70_000)),
              whole(BigInteger.TWO.pow(40)),
              whole(BigInteger.TWO.pow(70).negate()),
              new Real(0.5),
              new Text("é"),
              new Truth(true),
              Nothing.NONE);
      assertThat(((Sequence) plain.get(10)).elements()).isEmpty();
      assertThat(((Sequence) plain.get(11)).elements()).hasSize(2);
      assertThat(((Sequence) whole.get("1").orElseThrow()).elements()).hasSize(2);
    }
  }

  private static Whole whole(BigInteger value) {
    return new Whole(value);
  }

  private static double[] values(PyTorchFile file, Mapping tensors, String name) {
    return Values.of(file.read((StoredTensor) tensors.get(name).orElseThrow()));
  }

  private static long[] shape(Mapping tensors, String name) {
    return ((StoredTensor) tensors.get(name).orElseThrow()).shape();
  }

  @Test
  void read_keepsSettingsOfATraining() {
    try (PyTorchFile file = PyTorchFile.open(PublishedNetwork.fixture("lslu.pth"))) {
      final Namespace arguments = (Namespace) ((Mapping) file.value()).get("args").orElseThrow();
      assertThat(arguments.attributes().get("model")).contains(new Text("vanillanet_5"));
      assertThat(arguments.attributes().get("resume")).contains(Nothing.NONE);
    }
  }

  @Test
  void write_isReadAgain_bitForBit() throws IOException {
    final Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.create(new float[] {1f, -2.5f, 7f, Float.MIN_VALUE, 0, -0f}, 2, 3));
    tensors.put("a é", requireNonNull(tensors.get("b")).t());
    tensors.put("count", Tensor.create(new long[] {258}, new long[0]));
    tensors.put("flags", Tensor.create(true, false, true));
    tensors.put("none", torch.zeros(3, 0));
    final Path path = directory.resolve("written.pth");
    PyTorchFile.write(path, tensors);
    final byte[] first = Files.readAllBytes(path);
    try (PyTorchFile file = PyTorchFile.open(path)) {
      final Mapping read = (Mapping) file.value();
      assertThat(read.entries().keySet()).containsExactlyElementsOf(tensors.keySet());
      tensors.forEach(
          (name, tensor) -> {
            assertThat(shape(read, name)).isEqualTo(Shapes.of(tensor));
            assertThat(values(file, read, name)).isEqualTo(Values.of(tensor));
          });
    }
    PyTorchFile.write(path, tensors);
    assertThat(Files.readAllBytes(path)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "cposix\\nsystem\\n, posix.system",
    "cbuiltins\\neval\\n, builtins.eval",
    "ctorch\\nload\\n, torch.load",
    "ctorch\\ncompile\\n, torch.compile",
    "cnumpy.core.multiarray\\nscalar\\n, numpy.core.multiarray.scalar",
    "ctorch._utils\\n_rebuild_sparse_tensor\\n, torch._utils._rebuild_sparse_tensor"
  })
  void read_refusesEveryOtherName(String instruction, String name) {
    final Path file =
        HandMadeArchive.of(instruction.replace("\\n", "\n"), "(", text("echo"), "tR")
            .write(directory.resolve("code.pth"));
    assertThatThrownBy(() -> PyTorchFile.open(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it names \"" + name + "\"")
        .hasMessageContaining("run as code")
        .hasMessageContaining("torch.save(model.state_dict(), file)");
  }

  @Test
  void read_refusesNamesFromTheStack() {
    final Path file =
        HandMadeArchive.of(text("os"), text("system"), "\u0093").write(directory.resolve("c.pth"));
    assertThatThrownBy(() -> PyTorchFile.open(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("\"os.system\"");
  }

  @Test
  void read_refusesTensorsBeyondTheirStorage() {
    final String bytes = "\0".repeat(24);
    assertRefused(tensor("FloatStorage", 6, 3, numbers(2, 2), numbers(2, 1)), bytes, "element 6");
    assertRefused(tensor("FloatStorage", 6, 0, numbers(7), numbers(1)), bytes, "element 6");
    assertRefused(tensor("FloatStorage", 6, 0, numbers(7), numbers(0)), bytes, "overlap");
    assertRefused(tensor("FloatStorage", 6, -1, numbers(2), numbers(1)), bytes, "offset");
    assertRefused(tensor("FloatStorage", 6, 0, numbers(-2), numbers(1)), bytes, "size");
    assertRefused(tensor("FloatStorage", 6, 5, numbers(2), numbers(-1)), bytes, "stride");
    assertRefused(tensor("FloatStorage", 6, 0, numbers(2), numbers()), bytes, "1 sizes and 0");
    assertRefused(tensor("FloatStorage", 7, 0, numbers(2), numbers(1)), bytes, "24 bytes");
    assertRefused(tensor("DoubleStorage", 6, 0, numbers(2), numbers(1)), bytes, "24 bytes");
    assertRefused(
        tensor("FloatStorage", 6, 0, numbers(0, 1 << 30, 1 << 30, 1 << 30), numbers(1, 1, 1, 1)),
        bytes,
        "more elements than can be counted");
    assertRefused(
        tensor("FloatStorage", 6, 0, numbers(new int[65]), numbers(new int[65])),
        bytes,
        "65 dimensions");
  }

  private void assertRefused(String instructions, String storage, String reason) {
    final Path file =
        HandMadeArchive.of(instructions)
            .with("archive/data/0", storage)
            .write(directory.resolve("hostile.pth"));
    assertThatThrownBy(() -> PyTorchFile.open(file))
        .describedAs(reason)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void read_refusesTruthValuesThatAreNone() {
    final Path path =
        HandMadeArchive.of(tensor("BoolStorage", 2, 0, numbers(2), numbers(1)))
            .with("archive/data/0", "\1\2")
            .write(directory.resolve("bool.pth"));
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThatThrownBy(() -> file.read((StoredTensor) file.value()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("BOOL");
    }
  }

  @Test
  void read_survivesContainersThatContainThemselves() {
    final Path path =
        HandMadeArchive.of("]q\0h\0a", "}q\1", text("self"), "h\1s")
            .write(directory.resolve("s.pth"));
    try (PyTorchFile file = PyTorchFile.open(path)) {
      assertThat(((Mapping) file.value()).get("self")).containsSame(file.value());
      assertThat(file.value()).hasToString("a dictionary of 1");
    }
    final StringBuilder deep = new StringBuilder("(t");
    for (int i = 0; i < 200_000; i++) {
      deep.append('\u0085'); // TUPLE1
    }
    try (PyTorchFile file =
        PyTorchFile.open(HandMadeArchive.of(deep.toString()).write(directory.resolve("d.pth")))) {
      assertThat(file.value()).isInstanceOf(Sequence.class);
    }
  }

  @Test
  void read_boundsWhatAPickleCosts() {
    assertRefused("N0".repeat(2_100_000), "", "more than 1000000 instructions");
    assertRefused("N".repeat(17 << 20), "", "at most 16777216 are read");
    assertRefused("X\u00ff\u00ff\u00ff\u00ffabc", "", "cut off");
    assertRefused("\u008b\u00ff\u00ff\u00ff\u007f", "", "cut off");
    assertRefused("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "", "cut off");
  }

  @Test
  void read_refusesOtherFiles() throws IOException {
    final Path absent = directory.resolve("absent.pth");
    assertMessage(absent, "There is no weight file " + absent + ".");
    assertMessage(PublishedNetwork.fixture("legacy.pth"), "format from before PyTorch 1.6");
    assertMessage(
        Files.write(directory.resolve("text.pth"), new byte[] {'h', 'i'}),
        "does not begin as a zip archive");
    assertMessage(Files.write(directory.resolve("empty.pth"), new byte[0]), "zip archive");
    assertMessage(
        new HandMadeArchive().with("archive/other", "x").write(directory.resolve("o.pth")),
        "has no data.pkl");
    assertMessage(
        HandMadeArchive.of("N").with("b/data.pkl", "x").write(directory.resolve("two.pth")),
        "more than one data.pkl");
    assertMessage(
        HandMadeArchive.of("N").with("archive/constants.pkl", "x").write(directory.resolve("j.pt")),
        "TorchScript");
    assertMessage(
        HandMadeArchive.of("N").with("archive/byteorder", "big").write(directory.resolve("b.pth")),
        "byte order \"big\"");
    assertMessage(
        HandMadeArchive.of(tensor("FloatStorage", 1, 0, numbers(1), numbers(1)))
            .write(directory.resolve("no.pth")),
        "no entry \"archive/data/0\"");
    assertMessage(
        HandMadeArchive.of("N").write(directory.resolve("z.pth"), ZipEntry.DEFLATED), "compressed");
    assertMessage(
        HandMadeArchive.of("\u0080\u0006").write(directory.resolve("p.pth")), "protocol 6");
    assertMessage(
        HandMadeArchive.of("]" + number(1) + "a" + number(2) + "b")
            .write(directory.resolve("a.pth")),
        "gives attributes to a Sequence");
    assertMessage(directory, "cannot be read");
  }

  private static void assertMessage(Path file, String part) {
    assertThatThrownBy(() -> PyTorchFile.open(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kinds.pth", "kinds-protocol5.pth", "legacy.pth"})
  void read_refusesOrReadsDamagedFiles(String name) throws IOException {
    final byte[] whole = Files.readAllBytes(PublishedNetwork.fixture(name));
    final Path file = directory.resolve("damaged.pth");
    final long seed = 20_240_912;
    final Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 3000; i++) {
      final byte[] bytes =
          i % 10 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      final int changes = 1 + random.nextInt(4);
      for (int k = 0; k < changes && bytes.length > 0; k++) {
        // Every other change hits the pickle, which lies in front.
        final int at = random.nextInt(k % 2 == 0 ? Math.min(1200, bytes.length) : bytes.length);
        bytes[at] =
            (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
      }
      Files.write(file, bytes);
      try (PointerScope inner = new PointerScope();
          PyTorchFile opened = PyTorchFile.open(file)) {
        readAll(opened);
        read++;
      } catch (UserException refused) {
        assertThat(refused.getMessage()).contains(file.toString());
      } catch (RuntimeException other) {
        throw new AssertionError("seed %d, file %d".formatted(seed, i), other);
      }
    }
    if (!name.startsWith("legacy")) {
      assertThat(read).isBetween(1, 2999);
    }
  }

  private static void readAll(PyTorchFile file) {
    if (file.value() instanceof Mapping whole
        && whole.get("tensors").orElse(Nothing.NONE) instanceof Mapping tensors) {
      tensors
          .entries()
          .values()
          .forEach(
              value -> {
                if (value instanceof StoredTensor tensor) {
                  file.read(tensor);
                }
              });
    }
  }
}
