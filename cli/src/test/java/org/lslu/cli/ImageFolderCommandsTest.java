package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of one's own photographs from training to the figures of each class. */
class ImageFolderCommandsTest {
  private static final List<String> CLASSES = List.of("dark", "medium", "bright");

  @TempDir Path temporary;
  private Path data;
  private final Random random = new Random(17);

  private record Answer(int code, String out, String err) {}

  private static Answer lslu(String... arguments) {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final int code =
        Lslu.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Answer(code, out.toString(), err.toString());
  }

  private void pictures(String part, int label, int count, String format) throws IOException {
    final Path folder = Files.createDirectories(data.resolve(part).resolve(CLASSES.get(label)));
    for (int i = 0; i < count; i++) {
      final BufferedImage image = new BufferedImage(20, 14, BufferedImage.TYPE_INT_RGB);
      for (int k = 0; k < 280; k++) {
        image.setRGB(k % 20, k / 20, (80 * label + random.nextInt(60)) * 0x010101);
      }
      ImageIO.write(image, format, folder.resolve(i + "." + format).toFile());
    }
  }

  @BeforeEach
  void write() throws IOException {
    data = temporary.resolve("photos");
    final String[] formats = {"jpg", "png", "bmp"};
    for (int label = 0; label < 3; label++) {
      pictures("train", label, 12 + 6 * label, formats[label]);
      pictures("val", label, 6, "gif");
      pictures("test", label, 3 + label, "png");
    }
    Files.writeString(data.resolve("train/dark/broken.jpg"), "not an image");
  }

  @Test
  void photographs_fromTrainingToTheFiguresOfEachClass() throws IOException {
    final Path run = temporary.resolve("run");
    final Answer trained =
        lslu(
            "train",
            "--data",
            data.toString(),
            "--image-size",
            "12",
            "--model",
            "mlp",
            "--width",
            "0.02",
            "--epochs",
            "2",
            "--batch",
            "16",
            "--out",
            run.toString());
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out().lines().toList().get(1))
        .isEqualTo(
            "photos: 54 training, 18 held-out and 12 test images of 3×12×12, 3 classes of 12 to 24"
                + " training images (2.0:1)");
    assertThat(trained.out())
        .contains(
            "warning: 1 of 85 pictures cannot be read and is left out: train/dark/broken.jpg (is"
                + " none of JPEG, PNG, WebP, BMP and GIF; convert it or take it away); --strict"
                + " stops at such a file");
    for (final String file :
        new String[] {"confusion.csv", "classes.csv", "confusion-test.csv", "classes-test.csv"}) {
      assertThat(Files.readAllLines(run.resolve(file))).hasSize(4);
    }
    assertThat(Files.readString(run.resolve("report.html")))
        .contains(">Held-out images<", ">Test images<", "train/dark/broken.jpg", "balanced");

    final Path matrix = temporary.resolve("matrix.csv");
    final Answer tested =
        lslu("evaluate", run.toString(), "--part", "test", "--confusion", matrix.toString());
    assertThat(tested.code()).as(tested.err()).isZero();
    assertThat(tested.out()).startsWith("12 test images: top-1 ").contains("balanced accuracy");
    assertThat(tested.out().lines().filter(line -> line.contains(" %  ")).count()).isEqualTo(3);
    assertThat(matrix).hasSameTextualContentAs(run.resolve("confusion-test.csv"));

    final Answer json = lslu("evaluate", run.toString(), "--json");
    final JsonNode node = new ObjectMapper().readTree(json.out());
    assertThat(node.get("part").asText()).isEqualTo("val");
    assertThat(node.get("classes")).hasSize(3);
    int right = 0;
    int all = 0;
    for (int t = 0; t < 3; t++) {
      for (int p = 0; p < 3; p++) {
        final int count = node.at("/confusion/%d/%d".formatted(t, p)).asInt();
        right += t == p ? count : 0;
        all += count;
      }
    }
    assertThat(all).isEqualTo(18);
    assertThat(node.get("top1").asDouble()).isEqualTo(right / 18.0);
    assertThat(node.get("mistakes")).hasSize(18 - right);
    assertThat(node.at("/skipped/0/file").asText()).isEqualTo("train/dark/broken.jpg");

    final Answer few = lslu("evaluate", run.toString(), "--classes", "1", "--sort", "name");
    assertThat(few.out()).contains("bright ", "2 more with --classes 3").doesNotContain("dark ");
    assertSentence(lslu("evaluate", run.toString(), "--part", "x"), "The part \"x\" is unknown");
    assertSentence(lslu("evaluate", run.toString(), "--sort", "x"), "--sort x is unknown");
  }

  @Test
  void unreadableImage_doesNotHideTheOthersPredictions() {
    final Path run = temporary.resolve("run");
    final Answer trained =
        lslu(
            "train",
            "--data",
            data.toString(),
            "--image-size",
            "12",
            "--model",
            "mlp",
            "--width",
            "0.02",
            "--epochs",
            "1",
            "--batch",
            "16",
            "--out",
            run.toString());
    assertThat(trained.code()).as(trained.err()).isZero();
    final String broken = data.resolve("train/dark/broken.jpg").toString();
    final String good = data.resolve("test/bright/0.png").toString();
    final Answer both = lslu("predict", run.toString(), broken, good);
    assertThat(both.code()).isEqualTo(1);
    assertThat(both.out()).startsWith(good).contains(" %  ");
    assertThat(both.err()).startsWith("lslu: The image " + broken).hasLineCount(1);
  }

  private static void assertSentence(Answer answer, String start) {
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).startsWith("lslu: " + start);
    assertThat(answer.out()).isEmpty();
  }
}
