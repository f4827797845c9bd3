package org.lslu.train.run;

import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.Normalisation;

/**
 * Images changed by at most ε a value so that a network takes them for something else, on the raw
 * pixels u from 0 to 1, before they are normalised.
 *
 * <p>FGSM (Goodfellow et al. 2015, arXiv 1412.6572) makes one step u + ε·sign(∂L/∂u); PGD (Madry et
 * al. 2018, arXiv 1706.06083) starts at a random place and makes several of 2.5·ε/steps, going back
 * after each to at most ε from the image. Both stay within 0 and 1. L is the cross entropy with the
 * true class, the network in evaluation. At ε = 0 the images are the very ones, to the last bit.
 *
 * @param method how
 * @param epsilon ε, from 0 to 1
 * @param steps of PGD; FGSM has one
 * @param seed of PGD's starts; the same seed gives the same images
 */
public record Attack(Method method, double epsilon, int steps, long seed) {
  private static final double REACH = 2.5;

  /** How an image is changed. */
  public enum Method {
    /** One step. */
    FGSM,
    /** Several steps from a random start. */
    PGD;

    /**
     * Reads {@code fgsm} or {@code pgd}.
     *
     * @throws UserException if it is neither
     */
    public static Method parse(String text) {
      for (final Method method : values()) {
        if (method.toString().equals(text)) {
          return method;
        }
      }
      throw UserException.argument(
          "the attack '%s' is unknown: expected fgsm or pgd".formatted(text));
    }

    /** The word that {@link #parse} reads. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Refuses what makes no sense. */
  public Attack {
    if (!(epsilon >= 0 && epsilon <= 1)) {
      throw UserException.argument(
          "the attack's epsilon is %s: expected from 0 to 1, on pixels from 0 to 1"
              .formatted(epsilon));
    }
    if (steps < 1 || steps > 10_000) {
      throw UserException.argument(
          "the attack has %d steps: expected from 1 to 10000".formatted(steps));
    }
  }

  /** How well a network does on the images as the attack changes them. */
  public Evaluation evaluate(Model model, ImageSet images, Normalisation normalisation) {
    model.network().training(false);
    final Evaluation.Tally tally = new Evaluation.Tally();
    try (Batches batches =
        Batches.of(images, normalisation, BatchSettings.evaluation(Evaluation.BATCH), 0)) {
      while (batches.hasNext()) {
        final Batch batch = batches.next();
        try (PointerScope scope = new PointerScope()) {
          final Tensor labels = Model.labels(batch); // N
          final Tensor attacked =
              attacked(model, Model.images(batch), labels, normalisation, batch.number());
          try (NoGradGuard off = new NoGradGuard()) {
            final Tensor logits = model.network().forward(attacked); // N×classes
            tally.add(logits, labels, torch.cross_entropy_loss(logits, labels).item_double());
          }
        }
      }
    } finally {
      model.network().training(true);
    }
    return tally.evaluation();
  }

  /**
   * A batch as the attack changes it.
   *
   * @param x N×C×H×W normalised images
   * @param labels N
   * @param normalisation by which they were normalised
   * @param number the batch's, which the random start is drawn from
   * @return N×C×H×W normalised images
   */
  Tensor attacked(Model model, Tensor x, Tensor labels, Normalisation normalisation, int number) {
    final Tensor deviation = perChannel(normalisation.deviation()); // 1×C×1×1
    final Tensor mean = perChannel(normalisation.mean());
    final Tensor pixels; // N×C×H×W
    Tensor change;
    try (NoGradGuard off = new NoGradGuard()) {
      pixels = clamped(x.mul(deviation).add(mean), 0, 1);
      change = method == Method.PGD ? allowed(start(x, number), pixels) : torch.zeros_like(x);
    }
    final double step = method == Method.PGD ? Math.min(1, REACH / steps) * epsilon : epsilon;
    for (int i = 0; i < (method == Method.PGD ? steps : 1); i++) {
      final Tensor gradient = gradient(model, x.add(change.div(deviation)), labels);
      try (NoGradGuard off = new NoGradGuard()) {
        change = allowed(change.add(gradient.sign().mul(new Scalar(step))), pixels);
      }
    }
    try (NoGradGuard off = new NoGradGuard()) {
      return x.add(change.div(deviation)); // adds 0 where ε is, so that these are the images
    }
  }

  private Tensor start(Tensor x, int number) {
    torch.manual_seed(seed * 1_000_003 + number);
    return torch.rand_like(x).mul(new Scalar(2 * epsilon)).sub(new Scalar(epsilon));
  }

  /** The nearest change of at most ε that leaves pixels from 0 to 1. */
  private Tensor allowed(Tensor change, Tensor pixels) {
    return clamped(pixels.add(clamped(change, -epsilon, epsilon)), 0, 1).sub(pixels);
  }

  private static Tensor clamped(Tensor x, double low, double high) {
    return x.clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
  }

  /** ∂L/∂x; its sign is that of ∂L/∂u, since deviations are above 0. */
  private static Tensor gradient(Model model, Tensor x, Tensor labels) {
    try (AutoGradMode on = new AutoGradMode(true)) {
      final Tensor leaf = x.detach().set_requires_grad(true);
      final Tensor loss = torch.cross_entropy_loss(model.network().forward(leaf), labels);
      return Autograd.gradients(loss, new Tensor(), List.of(leaf), false).getFirst();
    }
  }

  private static Tensor perChannel(double[] values) {
    final float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    return Tensor.create(rounded, 1, rounded.length, 1, 1);
  }
}
