package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class IdxDirectoryTest {
  private static final byte[] PIXELS = Fixtures.bytes(new Random(91), 4 * 5 * 3);
  private static final byte[] HELD_OUT_PIXELS = Fixtures.bytes(new Random(92), 2 * 5 * 3);
  private static final byte[] LABELS = {2, 0, 1, 2};
  private static final byte[] HELD_OUT_LABELS = {1, 0};

  @TempDir Path directory;

  @BeforeEach
  void write() {
    write("train-images-idx3-ubyte", Fixtures.idx(PIXELS, 4, 5, 3));
    write("train-labels-idx1-ubyte", Fixtures.idx(LABELS, 4));
    write("t10k-images-idx3-ubyte", Fixtures.idx(HELD_OUT_PIXELS, 2, 5, 3));
    write("t10k-labels-idx1-ubyte", Fixtures.idx(HELD_OUT_LABELS, 2));
  }

  private void write(String name, byte[] bytes) {
    Fixtures.write(directory.resolve(name), bytes);
  }

  private DataSet load() {
    return DataSource.parse("idx:" + directory).load();
  }

  private static void requireContent(DataSet set) {
    assertThat(set.shape()).isEqualTo(new ImageShape(1, 5, 3));
    assertThat(set.classNames()).containsExactly("0", "1", "2");
    assertThat(set.train().size()).isEqualTo(4);
    for (int i = 0; i < 4; i++) {
      assertThat(set.train().image(i)).isEqualTo(Arrays.copyOfRange(PIXELS, 15 * i, 15 * i + 15));
      assertThat(set.train().label(i)).isEqualTo(LABELS[i]);
    }
    assertThat(set.validation().image(1)).isEqualTo(Arrays.copyOfRange(HELD_OUT_PIXELS, 15, 30));
    assertThat(set.validation().label(0)).isEqualTo(1);
  }

  @Test
  void idx_isReadPlain() {
    requireContent(load());
    assertThat(load().withChannels(3).shape()).isEqualTo(new ImageShape(3, 5, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "-images-idx3-ubyte.gz,-labels-idx1-ubyte.gz,train,t10k",
    "-images.idx3-ubyte,-labels.idx1-ubyte,train,t10k",
    "-images-idx3-ubyte,-labels-idx1-ubyte.gz,emnist-balanced-train,emnist-balanced-test",
    "-images-idx3-ubyte,-labels-idx1-ubyte,train,val",
  })
  void idx_isReadUnderItsOtherNames_gzippedOrNot(
      String images, String labels, String train, String heldOut) throws IOException {
    for (Path file : Directories.entries(directory)) {
      Files.delete(file);
    }
    write(train + images, maybeGzip(images, Fixtures.idx(PIXELS, 4, 5, 3)));
    write(train + labels, maybeGzip(labels, Fixtures.idx(LABELS, 4)));
    write(heldOut + images, maybeGzip(images, Fixtures.idx(HELD_OUT_PIXELS, 2, 5, 3)));
    write(heldOut + labels, maybeGzip(labels, Fixtures.idx(HELD_OUT_LABELS, 2)));
    requireContent(load());
    assertThat(DataSource.parse(directory.toString()).text()).isEqualTo("idx:" + directory);
  }

  private static byte[] maybeGzip(String name, byte[] bytes) {
    return name.endsWith(".gz") ? Fixtures.gzip(bytes) : bytes;
  }

  @Test
  void plainFile_isReadBeforeItsGzippedSelf_andGzipIsKnownByContent() {
    write("train-images-idx3-ubyte.gz", new byte[] {1, 2, 3});
    write("train-labels-idx1-ubyte", Fixtures.gzip(Fixtures.idx(LABELS, 4)));
    requireContent(load());
  }

  @Test
  void classNames_comeFromTheirFile() {
    Fixtures.write(directory.resolve("classes.txt"), "x\ny\nz\nw\n");
    assertThat(load().classNames()).containsExactly("x", "y", "z", "w");
    Fixtures.write(directory.resolve("classes.txt"), "x\ny\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has label 2 at image 0 (counted from 0); there are 2 classes, so labels go from 0"
                + " to 1.",
            directory.resolve("train-labels-idx1-ubyte"));
  }

  @Test
  void heldOutLabel_beyondTheTrainingLabels_isNamed() {
    write("t10k-labels-idx1-ubyte", Fixtures.idx(new byte[] {0, (byte) 200}, 2));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has label 200 at image 1")
        .hasMessageContaining("there are 3 classes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte"
      })
  void missingFile_isNamed(String name) throws IOException {
    Files.delete(directory.resolve(name));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("The data file %s (or .gz) is missing.", directory.resolve(name));
  }

  @Test
  void images_truncated_sayHowManyThereAre() {
    byte[] whole = Fixtures.idx(PIXELS, 4, 5, 3);
    String message =
        "%s is truncated: it announces 4 images of 5×3 but ends after %s images and %s bytes; get"
            + " it again.";
    Path file = directory.resolve("train-images-idx3-ubyte");
    Fixtures.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(message, file, 3, 14);
    Fixtures.write(file, Arrays.copyOf(whole, 16 + 15));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(message, file, 1, 0);
  }

  @Test
  void images_ofATruncatedGzip_sayHowManyThereAre() {
    byte[] zipped = Fixtures.gzip(Fixtures.idx(PIXELS, 4, 5, 3));
    for (int cut : new int[] {20, 40}) {
      write("train-images-idx3-ubyte", Arrays.copyOf(zipped, zipped.length - cut));
      assertThatThrownBy(this::load)
          .isInstanceOf(UserException.class)
          .hasMessageContaining("is truncated: it announces 4 images of 5×3 but ends after");
    }
    write("train-images-idx3-ubyte", Arrays.copyOf(zipped, 5));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train-images-idx3-ubyte cannot be read");
  }

  @Test
  void images_ofADamagedGzip_areNoIntactFile() {
    byte[] zipped = Fixtures.gzip(Fixtures.idx(PIXELS, 4, 5, 3));
    zipped[zipped.length - 8] ^= 1; // the checksum
    write("train-images-idx3-ubyte", zipped);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train-images-idx3-ubyte is no intact gzip file");
  }

  @Test
  void images_thatGoOn_areRejected() {
    write("train-images-idx3-ubyte", Fixtures.idx(PIXELS, 3, 5, 3));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("announces 3 images of 5×3 but goes on after them");
  }

  @Test
  void header_thatAnnouncesBillions_takesNoMemory() {
    write("train-images-idx3-ubyte", Fixtures.idx(PIXELS, Integer.MAX_VALUE, 5, 3));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("announces 2147483647 images of 5×3 but ends after 4 images");
    write("train-images-idx3-ubyte", Fixtures.idx(PIXELS, -1, 5, 3));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("announces a dimension of 4294967295");
    for (int[] side : new int[][] {{0, 3}, {5, 0}, {65536, 65536}}) {
      write("train-images-idx3-ubyte", Fixtures.idx(PIXELS, 4, side[0], side[1]));
      assertThatThrownBy(this::load)
          .isInstanceOf(UserException.class)
          .hasMessageContaining("announces images of %s×%s, which no image has", side[0], side[1]);
    }
  }

  @Test
  void noImages_areRejected() {
    write("train-images-idx3-ubyte", Fixtures.idx(new byte[0], 0, 5, 3));
    write("train-labels-idx1-ubyte", Fixtures.idx(new byte[0], 0));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train-images-idx3-ubyte holds no images.");
  }

  @Test
  void otherFiles_areNotTakenForIdx() {
    write("train-images-idx3-ubyte", new byte[0]);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is empty or ends within its header");
    write("train-images-idx3-ubyte", new byte[] {0, 0, 8, 3, 0, 0});
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("ends within its header; expected 3 dimensions");
    write("train-images-idx3-ubyte", new byte[] {'P', 'K', 3, 4, 0, 0});
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it begins with 50 4b 03; expected 00 00 08");
    write("train-images-idx3-ubyte", Fixtures.idx(LABELS, 4));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has 1 dimensions; expected images, which have 3");
  }

  @Test
  void labels_ofAnotherNumber_areRejected() {
    write("train-labels-idx1-ubyte", Fixtures.idx(LABELS, 5));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train-labels-idx1-ubyte announces 5 labels but holds 4");
    write("train-labels-idx1-ubyte", Fixtures.idx(new byte[] {0, 1, 2}, 3));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has 3 labels but %s has 4 images; expected one label for each image.",
            directory.resolve("train-labels-idx1-ubyte"),
            directory.resolve("train-images-idx3-ubyte"));
  }

  @Test
  void partsOfTwoShapes_areRejected() {
    write("t10k-images-idx3-ubyte", Fixtures.idx(HELD_OUT_PIXELS, 2, 3, 5));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("are 1×5×3 but the held-out images 1×3×5");
  }

  @Test
  void twoSetsInOneDirectory_areRejected() {
    write("emnist-train-images-idx3-ubyte", Fixtures.idx(PIXELS, 4, 5, 3));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "holds more than one data set: emnist-train-images-idx3-ubyte and"
                + " train-images-idx3-ubyte");
  }
}
