package org.lslu.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

class SafetensorsTest {
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

  private Path file(String header, int... data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    for (int value : data) {
      bytes.put((byte) value);
    }
    return Files.write(directory.resolve("made.safetensors"), bytes.array());
  }

  @Test
  void read_readsHandMadeFile() throws IOException {
    Path file =
        file(
            """
            { "__metadata__": {"by": "hand \\u00e9\\n"},
              "b": {"shape": [], "dtype": "I32", "data_offsets": [8, 12]},
              "a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
              "none": {"dtype": "U8", "shape": [3, 0], "data_offsets": [12, 12]} }   """,
            0x00,
            0x00,
            0x80,
            0x3f,
            0x00,
            0x00,
            0x20,
            0xc0,
            0xfe,
            0xff,
            0xff,
            0xff);
    Safetensors.Contents contents = Safetensors.read(file);
    assertThat(contents.metadata()).containsExactly(Map.entry("by", "hand é\n"));
    assertThat(contents.tensors().keySet()).containsExactly("b", "a", "none");
    Tensor a = tensor(contents, "a");
    assertThat(Shapes.of(a)).containsExactly(1, 2);
    assertThat(new float[] {a.data_ptr_float().get(0), a.data_ptr_float().get(1)})
        .containsExactly(1f, -2.5f);
    assertThat(tensor(contents, "b").item_int()).isEqualTo(-2);
    assertThat(Shapes.of(tensor(contents, "b"))).isEmpty();
    assertThat(Shapes.of(tensor(contents, "none"))).containsExactly(3, 0);
  }

  private static Tensor tensor(Safetensors.Contents contents, String name) {
    Tensor found = contents.tensors().get(name);
    if (found == null) {
      throw new AssertionError("no tensor " + name);
    }
    return found;
  }

