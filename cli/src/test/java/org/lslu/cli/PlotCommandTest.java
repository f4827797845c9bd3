package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PlotCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine lslu =
      Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void svg_isWrittenAndNamed() throws Exception {
    final Path file = directory.resolve("gelu.svg");

    assertThat(plot("gelu", "-o", file.toString())).isZero();
    assertThat(out.toString().strip()).isEqualTo(file.toString());
    assertThat(Files.readString(file)).startsWith("<svg").contains("gelu", "<polyline");
  }

  @Test
  void png_isWritten() throws Exception {
    final Path file = directory.resolve("curve.png");

    assertThat(plot("x * sigmoid(beta * x)", "--param", "beta=1", "-o", file.toString())).isZero();
    final BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isGreaterThan(image.getHeight());
  }

  @Test
  void setValues_changeTheCurve() throws Exception {
    final Path before = directory.resolve("before.svg");
    final Path after = directory.resolve("after.svg");

    assertThat(plot("lslu", "-o", before.toString())).isZero();
    assertThat(
            plot(
                "lslu",
                "--set",
                "theta=1,-0.5,2",
                "--set",
                "omega=0,1,-0.5",
                "-o",
                after.toString()))
        .isZero();
    assertThat(Files.readString(after)).contains("theta = 1, -0.5, 2, omega = 0, 1, -0.5");
    assertThat(curve(after)).isNotEqualTo(curve(before));
  }

  @Test
  void severalParameters_areSetInOne() throws Exception {
    final Path apart = directory.resolve("apart.svg");
    final Path together = directory.resolve("together.svg");
    final String formula = "alpha * x + tanh(beta * x)";

    assertThat(
            plot(
                formula,
                "--param",
                "alpha=0",
                "--param",
                "beta=0",
                "--set",
                "alpha=2",
                "--set",
                "beta=3",
                "-o",
                apart.toString()))
        .isZero();
    assertThat(
            plot(
                formula,
                "--param",
                "alpha=0",
                "--param",
                "beta=0",
                "--set",
                "alpha=2,beta=3",
                "-o",
                together.toString()))
        .isZero();
    assertThat(together).hasSameTextualContentAs(apart);
  }

  @Test
  void range_isTaken() throws Exception {
    final Path file = directory.resolve("tanh.svg");

    assertThat(plot("tanh", "--range", "-40..40", "-o", file.toString())).isZero();
    assertThat(Files.readString(file)).contains(">40<");
  }

  @ParameterizedTest
  @CsvSource({
    "relu, relu.svg",
    "lslu(n=3), lslu-n-3.svg",
    "x * sigmoid(beta * x), x-sigmoid-beta-x.svg",
    "-x, x.svg",
    "../../x, x.svg"
  })
  void fileName_isPlain(String id, String name) {
    assertThat(PlotCommand.fileName(id)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "theta=1,2     | parameter 'theta' of 'lslu(n=3)' has 3 values, but --set gives 2",
        "tau=1         | has no parameter 'tau'; it has theta, omega",
        "theta=1,a,2   | 'a' as a value of parameter 'theta' is no number",
        "theta=        | '' as a value of parameter 'theta' is no number",
        "1,2,3         | --set '1,2,3' sets nothing",
        "theta=1,1,1,theta=1,1,1 | --set gives 'theta' twice"
      })
  void badSet_isAWrongArgument(String set, String message) {
    final Path file = directory.resolve("none.svg");

    assertThat(plot("lslu", "--set", set, "-o", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(message);
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"5", "5..-5", "a..b", "0..", "..1", "0..inf"})
  void badRange_isAWrongArgument(String range) {
    final Path file = directory.resolve("none.svg");

    assertThat(plot("relu", "--range", range, "-o", file.toString())).isEqualTo(2);
    assertThat(file).doesNotExist();
  }

  @Test
  void functionWithoutParameters_takesNoSet() {
    assertThat(plot("gelu", "--set", "beta=1")).isEqualTo(2);
    assertThat(err.toString()).contains("'gelu' has no parameters, but --set beta was given");
  }

  @Test
  void unknownFormat_isAWrongArgument() {
    assertThat(plot("gelu", "-o", directory.resolve("gelu.pdf").toString())).isEqualTo(2);
    assertThat(err.toString()).contains(".svg or .png");
  }

  @Test
  void missingDirectory_isFailedWork() {
    assertThat(plot("gelu", "-o", directory.resolve("none/gelu.svg").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("cannot be written");
  }

  private int plot(String... arguments) {
    final String[] all = new String[arguments.length + 1];
    all[0] = "plot";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return lslu.execute(all);
  }

  private static String curve(Path svg) throws Exception {
    return String.join(
        "\n",
        Files.readAllLines(svg).stream().filter(line -> line.contains("function\"")).toList());
  }
}
