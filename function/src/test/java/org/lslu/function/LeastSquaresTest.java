package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LeastSquaresTest {
  @Test
  void solve_ofASquareSystem_isExact() {
    // 2a + b = 5, a − 3b = −8
    double[] z = LeastSquares.solve(new double[][] {{2, 1}, {1, -3}}, new double[] {5, -8});

    assertThat(z).containsExactly(new double[] {1, 3}, within(1e-14));
  }

  @Test
  void solve_ofALineThroughFourPoints_isTheOneByHand() {
    // (0, 6), (1, 5), (2, 7), (3, 10): the normal equations 4a + 6b = 28, 6a + 14b = 49
    // give the slope 1.4 and the offset 4.9.
    double[] z =
        LeastSquares.solve(
            new double[][] {{1, 0}, {1, 1}, {1, 2}, {1, 3}}, new double[] {6, 5, 7, 10});

    assertThat(z).containsExactly(new double[] {4.9, 1.4}, within(1e-14));
  }

  @Test
  void solve_ofAnAllZeroColumn_leavesItAtZero() {
    double[] z =
        LeastSquares.solve(new double[][] {{1, 0}, {1, 0}, {2, 0}}, new double[] {3, 3, 6});

    assertThat(z).containsExactly(new double[] {3, 0}, within(1e-14));
  }

  @Test
  void solve_keepsItsDigitsOnAnIllConditionedSystem() {
    // Powers of t on [0, 1] up to the 9th: the normal equations would lose all digits.
    final int rows = 60;
    final double[][] matrix = new double[rows][10];
    final double[] right = new double[rows];
    for (int i = 0; i < rows; i++) {
      final double t = i / (rows - 1.0);
      for (int j = 0; j < 10; j++) {
        matrix[i][j] = Math.pow(t, j);
        right[i] += (j + 1) * matrix[i][j];
      }
    }

    assertThat(LeastSquares.solve(matrix, right))
        .containsExactly(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, within(1e-7));
  }
}
