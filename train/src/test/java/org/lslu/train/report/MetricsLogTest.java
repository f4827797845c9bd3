package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

final class MetricsLogTest {
  private static final String HEADER =
      "epoch,step,train_loss,train_top1,val_loss,val_top1,val_top5,learning_rate,"
          + "images_per_second,seconds,waiting\n";
  private static final EpochMetrics ONE =
      new EpochMetrics(1, 62, 2.1, 0.25, 1.9, 1.0 / 3, 0.8, 0.0035, 1430.25, 7.5, 0.0125);
  private static final EpochMetrics TWO =
      new EpochMetrics(
          2,
          5_000_000_000L,
          Double.NaN,
          0,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.MIN_VALUE,
          1e-300,
          -0.0,
          Math.PI,
          0);
  private static final EpochMetrics THREE = new EpochMetrics(3, 186, 1, 1, 1, 1, 1, 1, 1, 1, 1);

  @TempDir Path directory;
  private Path file = Path.of("metrics.csv");
  private MetricsLog log = new MetricsLog(file);

  @BeforeEach
  void openLog() {
    file = directory.resolve("metrics.csv");
    log = new MetricsLog(file);
  }

  @Test
  void read_givesBack_whatWasAppended() throws IOException {
    log.append(ONE);
    new MetricsLog(file).append(TWO);
    log.append(THREE);

    assertThat(log.read()).containsExactly(ONE, TWO, THREE);
    assertThat(Files.readString(file))
        .startsWith(
            HEADER
                + "1,62,2.1,0.25,1.9,0.3333333333333333,0.8,0.0035,1430.25,7.5,0.0125\n2,5000000000,NaN,");
  }

  @Test
  void read_passesOver_aPartialLine() throws IOException {
    log.append(ONE);
    log.append(THREE);
    final String whole = Files.readString(file);
    final int lineStart = whole.lastIndexOf('\n', whole.length() - 2) + 1;
    for (int length = lineStart; length < whole.length(); length++) {
      Files.writeString(file, whole.substring(0, length));

      assertThat(log.read()).as("%d bytes of %d", length, whole.length()).containsExactly(ONE);
    }
  }

  @Test
  void append_cutsOff_aPartialLine() throws IOException {
    log.append(ONE);
    final String one = Files.readString(file);
    Files.writeString(file, one + "2,124,1.9");
    log.append(THREE);

    assertThat(log.read()).containsExactly(ONE, THREE);
    assertThat(Files.readString(file)).startsWith(one + "3,186,");
  }

  @Test
  void append_beginsAnew_afterAPartialHeader() throws IOException {
    Files.writeString(file, "epoch,st");
    log.append(ONE);

    assertThat(log.read()).containsExactly(ONE);
  }

  @Test
  void append_findsThePartialLine_whateverItsLength() throws IOException {
    log.append(ONE);
    Files.writeString(file, Files.readString(file) + "9".repeat(20_000));
    log.append(THREE);

    assertThat(log.read()).containsExactly(ONE, THREE);
  }

  @Test
  void truncateAfter_dropsLaterEpochs_andThePartialLine() throws IOException {
    for (final EpochMetrics metrics : List.of(ONE, TWO, THREE)) {
      log.append(metrics);
    }
    Files.writeString(file, Files.readString(file) + "4,2");
    log.truncateAfter(2);

    assertThat(log.read()).containsExactly(ONE, TWO);
    assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("metrics.csv"));
    log.truncateAfter(0);
    assertThat(Files.readString(file)).isEqualTo(HEADER);
    log.append(ONE);
    assertThat(log.read()).containsExactly(ONE);
  }

  @Test
  void truncateAfter_leavesNothing_whereNothingIs() {
    log.truncateAfter(3);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void read_goesByTheHeader_whateverTheOrder() throws IOException {
    Files.writeString(
        file,
        "note,waiting,seconds,images_per_second,learning_rate,val_top5,val_top1,val_loss,train_top1,"
            + "train_loss,step,epoch\nhello,0.0125,7.5,1430.25,0.0035,0.8,0.3333333333333333,1.9,0.25,2.1,"
            + "62,1\n");

    assertThat(log.read()).containsExactly(ONE);
  }

  @Test
  void files_ofEarlierVersions_readWithoutWaiting_andGoOnWithIt() throws IOException {
    Files.writeString(
        file,
        HEADER.replace(",waiting", "") + "1,62,2.1,0.25,1.9,0.3333333333333333,0.8,0.0035,9,7.5\n");

    assertThat(log.read().getFirst().waiting()).isNaN();
    log.truncateAfter(1);
    log.append(ONE);
    assertThat(log.read()).hasSize(2).element(1).isEqualTo(ONE);
    assertThat(log.read().getFirst().seconds()).isEqualTo(7.5);
    assertThat(Files.readString(file)).startsWith(HEADER);
  }

  @Test
  void append_refuses_aFileWithOtherColumns() throws IOException {
    Files.writeString(file, "name,price\nbread,3\n");

    assertThatThrownBy(() -> log.append(ONE))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageContaining("has the columns name,price, expected epoch,step");
    assertThatThrownBy(() -> log.truncateAfter(1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has no column 'epoch'");
    assertThat(Files.readString(file)).isEqualTo("name,price\nbread,3\n");
    assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("metrics.csv"));
  }

  @Test
  void read_names_theBrokenValue() throws IOException {
    log.append(ONE);
    Files.writeString(file, Files.readString(file).replace("0.0035", "fast"));

    assertThatThrownBy(log::read)
        .isInstanceOf(UserException.class)
        .hasMessage("'%s', line 2: learning_rate is 'fast', expected a number", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2,124\n", "2\n"})
  void read_names_theShortLine(String line) throws IOException {
    log.append(ONE);
    Files.writeString(file, Files.readString(file) + line);

    assertThatThrownBy(log::read)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "line 3: found %d values, expected 11", line.strip().split(",", -1).length);
  }

  @Test
  void read_says_thatTheFileIsMissingOrEmpty() throws IOException {
    assertThatThrownBy(log::read)
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("There is no file '%s'", file);
    Files.createFile(file);
    assertThatThrownBy(log::read)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void append_says_thatTheDirectoryIsMissing() {
    final MetricsLog elsewhere = new MetricsLog(directory.resolve("run").resolve("metrics.csv"));

    assertThatThrownBy(() -> elsewhere.append(ONE))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("there is no directory '%s'", directory.resolve("run"));
  }
}
