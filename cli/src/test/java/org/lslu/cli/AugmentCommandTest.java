package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AugmentCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine lslu =
      Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void sheet_ofTheWholeRecipe_isWrittenAndNamed() throws Exception {
    final Path file = directory.resolve("sheets/sheet.png");

    assertThat(
            augment(
                "--images",
                "3",
                "--versions",
                "2",
                "--randaugment",
                "rand-m7-mstd0.5-inc1",
                "--color-jitter",
                "0.4",
                "--erase",
                "0.25",
                "--erase-mode",
                "rand",
                "--mixup",
                "0.1",
                "--cutmix",
                "1",
                "--resized-crop",
                "--image-size",
                "40",
                "--out",
                file.toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().strip()).isEqualTo(file.toString());
    final BufferedImage sheet = ImageIO.read(file.toFile());
    // 40 pixels enlarged three times; the image, two versions, a column of mixup, one of cutmix.
    assertThat(sheet.getWidth()).isEqualTo(4 + 5 * 124 + 2 * 20);
    assertThat(sheet.getHeight()).isEqualTo(4 + 3 * 124);
  }

  @Test
  void withoutOptions_theUsualFileIsWrittenInADirectory() {
    assertThat(augment("--images", "1", "--versions", "1", "--out", directory.toString())).isZero();
    assertThat(directory.resolve("augmentation.png")).isRegularFile();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--randaugment | random-m3 | begins with \"random\"; only rand is known",
        "--erase-mode | noise | expected const, rand or pixel",
        "--images | 0 | --images is 0: expected from 1 to 1000",
        "--mix-prob | 2 | must be from 0 to 1; found 2.",
        "--padding | 30 | too wide"
      })
  void aMistake_isOneSentence(String option, String value, String message) {
    assertThat(augment(option.strip(), value.strip(), "--out", directory.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(message.strip()).hasLineCount(1);
    assertThat(directory).isEmptyDirectory();
  }

  private int augment(String... arguments) {
    final String[] all = new String[arguments.length + 1];
    all[0] = "augment";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return lslu.execute(all);
  }
}
