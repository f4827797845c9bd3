package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.train.report.ConfusionMatrix.Confusion;

class ConfusionMatrixTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "a, b", "never");

  // true:      cat cat cat cat  dog dog  a,b a,b a,b
  // predicted: cat cat cat dog  dog cat  dog dog a,b
  private static final ConfusionMatrix MATRIX =
      ConfusionMatrix.of(
          CLASSES, new int[] {0, 0, 0, 0, 1, 1, 2, 2, 2}, new int[] {0, 0, 0, 1, 1, 0, 1, 1, 2});

  @TempDir Path directory;

  @Test
  void figures_areThoseCountedByHand() {
    assertThat(MATRIX.figures())
        .containsExactly(
            new ClassFigures("cat", 4, 4, 3),
            new ClassFigures("dog", 2, 4, 1),
            new ClassFigures("a, b", 3, 1, 1),
            new ClassFigures("never", 0, 0, 0));
    final ClassFigures dog = MATRIX.figures().get(1);
    assertThat(dog.precision()).isEqualTo(0.25);
    assertThat(dog.recall()).isEqualTo(0.5);
    assertThat(dog.f1()).isCloseTo(1 / 3.0, within(1e-15)); // 2 · ¼ · ½ / (¼ + ½)
    final ClassFigures never = MATRIX.figures().get(3);
    assertThat(never.precision()).isNaN();
    assertThat(never.recall()).isNaN();
    assertThat(never.f1()).isNaN();
  }

  @Test
  void accuracies_areThoseCountedByHand() {
    assertThat(MATRIX.images()).isEqualTo(9);
    assertThat(MATRIX.accuracy()).isCloseTo(5 / 9.0, within(1e-15));
    assertThat(MATRIX.balancedAccuracy())
        .isCloseTo((0.75 + 0.5 + 1 / 3.0) / 3, within(1e-15)); // the class without images apart
    assertThat(MATRIX.meanF1()).isCloseTo((0.75 + 1 / 3.0 + 0.5) / 3, within(1e-15));
    final ConfusionMatrix none = ConfusionMatrix.of(CLASSES, new int[0], new int[0]);
    assertThat(none.accuracy()).isNaN();
    assertThat(none.balancedAccuracy()).isNaN();
  }

  @Test
  void confusions_areTheMostFrequentFirst() {
    assertThat(MATRIX.confusions(2))
        .containsExactly(
            new Confusion("a, b", "dog", 2, 2 / 3.0), new Confusion("cat", "dog", 1, 0.25));
    assertThat(MATRIX.confusions(9)).hasSize(3);
  }

  @Test
  void files_holdCountsAndFigures() throws IOException {
    MATRIX.writeCounts(directory.resolve("confusion.csv"));
    assertThat(directory.resolve("confusion.csv"))
        .hasContent(
            """
            true\\predicted,cat,dog,"a, b",never
            cat,3,1,0,0
            dog,1,1,0,0
            "a, b",0,2,1,0
            never,0,0,0,0
            """);
    MATRIX.writeFigures(directory.resolve("classes.csv"));
    assertThat(Files.readAllLines(directory.resolve("classes.csv")))
        .containsExactly(
            "class,images,answers,right,precision,recall,f1",
            "cat,4,4,3,0.750000,0.750000,0.750000",
            "dog,2,4,1,0.250000,0.500000,0.333333",
            "\"a, b\",3,1,1,1.000000,0.333333,0.500000",
            "never,0,0,0,,,");
  }

  @Test
  void answersWithoutLabels_areRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.of(CLASSES, new int[2], new int[3]));
  }
}
