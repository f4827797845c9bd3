package org.lslu.train.run;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.Normalisation;

/**
 * How well a network does on images.
 *
 * @param images how many
 * @param loss mean cross entropy
 * @param top1 share whose class got the greatest logit
 * @param top5 share whose class is among the five greatest
 */
public record Evaluation(int images, double loss, double top1, double top5) {
  /** Images that go through the network together. */
  static final int BATCH = 250;

  /** Evaluates a network, in evaluation mode and in the order of the images. */
  public static Evaluation of(Model model, ImageSet images, Normalisation normalisation) {
    return of(model, images, normalisation, (_, _) -> {});
  }

  /** Hears the logits of each batch, N×classes; they live as long as the call. */
  interface Listener {
    void answered(Batch batch, Tensor logits);
  }

  static Evaluation of(
      Model model, ImageSet images, Normalisation normalisation, Listener listener) {
    model.network().training(false);
    final Tally tally = new Tally();
    try (NoGradGuard off = new NoGradGuard();
        Batches batches = Batches.of(images, normalisation, BatchSettings.evaluation(BATCH), 0)) {
      while (batches.hasNext()) {
        final Batch batch = batches.next();
        try (PointerScope scope = new PointerScope()) {
          final Tensor logits = model.logits(batch); // N×classes
          final Tensor labels = Model.labels(batch); // N
          tally.add(logits, labels, torch.cross_entropy_loss(logits, labels).item_double());
          listener.answered(batch, logits);
        }
      }
    } finally {
      model.network().training(true);
    }
    return tally.evaluation();
  }

  /** No evaluation: every measure is NaN. */
  static Evaluation notTaken() {
    return new Evaluation(0, Double.NaN, Double.NaN, Double.NaN);
  }

  /** Adds up batches. */
  static final class Tally {
    private long images;
    private double loss;
    private long top1;
    private long top5;

    Tally() {}

    Tally(long images, double loss, long top1, long top5) {
      this.images = images;
      this.loss = loss;
      this.top1 = top1;
      this.top5 = top5;
    }

    /**
     * Adds a batch.
     *
     * @param logits N×classes
     * @param labels N
     * @param meanLoss over the batch
     */
    void add(Tensor logits, Tensor labels, double meanLoss) {
      final long n = logits.size(0);
      images += n;
      loss += meanLoss * n;
      // The rank of the right class: how many classes have a logit at least as great, without
      // itself.
      // NaN logits compare false and would count as right, so they are counted as wrong.
      final Tensor own = logits.gather(1, labels.unsqueeze(1)); // N×1
      final Tensor ahead = logits.ge(own).sum(1L).sub(new Scalar(1)); // N
      final Tensor known = own.squeeze(1).isfinite();
      top1 += ahead.lt(new Scalar(1)).logical_and(known).sum().item_long();
      top5 += ahead.lt(new Scalar(5)).logical_and(known).sum().item_long();
    }

    long images() {
      return images;
    }

    double lossSum() {
      return loss;
    }

    long right() {
      return top1;
    }

    long rightInFive() {
      return top5;
    }

    double meanLoss() {
      return loss / images;
    }

    double share() {
      return (double) top1 / images;
    }

    Evaluation evaluation() {
      return new Evaluation(
          Math.toIntExact(images), loss / images, (double) top1 / images, (double) top5 / images);
    }
  }
}
