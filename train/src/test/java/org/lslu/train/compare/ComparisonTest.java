package org.lslu.train.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.SmallRun;
import org.lslu.train.run.StopSignal;
import org.lslu.train.run.TrainingListener;

class ComparisonTest {
  private static final RunFile.Environment ENVIRONMENT =
      new RunFile.Environment("2026-01-01T00:00:00Z", "a test", "a machine", Map.of());
  private static final int EPOCHS = 2;

  @TempDir private Path directory;

  private SmallRun images;

  @BeforeEach
  void writeImages() {
    images = SmallRun.in(directory.resolve("data"));
  }

  private Variant variant(String name, String activation, int epochs) {
    return new Variant(name, images.mlp(FunctionChoice.of(activation), epochs));
  }

  private Comparison comparison(List<Variant> variants) {
    return new Comparison(variants, List.of(1L, 2L), directory.resolve("out"), ENVIRONMENT);
  }

  private static List<VariantResult> run(Comparison comparison) {
    return comparison.run(TrainingListener.SILENT, StopSignal.manual()).orElseThrow();
  }

  @Test
  void everyVariant_runsWithEverySeed_andIsTabulated() throws IOException {
    final List<VariantResult> results =
        run(comparison(List.of(variant("relu", "relu", EPOCHS), variant("lslu", "lslu", EPOCHS))));

    assertThat(results).hasSize(2);
    assertThat(results.get(1).runs())
        .hasSize(2)
        .allSatisfy(epochs -> assertThat(epochs).hasSize(EPOCHS));
    assertThat(results.get(1).parameters()).isGreaterThan(results.get(0).parameters());
    ComparisonFiles.write(directory.resolve("out"), "a title <b>", "./lslu compare", results);
    assertThat(Files.readString(directory.resolve("out/table.md")))
        .contains("| relu | 2 |", "| lslu | 2 |", "paired t-test");
    assertThat(Files.readAllLines(directory.resolve("out/table.csv"))).hasSize(3);
    assertThat(Files.readString(directory.resolve("out/comparison.html")))
        .contains("a title &lt;b&gt;", "\"label\":\"lslu\"");
  }

  /** A function that is relu at its start and whose parameters never move is relu to the end. */
  @Test
  void sameFunctionUnderAnotherName_givesTheSameRuns() {
    final List<VariantResult> results =
        run(
            comparison(
                List.of(
                    variant("relu", "relu", EPOCHS), variant("formula", "relu(x) * 1", EPOCHS))));

    assertThat(results.get(1).finalTop1()).isEqualTo(results.get(0).finalTop1());
    assertThat(results.get(1).finalLoss()).isEqualTo(results.get(0).finalLoss());
  }

  @Test
  void finishedRuns_areReadAndNotRunAgain() throws IOException {
    final List<Variant> variants =
        List.of(variant("relu", "relu", EPOCHS), variant("lslu", "lslu", EPOCHS));
    final List<VariantResult> first = run(comparison(variants));
    final Path weights = directory.resolve("out/lslu-seed2/last.safetensors");
    final FileTime written = Files.getLastModifiedTime(weights);

    final List<VariantResult> again = run(comparison(variants));

    assertThat(again.get(1).finalTop1()).isEqualTo(first.get(1).finalTop1());
    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
  }

  @Test
  void runsOfOtherSettings_areRefused() {
    run(comparison(List.of(variant("relu", "relu", 1), variant("lslu", "lslu", 1))));

    assertThatThrownBy(
            () ->
                run(
                    comparison(
                        List.of(variant("relu", "relu", EPOCHS), variant("lslu", "lslu", EPOCHS)))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("other settings");
  }

  @Test
  void secondComparisonAtWork_isRefused_andMayRunAfterwards() {
    final List<Variant> variants = List.of(variant("relu", "relu", 1), variant("lslu", "lslu", 1));
    try (DirectoryLock other = DirectoryLock.of(directory.resolve("out"))) {
      assertThat(other.channel().isOpen()).isTrue();
      assertThatThrownBy(() -> run(comparison(variants)))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("another comparison is at work");
    }
    assertThat(run(comparison(variants))).hasSize(2);
  }

  @Test
  void oneVariantOrTheSameTwice_isRefused() {
    assertThatThrownBy(() -> comparison(List.of(variant("relu", "relu", 1))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("at least two");
    assertThatThrownBy(
            () -> comparison(List.of(variant("relu", "relu", 1), variant("relu", "relu", 1))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("with itself");
  }
}
