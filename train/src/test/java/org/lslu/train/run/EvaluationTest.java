package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.torch.LibTorch;

class EvaluationTest {
  private static final long SEED = 31;

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5, 6, 11})
  void tally_countsAsPlainJavaDoes(int classes) {
    LibTorch.start();
    final Random random = new Random(SEED + classes);
    final Evaluation.Tally tally = new Evaluation.Tally();
    long images = 0;
    long top1 = 0;
    long top5 = 0;
    double loss = 0;
    for (int batch = 0; batch < 5; batch++) {
      final int n = 1 + random.nextInt(40);
      final float[] logits = new float[n * classes];
      final long[] labels = new long[n];
      for (int i = 0; i < n; i++) {
        labels[i] = random.nextInt(classes);
        for (int c = 0; c < classes; c++) {
          logits[i * classes + c] = random.nextInt(7) - 3; // of 7 values, so that many tie
        }
        switch (random.nextInt(8)) {
          case 0 -> logits[i * classes + (int) labels[i]] = Float.NaN;
          case 1 -> Arrays.fill(logits, i * classes, (i + 1) * classes, Float.NaN);
          case 2 -> Arrays.fill(logits, i * classes, (i + 1) * classes, 0.5f);
          default -> {}
        }
        final float own = logits[i * classes + (int) labels[i]];
        int ahead = 0;
        for (int c = 0; c < classes; c++) {
          ahead += c != labels[i] && logits[i * classes + c] >= own ? 1 : 0;
        }
        top1 += !Float.isNaN(own) && ahead < 1 ? 1 : 0;
        top5 += !Float.isNaN(own) && ahead < 5 ? 1 : 0;
      }
      final double mean = random.nextDouble();
      try (PointerScope scope = new PointerScope()) {
        tally.add(Tensor.create(logits, n, classes), Tensor.create(labels, n), mean);
      }
      images += n;
      loss += mean * n;
    }
    final Evaluation evaluation = tally.evaluation();
    final String what = "%d classes, seed %d".formatted(classes, SEED);
    assertThat(evaluation.images()).as(what).isEqualTo((int) images);
    assertThat(evaluation.top1()).as(what).isEqualTo((double) top1 / images);
    assertThat(evaluation.top5()).as(what).isEqualTo((double) top5 / images);
    assertThat(evaluation.loss()).as(what).isCloseTo(loss / images, within(1e-12));
    assertThat(tally.share()).isEqualTo(evaluation.top1());
  }

  @Test
  void constantLogits_areNoRightAnswers() {
    LibTorch.start();
    final Evaluation.Tally tally = new Evaluation.Tally();
    try (PointerScope scope = new PointerScope()) {
      tally.add(Tensor.create(new float[3 * 7], 3, 7), Tensor.create(new long[] {0, 3, 6}, 3), 1);
    }
    assertThat(tally.evaluation()).isEqualTo(new Evaluation(3, 1, 0, 0));
  }
}
