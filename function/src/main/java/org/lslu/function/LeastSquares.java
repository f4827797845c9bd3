package org.lslu.function;

/** Linear least squares by Householder reflections, which do not square the condition number. */
final class LeastSquares {
  private LeastSquares() {}

  /**
   * The z that makes |matrix·z − right| least. Both arrays are overwritten.
   *
   * @param matrix rows × columns, at least as many rows as columns
   * @param right one value a row
   */
  static double[] solve(double[][] matrix, double[] right) {
    final int rows = matrix.length;
    final int columns = matrix[0].length;
    for (int k = 0; k < columns; k++) {
      double norm = 0;
      for (int i = k; i < rows; i++) {
        norm = Math.hypot(norm, matrix[i][k]);
      }
      if (norm == 0) {
        continue;
      }
      final double pivot = matrix[k][k] > 0 ? -norm : norm;
      final double[] v = new double[rows];
      for (int i = k; i < rows; i++) {
        v[i] = matrix[i][k];
      }
      v[k] -= pivot;
      double square = 0;
      for (int i = k; i < rows; i++) {
        square += v[i] * v[i];
      }
      for (int j = k; j < columns; j++) {
        double dot = 0;
        for (int i = k; i < rows; i++) {
          dot += v[i] * matrix[i][j];
        }
        for (int i = k; i < rows; i++) {
          matrix[i][j] -= 2 * dot / square * v[i];
        }
      }
      double dot = 0;
      for (int i = k; i < rows; i++) {
        dot += v[i] * right[i];
      }
      for (int i = k; i < rows; i++) {
        right[i] -= 2 * dot / square * v[i];
      }
    }
    return substitute(matrix, right, columns);
  }

  private static double[] substitute(double[][] upper, double[] right, int columns) {
    final double[] z = new double[columns];
    for (int k = columns - 1; k >= 0; k--) {
      double sum = right[k];
      for (int j = k + 1; j < columns; j++) {
        sum -= upper[k][j] * z[j];
      }
      z[k] = Math.abs(upper[k][k]) < 1e-300 ? 0 : sum / upper[k][k]; // a direction without effect
    }
    return z;
  }
}
