package org.lslu.train.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expressions;
import org.lslu.function.Gradient;
import org.lslu.function.Sharing;
import org.lslu.function.Tape;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.train.check.ErrorScale.Expected;

/**
 * The gradient of the gradient: of Σ w·dx, with dx = dy·f′(x), by x and by every parameter value,
 * against central differences of f′ in double.
 */
final class DoubleBackwardCheck {
  /** Float32 operations that LibTorch differentiates once more, by its own rules. */
  private static final double BOUND = 1e-5;

  private static final int CHANNELS = 3;
  private static final int ROWS = 7;
  private static final int ATTEMPTS = 20;

  private final Truth truth;
  private final Samples samples;
  private final ActivationFunction.Curve slope;
  private final ErrorScale second;
  private final LargestError errors = new LargestError();

  DoubleBackwardCheck(Truth truth, long seed) {
    this.truth = truth;
    this.second = second(truth);
    this.samples = new Samples(truth, seed);
    this.slope = truth.function().derivative();
  }

  /** The derivatives of f′ by x and by every parameter value: for the scale of their errors. */
  private static ErrorScale second(Truth truth) {
    final ActivationFunction function = truth.function();
    final Expression slope = Gradient.by(new Expression.Input(), function.expression());
    final Map<Leaf, Expression> gradient = Gradient.of(slope);
    final List<Expression> wanted = new ArrayList<>();
    wanted.add(gradient.getOrDefault(new Expression.Input(), Expressions.constant(0)));
    function.parameters().stream()
        .flatMap(parameter -> parameter.elements().stream())
        .map(element -> gradient.getOrDefault(element, Expressions.constant(0)))
        .forEach(wanted::add);
    return new ErrorScale(Tape.of(wanted));
  }

  Check check() {
    final Sharing sharing = truth.parameterCount() == 0 ? Sharing.layer() : Sharing.channel();
    final double[][] sets = new double[sharing.sets(CHANNELS)][];
    for (int set = 0; set < sets.length; set++) {
      sets[set] = samples.parameters();
    }
    compare(sharing, sets);
    return errors.check(
        "double backward", "gradients of the float32 gradient with central differences", BOUND);
  }

  private void compare(Sharing sharing, double[][] sets) {
    final float[] x = new float[ROWS * CHANNELS];
    final float[] dy = new float[x.length];
    final float[] weights = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = input(sets[i % CHANNELS % sets.length]);
      dy[i] = samples.upstream();
      weights[i] = samples.upstream();
    }
    final LayerRun run;
    try (PointerScope scope = new PointerScope()) {
      final ActivationLayer layer = LayerRun.layer(truth.checked(), sharing, CHANNELS, sets);
      run = LayerRun.twice(layer, tensor(x), tensor(dy), tensor(weights), sets.length);
    }
    final double[][] sums = new double[sets.length][truth.parameterCount()];
    final double[][] sizes = new double[sets.length][truth.parameterCount()];
    final boolean[][] isKnown = new boolean[sets.length][truth.parameterCount()];
    Arrays.stream(isKnown).forEach(row -> Arrays.fill(row, true));
    for (int i = 0; i < x.length; i++) {
      final int set = i % CHANNELS % sets.length;
      final double at = x[i];
      final double factor = (double) weights[i] * dy[i];
      final Expected[] scales = second.at(truth.leaves(at, sets[set]));
      final NumericDerivative byX = bend(at, sets[set]);
      if (byX.kind() == NumericDerivative.Kind.SMOOTH) {
        final double found = run.dx()[i];
        final double wanted = factor * byX.value();
        final String place = truth.place(at, sets[set]);
        add(found, wanted, Math.abs(factor) * Math.max(1, scales[0].scale()), place);
      } else {
        errors.count("on a kink");
      }
      for (int p = 0; p < truth.parameterCount(); p++) {
        final NumericDerivative byParameter = bend(at, sets[set], p);
        isKnown[set][p] &= byParameter.kind() == NumericDerivative.Kind.SMOOTH;
        sums[set][p] += factor * byParameter.value();
        sizes[set][p] += Math.abs(factor) * Math.max(1, scales[1 + p].scale());
      }
    }
    for (int set = 0; set < sets.length; set++) {
      for (int p = 0; p < truth.parameterCount(); p++) {
        if (isKnown[set][p]) {
          final String place = "set %d, by %s".formatted(set, truth.parameterName(p));
          add(run.parameters()[set][p], sums[set][p], sizes[set][p], place);
        } else {
          errors.count("on a kink");
        }
      }
    }
  }

  private static Tensor tensor(float[] values) {
    return Tensor.create(values, ROWS, CHANNELS);
  }

  /** An input where f and f′ have derivatives, where one is found. */
  private float input(double[] set) {
    float x = samples.smoothInput(set);
    for (int i = 0; i < ATTEMPTS && bend(x, set).kind() != NumericDerivative.Kind.SMOOTH; i++) {
      x = samples.smoothInput(set);
    }
    return x;
  }

  private NumericDerivative bend(double x, double[] set) {
    return NumericDerivative.of(v -> slope.at(v, set), x, truth.at(x, set)[1].scale());
  }

  private NumericDerivative bend(double x, double[] set, int place) {
    final DoubleUnaryOperator f =
        v -> {
          final double[] moved = set.clone();
          moved[place] = v;
          return slope.at(x, moved);
        };
    return NumericDerivative.of(f, set[place], truth.at(x, set)[1].scale());
  }

  private void add(double found, double wanted, double scale, String place) {
    errors.add(
        Truth.error(found, new Expected(wanted, scale)),
        () -> "%s: layer %s, differences %s".formatted(place, Truth.number(found), wanted));
  }
}
