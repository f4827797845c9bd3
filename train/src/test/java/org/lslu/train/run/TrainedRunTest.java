package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.UserException;
import org.lslu.train.report.EpochMetrics;

/** A run that is evaluated and asked for predictions. */
class TrainedRunTest {
  @TempDir Path temporary;
  private SmallRun runs;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    runs = SmallRun.in(temporary.resolve("data"));
    Files.writeString(runs.data().resolve("classes.txt"), "top\nmiddle\nbottom\n");
    out = temporary.resolve("run");
  }

  @Test
  void evaluation_isThatOfTheBestEpoch() {
    for (final RunSettings settings : List.of(runs.mlp(6, 2), runs.vanillaNet(3, 2))) {
      final Path path = temporary.resolve(settings.network().model());
      final RunDirectory directory = SmallRun.finish(path, settings);
      final EpochMetrics best =
          directory.metrics().read().stream()
              .max(Comparator.comparingDouble(EpochMetrics::validationTop1))
              .orElseThrow();
      final TrainedRun run = TrainedRun.open(path);
      final Evaluation evaluation = run.evaluate("");
      assertThat(evaluation)
          .isEqualTo(
              new Evaluation(
                  SmallRun.HELD_OUT,
                  best.validationLoss(),
                  best.validationTop1(),
                  best.validationTop5()));
      assertThat(run.evaluate("idx:" + runs.data())).isEqualTo(evaluation);
      assertThat(run.evaluate(runs.data().toString())).isEqualTo(evaluation);
    }
  }

  @Test
  void otherData_mustSuitTheNetwork() throws IOException {
    SmallRun.finish(out, runs.mlp(1, 1));
    final TrainedRun run = TrainedRun.open(out);
    final SmallRun other = SmallRun.in(temporary.resolve("other"));
    Files.writeString(other.data().resolve("classes.txt"), "a\nb\nc\nd\n");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> run.evaluate("idx:" + other.data()))
        .withMessageContaining("knows 3 classes")
        .withMessageContaining("4 classes")
        .satisfies(problem -> assertThat(problem.exitCode()).isEqualTo(2));
  }

  @Test
  void prediction_isWhatTheImageShows() throws IOException {
    SmallRun.finish(out, runs.mlp(8, 1));
    final TrainedRun run = TrainedRun.open(out);
    final Random random = new Random(99);
    for (int label = 0; label < SmallRun.CLASSES; label++) {
      for (final int scale : new int[] {1, 3}) {
        final Path file = picture(label, scale, random);
        final Prediction prediction = Prediction.of(run.model(), run.run().images(), file);
        assertThat(prediction.image()).isEqualTo(file.toString());
        assertThat(prediction.classes()).hasSize(3);
        assertThat(prediction.classes().getFirst().name())
            .as("label %d, scale %d", label, scale)
            .isEqualTo(List.of("top", "middle", "bottom").get(label));
        assertThat(prediction.classes())
            .isSortedAccordingTo(
                Comparator.comparingDouble(Prediction.Ranked::probability).reversed());
        assertThat(prediction.classes().stream().mapToDouble(Prediction.Ranked::probability).sum())
            .isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void prediction_ofNoImage_isRefused() throws IOException {
    SmallRun.finish(out, runs.mlp(1, 1));
    final TrainedRun run = TrainedRun.open(out);
    final Path text = Files.writeString(temporary.resolve("letter.png"), "dear");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Prediction.of(run.model(), run.run().images(), text))
        .withMessageContaining("letter.png");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(
            () -> Prediction.of(run.model(), run.run().images(), temporary.resolve("gone.png")))
        .withMessageContaining("does not exist");
  }

  private Path picture(int label, int scale, Random random) throws IOException {
    final byte[] pixels = SmallRun.image(label, random);
    final int side = scale * SmallRun.SIZE;
    final BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image.getRaster().setSample(x, y, 0, pixels[y / scale * SmallRun.SIZE + x / scale] & 0xff);
      }
    }
    final Path file = temporary.resolve("label%d-scale%d.png".formatted(label, scale));
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    return file;
  }
}
