package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.UserException;

class CifarTest {
  private static final long SEED = 71;

  @TempDir Path directory;

  @Test
  void cifar10_isReadInOrder_fromAllFiles() {
    byte[][] files = writeCifar10(directory);
    DataSet set = DataSource.parse("cifar10:" + directory).load();
    assertThat(set.name()).isEqualTo("CIFAR-10");
    assertThat(set.shape()).isEqualTo(new ImageShape(3, 32, 32));
    assertThat(set.classNames()).startsWith("airplane", "automobile").hasSize(10);
    assertThat(set.train().size()).isEqualTo(1 + 2 + 3 + 4 + 5);
    int image = 0;
    for (int file = 1; file <= 5; file++) {
      for (int record = 0; record < file; record++, image++) {
        int at = record * 3073;
        assertThat(set.train().label(image)).isEqualTo(files[file][at]);
        assertThat(set.train().image(image))
            .as("seed %d", SEED)
            .isEqualTo(Arrays.copyOfRange(files[file], at + 1, at + 3073));
      }
    }
    assertThat(set.validation().size()).isEqualTo(3);
    assertThat(set.validation().image(2)).isEqualTo(Arrays.copyOfRange(files[0], 6147, 9219));
  }

  @Test
  void cifar10_takesNamesFromItsFile_andTheUsualFolder() {
    Path inside = directory.resolve("cifar-10-batches-bin");
    writeCifar10(inside);
    Fixtures.write(inside.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    DataSource source = DataSource.parse("cifar10:" + directory);
    assertThat(source.text()).isEqualTo("cifar10:" + inside.toAbsolutePath());
    assertThat(source.load().classNames())
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    assertThat(DataSource.parse(source.text())).isEqualTo(source);
  }

  @Test
  void cifar10_withAFileMissing_namesIt() throws IOException {
    writeCifar10(directory);
    Files.delete(directory.resolve("data_batch_4.bin"));
    assertThatThrownBy(DataSource.parse("cifar10:" + directory)::load)
        .isInstanceOf(UserException.class)
        .hasMessage("The data file %s is missing.", directory.resolve("data_batch_4.bin"));
  }

  @Test
  void cifar10_truncated_saysWhere() throws IOException {
    writeCifar10(directory);
    Path file = directory.resolve("data_batch_3.bin");
    for (int cut : new int[] {1, 3000, 3072}) {
      Fixtures.write(file, Arrays.copyOf(Files.readAllBytes(file), 2 * 3073 + 3073 - cut));
      assertThatThrownBy(DataSource.parse("cifar10:" + directory)::load)
          .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
          .hasMessage(
              "%s is truncated or of another format: after 2 whole records of 3073 bytes come %s"
                  + " bytes more; get the file again.",
              file, 3073 - cut);
    }
    Fixtures.write(file, new byte[0]);
    assertThatThrownBy(DataSource.parse("cifar10:" + directory)::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s is empty; expected records of 3073 bytes.", file);
  }

  @Test
  void cifar10_mislabelled_namesFileAndRecord() throws IOException {
    writeCifar10(directory);
    Path file = directory.resolve("test_batch.bin");
    byte[] bytes = Files.readAllBytes(file);
    for (int label : new int[] {10, 255}) {
      bytes[3073] = (byte) label;
      Fixtures.write(file, bytes);
      assertThatThrownBy(DataSource.parse("cifar10:" + directory)::load)
          .isInstanceOf(UserException.class)
          .hasMessage(
              "%s has label %s in record 1 (counted from 0); there are 10 classes, so labels go"
                  + " from 0 to 9.",
              file, label);
    }
  }

  @Test
  void cifar10_withTooFewNames_isRejected() {
    writeCifar10(directory);
    Fixtures.write(directory.resolve("batches.meta.txt"), "cat\ndog\n");
    assertThatThrownBy(DataSource.parse("cifar10:" + directory)::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s has 2 class names; expected 10.", directory.resolve("batches.meta.txt"));
  }

  @Test
  void cifar100_takesTheFineLabel() {
    Random random = new Random(SEED);
    byte[] train = Fixtures.records(random, new int[] {19, 99}, new int[] {3, 0});
    Fixtures.write(directory.resolve("train.bin"), train);
    Fixtures.write(directory.resolve("test.bin"), Fixtures.records(random, new int[] {0, 42}));
    DataSet set = DataSource.parse("cifar100:" + directory).load();
    assertThat(set.classes()).isEqualTo(100);
    assertThat(set.classNames()).startsWith("0", "1").endsWith("99");
    assertThat(set.train().label(0)).isEqualTo(99);
    assertThat(set.train().label(1)).isZero();
    assertThat(set.train().image(1)).isEqualTo(Arrays.copyOfRange(train, 3076, 6148));
    assertThat(set.validation().label(0)).isEqualTo(42);

    String names = IntStream.range(0, 100).mapToObj(i -> "n" + i).collect(Collectors.joining("\n"));
    Fixtures.write(directory.resolve("fine_label_names.txt"), names);
    assertThat(DataSource.parse(directory.toString()).load().classNames())
        .startsWith("n0")
        .endsWith("n99");
  }

  @Test
  void cifar100_mislabelled_namesEitherLabel() {
    Random random = new Random(SEED);
    Path train = directory.resolve("train.bin");
    Fixtures.write(directory.resolve("test.bin"), Fixtures.records(random, new int[] {0, 42}));
    Fixtures.write(train, Fixtures.records(random, new int[] {20, 99}));
    assertThatThrownBy(DataSource.parse("cifar100:" + directory)::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("label 20 in record 0")
        .hasMessageContaining("there are 20 classes");
    Fixtures.write(train, Fixtures.records(random, new int[] {0, 0}, new int[] {19, 100}));
    assertThatThrownBy(DataSource.parse("cifar100:" + directory)::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("label 100 in record 1")
        .hasMessageContaining("there are 100 classes");
  }

  @Test
  void cifar100_truncated_countsBothLabelBytes() {
    Random random = new Random(SEED);
    byte[] bytes = Fixtures.records(random, new int[] {0, 42}, new int[] {0, 42});
    Fixtures.write(directory.resolve("train.bin"), Arrays.copyOf(bytes, bytes.length - 2));
    Fixtures.write(directory.resolve("test.bin"), bytes);
    assertThatThrownBy(DataSource.parse("cifar100:" + directory)::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("after 1 whole records of 3074 bytes come 3072 bytes more");
  }

  /** Files k = 1 to 5 of k records each, and file 0, the test batch, of three. */
  static byte[][] writeCifar10(Path directory) {
    Random random = new Random(SEED);
    byte[][] files = new byte[6][];
    for (int k = 0; k <= 5; k++) {
      int[][] labels = new int[k == 0 ? 3 : k][1];
      for (int[] label : labels) {
        label[0] = random.nextInt(10);
      }
      files[k] = Fixtures.records(random, labels);
      String name = k == 0 ? "test_batch.bin" : "data_batch_" + k + ".bin";
      Fixtures.write(directory.resolve(name), files[k]);
    }
    return files;
  }
}