  @Test
  void write_writesTheseBytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.create(new float[] {1f, -2.5f}, 2));
    tensors.put("flags", Tensor.create(true, false, true));
    tensors.put("count", Tensor.create(new long[] {258}, new long[0]));
    tensors.put("a\"b", Tensor.create(new float[] {0.5f}, 1, 1));
    Path file = directory.resolve("written.safetensors");

    Safetensors.write(file, tensors, Map.of("b", "2", "a", "tab\t"));

    String header =
        "{\"__metadata__\":{\"a\":\"tab\\t\",\"b\":\"2\"},"
            + "\"count\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"a\\\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]},"
            + "\"z\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]},"
            + "\"flags\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[20,23]}}";
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int padded = (header.length() + 7) / 8 * 8;
    expected.write(new byte[] {(byte) padded, (byte) (padded >> 8), 0, 0, 0, 0, 0, 0});
    expected.write(
        (header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.write(new byte[] {2, 1, 0, 0, 0, 0, 0, 0});
    expected.write(new byte[] {0, 0, 0, 0x3f});
    expected.write(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0x20, (byte) 0xc0});
    expected.write(new byte[] {1, 0, 1});
    assertThat(Files.readAllBytes(file)).containsExactly(expected.toByteArray());
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void write_thenRead_keepsEveryType(ElementType type) {
    Random random = new Random(41);
    float[] values = new float[2 * 3 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = type == ElementType.BOOL ? random.nextInt(2) : random.nextInt(200);
    }
    Tensor tensor = Tensor.create(values, 2, 3, 5).to(type.scalarType());
    Path file = directory.resolve("round.safetensors");

    Safetensors.write(file, Map.of("tensor", tensor), Map.of());
    Tensor read = tensor(Safetensors.read(file), "tensor");

    assertThat(read.scalar_type().intern()).isEqualTo(type.scalarType());
    assertThat(read.equal(tensor)).as("seed 41").isTrue();
  }

  @Test
  void write_writesRowByRow_whateverTheLayout() {
    Tensor x = torch.rand(2, 3, 5, 7).contiguous(MemoryFormat.ChannelsLast);
    Tensor part = torch.rand(6, 9).t().slice(0, new LongOptional(2), new LongOptional(8), 2);
    Tensor leaf = torch.rand(3).set_requires_grad(true);
    Path file = directory.resolve("layouts.safetensors");
    Safetensors.write(file, Map.of("x", x, "part", part, "leaf", leaf), Map.of());
    Safetensors.Contents contents = Safetensors.read(file);
    assertThat(tensor(contents, "x").equal(x)).isTrue();
    assertThat(tensor(contents, "x").is_contiguous()).isTrue();
    assertThat(tensor(contents, "part").equal(part)).isTrue();
    assertThat(tensor(contents, "leaf").equal(leaf)).isTrue();
    assertThat(tensor(contents, "leaf").requires_grad()).isFalse();
  }

  @Test
  void write_givesTheSameBytes_forAnyOrder() throws IOException {
    Tensor a = torch.ones(3);
    Tensor b = torch.zeros(2).to(ScalarType.Byte);
    Map<String, Tensor> forth = new LinkedHashMap<>();
    forth.put("a", a);
    forth.put("b", b);
    Map<String, Tensor> back = new LinkedHashMap<>();
    back.put("b", b);
    back.put("a", a);
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    Safetensors.write(first, forth, Map.of("x", "1", "y", "2"));
    Safetensors.write(second, back, Map.of("y", "2", "x", "1"));
    assertThat(Files.readAllBytes(first)).containsExactly(Files.readAllBytes(second));
  }

  @Test
  void write_replacesWholeFile_andKeepsOldOneWhereItFails() throws IOException {
    Path file = directory.resolve("kept.safetensors");
    Safetensors.write(file, Map.of("a", torch.ones(1000)), Map.of());
    Safetensors.write(file, Map.of("b", torch.ones(1)), Map.of());
    assertThat(Safetensors.read(file).tensors().keySet()).containsExactly("b");
    byte[] before = Files.readAllBytes(file);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Safetensors.write(
                    file, Map.of("c", torch.ones(2).to(ScalarType.ComplexFloat)), Map.of()))
        .withMessageContaining("The tensor \"c\" has elements of type ComplexFloat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.write(file, Map.of("__metadata__", torch.ones(2)), Map.of()));
    assertThat(Files.readAllBytes(file)).containsExactly(before);
  }

  @Test
  void write_tellsWhereItCannotWrite() throws IOException {
    Path absent = directory.resolve("absent/weights.safetensors");
    assertThatThrownBy(() -> Safetensors.write(absent, Map.of(), Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(absent + " cannot be written: there is no directory");
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(
            () -> Safetensors.write(file.resolve("weights.safetensors"), Map.of(), Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void write_tellsOfMissingPermission() throws IOException {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    assumeFalse(
        System.getProperty("os.name").startsWith("Windows"), "permissions here are those of POSIX");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(closed), "this user may write anywhere");
    Path file = closed.resolve("weights.safetensors");
    assertThatThrownBy(() -> Safetensors.write(file, Map.of(), Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("permission")
        .hasMessageContaining(closed.toString());
  }

  @Test
  void read_tellsOfMissingFile() {
    Path file = directory.resolve("absent.safetensors");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(UserException.class)
        .hasMessage("There is no weight file " + file + ".");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | it is cut off: its tensors need 12 bytes, but there are 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | its tensors need 4 bytes, but there are 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | has 8 bytes, but its shape 3 of F32 needs 12",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | lies from byte 8 to byte 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | \"b\" starts at byte 0, but the one before it ends at byte 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | \"a\" starts at byte 4, but the one before it ends at byte 0",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}} | the dtype \"F31\", and only F64, I64, F32",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | more elements than can be counted",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,4611686018427387904],\"data_offsets\":[0,0]}} | more elements than can be counted",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2305843009213693954],\"data_offsets\":[0,8]}} | more elements than can be counted",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | a whole number of at least 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}} | a whole number of at least 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} | lacks its dtype, its shape or its two data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}} | lacks its dtype, its shape or its two data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}} | has its shape twice",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | an unknown field \"x\"",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | the name \"a\" occurs twice",
        "{\"__metadata__\":{\"a\":1}} | \"1}}\" at character 21 where \"\"\" belongs",
        "{\"__metadata__\":{},\"__metadata__\":{}} | the name \"__metadata__\" occurs twice",
        "{\"a\":[[[[[[[[ | where \"{\" belongs",
        "{} {} | where the end of the header belongs",
        "{\"a | where the end of a string belongs",
        "{\"a\\x\" | where an escaped character belongs",
        "{\"\\u00g0\" | where four hexadecimal digits belongs",
        "[] | where \"{\" belongs",
      })
  void read_tellsWhatIsWrong(String header, String expected) throws IOException {
    Path file = file(header, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("The file " + file + " is no readable safetensors file: ")
        .hasMessageContaining(expected);
  }

  @Test
  void read_tellsOfUnreadableHeader() throws IOException {
    Path file = directory.resolve("broken.safetensors");
    byte[] huge = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40).array();
    byte[] negative = ByteBuffer.allocate(16).putLong(0, -1).array();
    byte[] cut = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(100).array();
    byte[] noText = new byte[10];
    noText[0] = 2;
    noText[8] = (byte) 0xff;
    List<Map.Entry<byte[], String>> broken =
        List.of(
            Map.entry(new byte[0], "it has only 0 bytes"),
            Map.entry(new byte[7], "it has only 7 bytes"),
            Map.entry(huge, "a header length of 1099511627776"),
            Map.entry(negative, "a header length of 18446744073709551615"),
            Map.entry(cut, "its header needs 100 bytes, but there are 4"),
            Map.entry(noText, "not UTF-8"),
            Map.entry(
                "\u0089PNG and so on".getBytes(StandardCharsets.ISO_8859_1), "header length"));
    for (Map.Entry<byte[], String> entry : broken) {
      Files.write(file, entry.getKey());
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(UserException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(entry.getValue());
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(UserException.class);
  }

  @Test
  void read_refusesTruthValuesThatAreNone() throws IOException {
    Path file =
        file("{\"t\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]}}", 0, 1, 255);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the tensor \"t\" of BOOL has the value 255");
  }

  @Test
  void read_survivesRandomDamage() throws IOException {
    Path file = directory.resolve("damaged.safetensors");
    Safetensors.write(
        file,
        Map.of("a", torch.ones(3, 4), "b", torch.ones(5).to(ScalarType.Bool)),
        Map.of("k", "v"));
    byte[] whole = Files.readAllBytes(file);
    long seed = 77;
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] damaged = Arrays.copyOf(whole, whole.length - (i % 2) * random.nextInt(whole.length));
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try (PointerScope inner = new PointerScope()) {
        Safetensors.read(file);
      } catch (UserException e) {
        refused++;
        assertThat(e).as("seed %d, damage %d", seed, i).hasMessageContaining(file.toString());
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(300);
  }
}
