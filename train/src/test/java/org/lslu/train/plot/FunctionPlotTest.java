package org.lslu.train.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.function.UserException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class FunctionPlotTest {
  private static final Path RENDERED = Path.of("target", "plots");
  private static final FunctionPlot RELU =
      FunctionPlot.of("relu", "max(x, 0)", x -> Math.max(x, 0), x -> x > 0 ? 1 : 0);
  private static final FunctionPlot SILU =
      FunctionPlot.of(
          "silu",
          "x * sigmoid(x)",
          x -> x * sigmoid(x),
          x -> sigmoid(x) * (1 + x * (1 - sigmoid(x))));

  @TempDir Path directory;

  @Test
  void write_makesAPicture_ofEitherKind() throws Exception {
    Files.createDirectories(RENDERED);
    SILU.write(RENDERED.resolve("silu.svg"));
    SILU.write(RENDERED.resolve("silu.PNG"));

    final BufferedImage image = ImageIO.read(RENDERED.resolve("silu.PNG").toFile());
    assertThat(image.getWidth()).isEqualTo(1280);
    assertThat(image.getHeight()).isEqualTo(800);
    assertThat(countOf(image, 0x1f63d6)).as("pixels of the function").isGreaterThan(2_000);
    assertThat(countOf(image, 0xd1480b)).as("pixels of the derivative").isGreaterThan(1_000);
    assertThat(lines(parsed(Files.readString(RENDERED.resolve("silu.svg"))), "function"))
        .isEqualTo(2);
  }

  @Test
  void svg_isTheSame_everyTime() {
    assertThat(SILU.svg()).isEqualTo(SILU.svg()).hasSizeLessThan(12_000);
  }

  @Test
  void svg_escapes_titleAndFormula() throws Exception {
    final Document svg =
        parsed(FunctionPlot.of("<script>&", "select(x < 0, 0, x)", x -> x, x -> 1).svg());

    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("<script>&");
    assertThat(svg.getElementsByTagName("text").item(1).getTextContent())
        .isEqualTo("select(x < 0, 0, x)");
  }

  @Test
  void svg_needsFewPoints_forStraightPieces() throws Exception {
    final NodeList lines = parsed(RELU.svg()).getElementsByTagName("polyline");
    for (int i = 0; i < lines.getLength(); i++) {
      final Element line = (Element) lines.item(i);
      assertThat(line.getAttribute("points").split(" ", -1))
          .as(line.getAttribute("class"))
          .hasSizeLessThanOrEqualTo(4);
    }
  }

  @Test
  void svg_breaksTheLine_atAPole() throws Exception {
    final Document svg =
        parsed(FunctionPlot.of("1 / x", "1 / x", x -> 1 / x, x -> -1 / (x * x)).svg());

    // Two branches and the legend's sample.
    assertThat(lines(svg, "function")).isEqualTo(3);
    assertThat(lines(svg, "derivative")).isEqualTo(3);
  }

  @Test
  void svg_stays_withinItsFrame() throws Exception {
    final DoubleUnaryOperator tan = Math::tan;
    final NodeList lines =
        parsed(FunctionPlot.of("tan", "tan(x)", tan, x -> 1 + Math.pow(Math.tan(x), 2)).svg())
            .getElementsByTagName("polyline");
    for (int i = 0; i < lines.getLength(); i++) {
      for (final String point : ((Element) lines.item(i)).getAttribute("points").split(" ", -1)) {
        final String[] xy = point.split(",", -1);
        assertThat(Double.parseDouble(xy[0])).isBetween(0.0, 640.0);
        assertThat(Double.parseDouble(xy[1])).isBetween(0.0, 400.0);
      }
    }
  }

  @Test
  void svg_draws_whatIsDefined() throws Exception {
    final FunctionPlot log =
        FunctionPlot.of("log", "log(x)", Math::log, x -> x > 0 ? 1 / x : Double.NaN);
    final FunctionPlot nothing = FunctionPlot.of("nan", "0 / 0", x -> Double.NaN, x -> Double.NaN);

    assertThat(lines(parsed(log.svg()), "function")).isEqualTo(2);
    assertThat(lines(parsed(nothing.svg()), "function")).as("the legend alone").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"svg", "png"})
  void write_showsHardCases(String ending) throws Exception {
    Files.createDirectories(RENDERED);
    final String lslu =
        "relu(theta[7] * relu(theta[6] * relu(theta[5] * relu(theta[4] * relu(theta[3] * "
            + "relu(theta[2] * relu(theta[1] * relu(theta[0] * relu(x) + omega[0]) + omega[1]) + "
            + "omega[2]) + omega[3]) + omega[4]) + omega[5]) + omega[6]) + omega[7])";
    RELU.write(RENDERED.resolve("relu." + ending));
    FunctionPlot.of("identity", "x", x -> x, x -> 1).write(RENDERED.resolve("identity." + ending));
    FunctionPlot.of("zero", "0", x -> 0, x -> 0).write(RENDERED.resolve("zero." + ending));
    FunctionPlot.of("lslu(n=8)", lslu, x -> Math.max(0, x), x -> x > 0 ? 1 : 0)
        .write(RENDERED.resolve("lslu." + ending));
    FunctionPlot.of("exp", "exp(x)", Math::exp, Math::exp)
        .over(-30, 30)
        .write(RENDERED.resolve("exp." + ending));
    FunctionPlot.of("reciprocal", "1 / x", x -> 1 / x, x -> -1 / (x * x))
        .write(RENDERED.resolve("reciprocal." + ending));
    FunctionPlot.of("small", "1e-7 * x", x -> 1e-7 * x, x -> 1e-7)
        .over(-1e-5, 1e-5)
        .write(RENDERED.resolve("small." + ending));

    try (var files = Files.list(RENDERED)) {
      assertThat(files.filter(file -> file.toString().endsWith(ending)))
          .hasSizeGreaterThanOrEqualTo(7)
          .allSatisfy(file -> assertThat(Files.size(file)).isGreaterThan(1_000));
    }
  }

  @ParameterizedTest
  @CsvSource({"plot.pdf", "plot", "svg"})
  void write_refuses_anotherEnding(String name) {
    assertThatThrownBy(() -> RELU.write(directory.resolve(name)))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageEndingWith(name + "'; give a name that ends with .svg or .png");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void write_says_whatFileCannotBeWritten() {
    final Path file = directory.resolve("missing").resolve("relu.svg");

    assertThatThrownBy(() -> RELU.write(file))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "NaN, 1", "0, Infinity"})
  void over_refuses_anEmptyRange(double from, double to) {
    assertThatThrownBy(() -> RELU.over(from, to))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("from %s to %s", from, to);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static long countOf(BufferedImage image, int rgb) {
    long count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if ((image.getRGB(x, y) & 0xffffff) == rgb) {
          count++;
        }
      }
    }
    return count;
  }

  private static long lines(Document svg, String ink) {
    final NodeList lines = svg.getElementsByTagName("polyline");
    long count = 0;
    for (int i = 0; i < lines.getLength(); i++) {
      if (((Element) lines.item(i)).getAttribute("class").equals(ink)) {
        count++;
      }
    }
    return count;
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
