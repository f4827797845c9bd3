package org.lslu.torch.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.torch.Shapes;
import org.lslu.torch.deploy.NetworkStep.Activation;
import org.lslu.torch.deploy.NetworkStep.AdaptivePool;
import org.lslu.torch.deploy.NetworkStep.Convolution;
import org.lslu.torch.deploy.NetworkStep.Norm;
import org.lslu.torch.deploy.NetworkStep.Pool;
import org.lslu.torch.deploy.NetworkStep.Product;
import org.lslu.torch.deploy.NetworkStep.Sum;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Conv2d;

/*
 * Two rules, both exact, and one for activations:
 *
 *     BN(W*x + b)    = (t·W)*x + t·(b − μ) + β   with t = γ/√(σ² + ε), channel by channel
 *     V(W*x + b) + c = (V·W)*x + V·b + c         with V a 1×1 convolution
 *
 * In both the zeros that pad x stand before W, on both sides of the equation alike. The third rule
 * that suggests itself, LSLU's ω moved over the depth-wise convolution behind it into the bias, is
 * none: at the border the convolution sees padding, to which ω was not added.
 *
 * But an activation that is a line within bounds, as LSLU is with its values known, can give its
 * line to the convolution before it, and keeps the bounds:
 *
 *     clamp(A·(W*x + b) + C, l, h)          = clamp((A·W)*x + A·b + C, l, h)
 *     clamp(A·max(W*x + b) + C, l, h)       = clamp(max((A·W)*x + A·b + C), l, h)    for A > 0
 *     V*clamp(A·max(W*x + b) + C, l, h) + c = (−V)*clamp(−A·max(W*x + b) − C, −h, −l) + c
 *
 * the max being that of a pool, which a rising line passes through. By the third a falling line
 * becomes a rising one; the zeros that pad V's input are their own negatives.
 */
/** Folds batch norms into convolutions and merges convolutions, in double precision. */
final class Folding {
  private final List<NetworkStep> folded = new ArrayList<>();

  /** Whether the last step gives the negative of what it should, for a convolution to put right. */
  private boolean isNegated;

  private Folding() {}

  /** The same function in fewer steps. */
  static List<NetworkStep> fold(List<NetworkStep> steps) {
    final Folding folding = new Folding();
    for (int i = 0; i < steps.size(); i++) {
      folding.add(steps.get(i), i + 1 < steps.size() && steps.get(i + 1) instanceof Convolution);
    }
    return List.copyOf(folding.folded);
  }

  private void add(NetworkStep step, boolean isBeforeConvolution) {
    final NetworkStep last = folded.isEmpty() ? new NetworkStep.Flattened() : folded.getLast();
    switch (step) {
      case Norm norm when last instanceof Convolution convolution ->
          replaceLast(normed(convolution, norm));
      case Norm norm -> folded.add(alone(norm));
      case Convolution next when last instanceof Convolution first && canMerge(first, next) ->
          replaceLast(merged(first, next));
      case Convolution next when isNegated -> {
        isNegated = false;
        folded.add(scaled(next, -1, next.bias()));
      }
      case Activation(ActivationLayer layer) when layer.sets() == 1 ->
          addActivation(step, layer, isBeforeConvolution);
      case Sum sum -> folded.add(new Sum(fold(sum.branch()), fold(sum.shortcut())));
      case Product product -> folded.add(new Product(fold(product.gate())));
      default -> folded.add(step);
    }
  }

  private void addActivation(NetworkStep step, ActivationLayer layer, boolean canNegate) {
    final ActivationFunction fixed = FixedFunction.of(layer.function(), layer.values()[0]);
    final int pools = !folded.isEmpty() && isMaxPool(folded.getLast()) ? 1 : 0;
    final int place = folded.size() - 1 - pools;
    final Optional<ClampedLine> found = ClampedLine.of(fixed);
    if (found.isEmpty()
        || place < 0
        || !(folded.get(place) instanceof Convolution convolution)
        || found.get().slope() < 0 && pools > 0 && !canNegate) {
      folded.add(step);
      return;
    }
    isNegated = found.get().slope() < 0 && pools > 0;
    final ClampedLine line = isNegated ? found.get().negated() : found.get();
    if (!line.isPlain()) {
      folded.set(
          place,
          scaled(
              convolution,
              line.slope(),
              convolution.bias().mul(new Scalar(line.slope())).add(new Scalar(line.offset()))));
    }
    folded.add(new Activation(new ActivationLayer(line.clamp(), layer.channels())));
  }

  private static boolean isMaxPool(NetworkStep step) {
    return step instanceof Pool || step instanceof AdaptivePool;
  }

  private static Convolution scaled(Convolution convolution, double factor, Tensor bias) {
    return new Convolution(
        convolution.from(),
        convolution.weight().mul(new Scalar(factor)),
        bias,
        convolution.geometry(),
        convolution.groups());
  }

  private void replaceLast(NetworkStep step) {
    folded.removeLast();
    folded.add(step);
  }

  private static Convolution normed(Convolution convolution, Norm norm) {
    final Tensor t = factor(norm); // O
    return new Convolution(
        convolution.from() + "+" + norm.from(),
        convolution.weight().mul(t.reshape(-1, 1, 1, 1)),
        convolution.bias().sub(norm.mean()).mul(t).add(norm.shift()),
        convolution.geometry(),
        convolution.groups());
  }

  /** A batch norm with no convolution before it, as a depth-wise one of a single tap. */
  private static Convolution alone(Norm norm) {
    final Tensor t = factor(norm); // C
    return new Convolution(
        norm.from(),
        t.reshape(-1, 1, 1, 1),
        norm.shift().sub(norm.mean().mul(t)),
        Conv2d.Geometry.of(1, 0),
        (int) t.size(0));
  }

  private static Tensor factor(Norm norm) {
    return norm.scale().div(norm.variance().add(new Scalar(norm.epsilon())).sqrt());
  }

  /** Whether one convolution can stand for both and does not cost more. */
  private static boolean canMerge(Convolution first, Convolution next) {
    if (first.groups() != 1 || !next.isPointwise()) {
      return false;
    }
    final long between = first.weight().size(0);
    final long outputs = next.weight().size(0);
    final long terms = first.weight().numel() / between;
    return terms * outputs <= terms * between + between * outputs;
  }

  private static Convolution merged(Convolution first, Convolution next) {
    final long[] shape = Shapes.of(first.weight());
    final Tensor v = next.weight().flatten(1, -1); // O×M
    final Tensor w = first.weight().flatten(1, -1); // M×(C·K·K)
    return new Convolution(
        first.from() + "+" + next.from(),
        v.matmul(w).reshape(v.size(0), shape[1], shape[2], shape[3]),
        v.matmul(first.bias()).add(next.bias()),
        first.geometry(),
        1);
  }
}
