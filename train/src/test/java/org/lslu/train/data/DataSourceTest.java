package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class DataSourceTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "data_batch_1.bin,cifar10",
    "train.bin+test.bin,cifar100",
    "train.bin+fine_label_names.txt,cifar100",
    "train.bin+val.bin,records",
    "train.bin+val.bin+classes.txt,records",
    "train-images-idx3-ubyte,idx",
    "t10k-images-idx3-ubyte.gz,idx",
    "cat/1.jpg+dog/1.png,folder",
    "train/cat/deep/1.JPEG+val/cat/2.jpg,folder",
  })
  void directory_isRecognisedByWhatItHolds(String files, String prefix) {
    for (String file : files.split("\\+", -1)) {
      Fixtures.write(directory.resolve(file), "");
    }
    DataSource source = DataSource.parse(directory.toString());
    assertThat(source.text()).isEqualTo(prefix + ":" + directory);
    assertThat(DataSource.parse(source.text())).isEqualTo(source);
  }

  @ParameterizedTest
  @CsvSource({"cifar-10-batches-bin,cifar10", "cifar-100-binary,cifar100"})
  void directory_isRecognisedByItsUsualFolder(String folder, String prefix) throws IOException {
    Files.createDirectory(directory.resolve(folder));
    assertThat(DataSource.parse(directory.toString()).text())
        .isEqualTo(prefix + ":" + directory.resolve(folder));
  }

  @Test
  void text_isAbsolute_andTidy() {
    Path here = Path.of("").toAbsolutePath();
    assertThat(DataSource.parse("folder:.").text()).isEqualTo("folder:" + here);
    assertThat(DataSource.parse(" folder:../" + here.getFileName() + "/ ").text())
        .isEqualTo("folder:" + here);
    assertThat(DataSource.parse("sample").text()).isEqualTo("sample");
  }

  @Test
  void directoryWithAColon_isADirectory() {
    Path odd = directory.resolve("cifar11:x");
    Fixtures.write(odd.resolve("data_batch_1.bin"), "");
    assertThat(DataSource.parse(odd.toString()).text()).isEqualTo("cifar10:" + odd);
  }

  @Test
  void unknownPrefix_listsWhatIsAllowed() {
    assertThatThrownBy(() -> DataSource.parse("cifar11:" + directory))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessage(
            "Unknown data source \"cifar11\" in --data cifar11:%s; expected sample, cifar10:DIR,"
                + " cifar100:DIR, records:DIR, idx:DIR, folder:DIR or a directory.",
            directory);
  }

  @Test
  void missingDirectory_isNamed() {
    Path missing = directory.resolve("none");
    assertThatThrownBy(() -> DataSource.parse("idx:" + missing))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessage(
            "The directory of --data idx:%s does not exist or is no directory: %s.",
            missing, missing);
    assertThatThrownBy(() -> DataSource.parse("cifar10"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--data cifar10 is neither a known data source nor a directory");
    assertThatThrownBy(() -> DataSource.parse("idx:"))
        .isInstanceOf(UserException.class)
        .hasMessage("--data idx: names no directory; expected idx:DIR.");
    assertThatThrownBy(() -> DataSource.parse("  "))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--data is empty; expected sample");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad\0path", "folder:bad\0path", "x:bad\0path"})
  void impossiblePath_isAUserMistake(String text) {
    assertThatThrownBy(() -> DataSource.parse(text)).isInstanceOf(UserException.class);
  }

  @Test
  void directoryOfNothingKnown_saysWhatIsExpected() throws IOException {
    assertThatThrownBy(() -> DataSource.parse(directory.toString()))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageStartingWith("%s holds no data that is known here; expected", directory)
        .hasMessageContaining("data_batch_1.bin (CIFAR-10)")
        .hasMessageEndingWith("one for each class.");
    Files.createDirectory(directory.resolve("cifar-10-batches-py"));
    assertThatThrownBy(() -> DataSource.parse(directory.toString()))
        .hasMessageEndingWith("It has CIFAR's Python version: the binary version is needed.");
    Files.delete(directory.resolve("cifar-10-batches-py"));
    Fixtures.write(directory.resolve("cifar-100-binary.tar.gz"), "");
    assertThatThrownBy(() -> DataSource.parse(directory.toString()))
        .hasMessageEndingWith("unpack it first (tar -xzf cifar-100-binary.tar.gz).");
  }

  @Test
  void directoryOfSeveralSets_asksWhich() {
    Fixtures.write(directory.resolve("data_batch_1.bin"), "");
    Fixtures.write(directory.resolve("train-images-idx3-ubyte"), "");
    assertThatThrownBy(() -> DataSource.parse(directory.toString()))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessage(
            "%s holds more than one data set; say which: cifar10:%s or idx:%s.",
            directory, directory, directory);
  }

  @Test
  void loadSettings_outOfRange_areUserMistakes() {
    assertThatThrownBy(() -> LoadSettings.DEFAULT.withImageSize(0))
        .isInstanceOf(UserException.class)
        .hasMessage("The image size must be at least 1; found 0.");
    for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new LoadSettings(32, share, 0))
          .isInstanceOf(UserException.class)
          .hasMessage("The held-out share must be above 0 and below 1; found " + share + ".");
    }
  }

  @Test
  void aFileInPlaceOfADirectory_isRejected() {
    Path file = Fixtures.write(directory.resolve("x.bin"), Fixtures.bytes(new Random(1), 3));
    assertThatThrownBy(() -> DataSource.parse("records:" + file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("does not exist or is no directory");
  }
}
