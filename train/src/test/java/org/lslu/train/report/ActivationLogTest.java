package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActivationLogTest {
  @TempDir Path directory;

  @Test
  void read_givesBack_whatWasAppended() {
    final List<ActivationValue> values =
        List.of(
            new ActivationValue(0, "stages.0.activation", 0, "theta", 0, 1),
            new ActivationValue(0, "a, \"quoted\" <script>", 63, "ω", 7, -0.079),
            new ActivationValue(1, "", 0, "theta", 0, Double.NaN));
    final ActivationLog log = new ActivationLog(directory.resolve("activations.csv"));
    log.append(values.subList(0, 2));
    log.append(List.of());
    log.append(values.subList(2, 3));

    assertThat(log.read()).isEqualTo(values);
  }

  @Test
  void read_passesOver_aPartialLineWithAnOpenQuote() throws IOException {
    final Path file = directory.resolve("activations.csv");
    final ActivationLog log = new ActivationLog(file);
    final ActivationValue value = new ActivationValue(1, "a,b", 0, "theta", 0, 1);
    log.append(List.of(value));
    Files.writeString(file, Files.readString(file) + "1,\"a,");

    assertThat(log.read()).containsExactly(value);
    log.append(List.of(value));
    assertThat(log.read()).containsExactly(value, value);
  }

  @Test
  void truncateAfter_keepsTheInitialValues() {
    final SyntheticRun run = new SyntheticRun().layer("a", 2, 3, 4);
    final ActivationLog log = new ActivationLog(directory.resolve("activations.csv"));
    log.append(run.values());
    log.truncateAfter(0);

    assertThat(log.read())
        .as("seed %d", SyntheticRun.SEED)
        .isEqualTo(run.values().subList(0, 2 * 2 * 3))
        .allSatisfy(value -> assertThat(value.epoch()).isZero());
  }

  @Test
  void curves_equal_thoseOfTheValuesInMemory() {
    final SyntheticRun run = new SyntheticRun().layer("a", 2, 17, 5).layer("b", 1, 1, 5);
    final ActivationLog log = new ActivationLog(directory.resolve("activations.csv"));
    log.append(run.values());

    assertThat(log.curves())
        .as("seed %d", SyntheticRun.SEED)
        .isEqualTo(run.report().parameters())
        .hasSize(4 + 2);
  }

  @Test
  void curves_takeMeanAndPercentiles_overTheSets() {
    final ActivationLog log = new ActivationLog(directory.resolve("activations.csv"));
    // 0, 10, …, 100: the 10th and the 90th percentile are the second and the second last.
    for (int set = 0; set <= 10; set++) {
      log.append(List.of(new ActivationValue(2, "a", set, "theta", 0, 10 * ((set * 7) % 11))));
    }

    assertThat(log.curves())
        .containsExactly(
            new ParameterCurve(
                "a", "theta", 0, List.of(new ParameterCurve.Point(2, 50, 10, 90, 11))));
    assertThat(log.curves().getFirst().hasBand()).isTrue();
  }

  @Test
  void curves_showNaN_asNaN() {
    final ActivationLog log = new ActivationLog(directory.resolve("activations.csv"));
    log.append(List.of(new ActivationValue(1, "a", 0, "theta", 0, Double.NaN)));

    assertThat(log.curves().getFirst().points().getFirst())
        .isEqualTo(new ParameterCurve.Point(1, Double.NaN, Double.NaN, Double.NaN, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r", "\n"})
  void value_refuses_aLineBreakInAName(String name) {
    assertThatThrownBy(() -> new ActivationValue(1, name, 0, "theta", 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be one line");
  }
}
