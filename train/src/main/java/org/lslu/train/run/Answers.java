package org.lslu.train.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.lslu.train.data.Batch;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.Normalisation;
import org.lslu.train.report.ConfusionMatrix;
import org.lslu.train.report.Mistake;

/** What a network answered to every image of a set. */
public final class Answers {
  private final ImageSet images;
  private final Evaluation evaluation;
  private final int[] predicted;
  private final double[] probabilities;

  private Answers(ImageSet images, Evaluation evaluation, int[] predicted, double[] probabilities) {
    this.images = images;
    this.evaluation = evaluation;
    this.predicted = predicted;
    this.probabilities = probabilities;
  }

  /** Asks a network, in evaluation mode, for the class of every image. */
  public static Answers of(Model model, ImageSet images, Normalisation normalisation) {
    final int[] predicted = new int[images.size()];
    final double[] probabilities = new double[images.size()];
    final Evaluation evaluation =
        Evaluation.of(
            model,
            images,
            normalisation,
            (batch, logits) -> take(batch, logits, images, predicted, probabilities));
    return new Answers(images, evaluation, predicted, probabilities);
  }

  private static void take(
      Batch batch, Tensor logits, ImageSet images, int[] predicted, double[] probabilities) {
    final Tensor rows = logits.contiguous(); // N×classes
    final int classes = images.classes();
    final MemorySegment memory =
        MemorySegment.ofAddress(rows.data_ptr().address())
            .reinterpret((long) batch.count() * classes * Float.BYTES);
    final float[] row = new float[classes];
    for (int i = 0; i < batch.count(); i++) {
      MemorySegment.copy(
          memory,
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          (long) i * classes * Float.BYTES,
          row,
          0,
          classes);
      final int image = batch.index(i);
      predicted[image] = answer(row, images.label(image));
      probabilities[image] = probability(row, predicted[image]);
    }
  }

  /**
   * The class with the greatest logit; of several, the first that is wrong, as top-1 counts it. So
   * is the right class's logit passed over where it is not finite.
   */
  static int answer(float[] logits, int label) {
    int best = -1;
    for (int c = 0; c < logits.length; c++) {
      if (c != label && (best < 0 || logits[c] > logits[best] || Float.isNaN(logits[best]))) {
        best = c;
      }
    }
    final boolean isRight =
        best < 0 || (Float.isFinite(logits[label]) && !(logits[best] >= logits[label]));
    return isRight ? label : best;
  }

  /** By softmax over the logits; NaN where one of them is. */
  static double probability(float[] logits, int wanted) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (final float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    double sum = 0;
    for (final float logit : logits) {
      sum += Math.exp(logit - greatest);
    }
    return Math.exp(logits[wanted] - greatest) / sum;
  }

  /** The images that were asked for. */
  public ImageSet images() {
    return images;
  }

  /** Loss and shares of right answers. */
  public Evaluation evaluation() {
    return evaluation;
  }

  /** The class that an image is taken for. */
  public int predicted(int image) {
    return predicted[image];
  }

  /** The probability that the network gives that class. */
  public double probability(int image) {
    return probabilities[image];
  }

  /** How often images of each class were taken for each class. */
  public ConfusionMatrix confusion() {
    final int[] labels = IntStream.range(0, images.size()).map(images::label).toArray();
    return ConfusionMatrix.of(images.classNames(), labels, predicted);
  }

  /**
   * The mistakes that the network is surest of, surest first: hard images, and wrong labels.
   *
   * @param most how many at most
   */
  public List<Mistake> mistakes(int most) {
    return IntStream.range(0, predicted.length)
        .filter(i -> predicted[i] != images.label(i) && !Double.isNaN(probabilities[i]))
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
        .limit(most)
        .map(
            i ->
                new Mistake(
                    i,
                    images.origin(i),
                    images.classNames().get(images.label(i)),
                    images.classNames().get(predicted[i]),
                    probabilities[i]))
        .toList();
  }
}
