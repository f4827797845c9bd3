package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.torch.LibTorch;

/** The losses against their formulas in double precision. */
class ObjectiveTest {
  private static final long SEED = 5;
  private static final int IMAGES = 5; // odd: the image in the middle is its own partner
  private static final int CLASSES = 4;

  @ParameterizedTest
  @CsvSource({
    "ce, 0, 1",
    "ce, 0.1, 1",
    "ce, 0, 0.3",
    "ce, 0.1, 0.7",
    "bce, 0, 1",
    "bce, 0.1, 1",
    "bce, 0.1, 0.3"
  })
  void loss_followsTheFormula(String kind, double smoothing, double share) {
    LibTorch.start();
    final Random random = new Random(SEED);
    final float[] logits = new float[IMAGES * CLASSES];
    final long[] labels = new long[IMAGES];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (4 * random.nextGaussian());
    }
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = random.nextInt(CLASSES);
    }
    double expected = 0;
    for (int i = 0; i < IMAGES; i++) {
      double total = 0;
      for (int k = 0; k < CLASSES; k++) {
        total += Math.exp(logits[i * CLASSES + k]);
      }
      for (int k = 0; k < CLASSES; k++) {
        final double z = logits[i * CLASSES + k];
        final double t =
            share * target(labels[i], k, smoothing)
                + (1 - share) * target(labels[IMAGES - 1 - i], k, smoothing);
        expected +=
            kind.equals("ce")
                ? -t * (z - Math.log(total)) / IMAGES
                : (t * Math.log1p(Math.exp(-z)) + (1 - t) * Math.log1p(Math.exp(z)))
                    / (IMAGES * CLASSES);
      }
    }
    try (PointerScope scope = new PointerScope()) {
      final Tensor loss =
          new Objective(new RunSettings.Loss(kind, smoothing))
              .loss(
                  Tensor.create(logits, new long[] {IMAGES, CLASSES}),
                  Tensor.create(labels, new long[] {IMAGES}),
                  share);
      assertThat(loss.item_double()).as("seed %d", SEED).isCloseTo(expected, within(1e-5));
    }
  }

  private static double target(long label, int k, double smoothing) {
    return (label == k ? 1 - smoothing : 0) + smoothing / CLASSES;
  }
}
