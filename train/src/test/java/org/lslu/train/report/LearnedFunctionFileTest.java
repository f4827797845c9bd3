package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

final class LearnedFunctionFileTest {
  @TempDir Path directory;

  @Test
  void read_givesBack_whatWasWritten() {
    final Path file = directory.resolve("functions.json");
    final List<LearnedFunction> functions =
        new ArrayList<>(
            new SyntheticRun().layer("a \"<b>", 3, 1, 2).layer("c", 2, 5, 2).functions());
    functions.add(
        LearnedFunction.of(
            "pole",
            new double[] {-1, 0, 1},
            new double[] {-1, Double.NaN, 1},
            new double[] {-1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}));
    LearnedFunctionFile.write(file, functions);

    assertThat(LearnedFunctionFile.read(file))
        .as("seed %d", SyntheticRun.SEED)
        .isEqualTo(functions);
    LearnedFunctionFile.write(file, List.of());
    assertThat(LearnedFunctionFile.read(file)).isEmpty();
  }

  @Test
  void ofSets_takesMeanAndPercentiles() {
    final LearnedFunction function =
        LearnedFunction.ofSets(
            "a", new double[] {0}, new double[] {0}, new double[][] {{3}, {1}, {2}, {0}, {4}, {5}});

    assertThat(function.sets()).isEqualTo(6);
    assertThat(function.after()).containsExactly(2.5);
    assertThat(function.low()).containsExactly(0.5);
    assertThat(function.high()).containsExactly(4.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[{\"layer\": \"a\"}]",
        "[{\"layer\": \"a\", \"sets\": 1, \"x\": [0, 1], \"before\": [0], \"after\": [0, 1], "
            + "\"low\": [], \"high\": [], \"inputs\": {\"edges\": [], \"counts\": []}, "
            + "\"parameters\": []}]"
      })
  void read_refuses_anotherFile(String content) throws IOException {
    final Path file = directory.resolve("functions.json");
    Files.writeString(file, content);

    assertThatThrownBy(() -> LearnedFunctionFile.read(file))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageStartingWith("'%s' holds no learned functions: ", file);
  }

  @Test
  void read_says_thatTheFileIsMissing() {
    assertThatThrownBy(() -> LearnedFunctionFile.read(directory.resolve("functions.json")))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("There is no file ");
  }

  @Test
  void function_refuses_curvesOfAnotherLength() {
    assertThatThrownBy(
            () -> LearnedFunction.of("a", new double[2], new double[2], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The curve 'after' has 1 points, expected 2 as x has");
  }
}
