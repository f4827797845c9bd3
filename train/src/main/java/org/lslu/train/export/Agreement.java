package org.lslu.train.export;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.Normalisation;

/**
 * How far two forms of one network agree.
 *
 * @param images how many both were shown
 * @param largestDifference the largest |difference| of two logits; NaN where a logit is NaN in one
 * @param largestLogit the largest |logit| of the first
 * @param classifiedDifferently how many images got their greatest logit at another class
 */
public record Agreement(
    int images, double largestDifference, double largestLogit, int classifiedDifferently) {
  /** How far logits may lie apart, times the largest logit where that is above 1. */
  public static final double TOLERANCE = 1e-4;

  private static final int BATCH = 250;
  private static final int[] COUNTS = {1, 2, 13};

  /** Whether the forms are the same but for rounding: the same classes, and close logits. */
  public boolean holds() {
    return classifiedDifferently == 0 && isClose();
  }

  /** Whether all logits are close: {@value #TOLERANCE}, relative where they are above 1. */
  public boolean isClose() {
    return largestDifference <= TOLERANCE * Math.max(1, largestLogit);
  }

  /**
   * Agreement on labelled images, with the accuracy of both.
   *
   * @param agreement how far they agree
   * @param top1 the first one's share of images whose class got the greatest logit
   * @param otherTop1 the second one's
   */
  public record OnImages(Agreement agreement, double top1, double otherTop1) {}

  /** Shows both the same images. */
  public static OnImages on(
      ImageSet images, Normalisation normalisation, Classifier first, Classifier second) {
    final Count count = new Count();
    try (Batches batches = Batches.of(images, normalisation, BatchSettings.evaluation(BATCH), 0)) {
      while (batches.hasNext()) {
        final Batch batch = batches.next();
        final float[] pixels = batch.images().toArray(ValueLayout.JAVA_FLOAT);
        final int n = batch.count();
        final float[] used =
            Arrays.copyOf(pixels, n * batch.shape().values()); // the last may be short
        final int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
          labels[i] = batch.label(i);
        }
        count.add(first.logits(used, n), second.logits(used, n), labels);
      }
    }
    return new OnImages(
        count.agreement(),
        (double) count.right / count.images,
        (double) count.otherRight / count.images);
  }

  /** Shows both normal noise, in batches of several sizes: needs no data. */
  public static Agreement onNoise(ImageShape shape, Classifier first, Classifier second) {
    final Random random = new Random(1);
    final Count count = new Count();
    for (final int n : COUNTS) {
      final float[] noise = new float[n * shape.values()];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) random.nextGaussian();
      }
      count.add(first.logits(noise, n), second.logits(noise, n), new int[n]);
    }
    return count.agreement();
  }

  /** Adds up batches. */
  private static final class Count {
    private int images;
    private int right;
    private int otherRight;
    private int differently;
    private double difference;
    private double greatest;

    void add(float[] first, float[] second, int[] labels) {
      if (first.length != second.length) {
        throw new IllegalStateException(
            "%d logits, but %d of the other form".formatted(first.length, second.length));
      }
      for (int i = 0; i < first.length; i++) {
        // Math.max keeps NaN, with which nothing agrees.
        difference = Math.max(difference, Math.abs((double) first[i] - second[i]));
        greatest = Math.max(greatest, Math.abs((double) first[i]));
      }
      final int classes = first.length / labels.length;
      for (int n = 0; n < labels.length; n++) {
        final int own = winner(first, n, classes);
        final int other = winner(second, n, classes);
        images++;
        differently += own == other ? 0 : 1;
        right += own == labels[n] ? 1 : 0;
        otherRight += other == labels[n] ? 1 : 0;
      }
    }

    private static int winner(float[] logits, int image, int classes) {
      int winner = 0;
      for (int c = 1; c < classes; c++) {
        winner = logits[image * classes + c] > logits[image * classes + winner] ? c : winner;
      }
      return winner;
    }

    Agreement agreement() {
      return new Agreement(images, difference, greatest, differently);
    }
  }
}
