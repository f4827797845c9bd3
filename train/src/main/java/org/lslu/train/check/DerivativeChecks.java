package org.lslu.train.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.train.check.ErrorScale.Expected;

/** The formula's own derivatives against central differences, all in double. */
final class DerivativeChecks {
  private static final double BOUND = 1e-6;
  private static final String COMPARES = "formula's derivative with central differences";

  private final Truth truth;
  private final List<double[]> sets;
  private final List<Float> inputs = new ArrayList<>();
  private final ActivationFunction.Curve curve;

  DerivativeChecks(Truth truth, long seed) {
    this.truth = truth;
    this.curve = truth.checked().curve();
    final Samples samples = new Samples(truth, seed);
    sets = samples.parameterSets();
    for (final float x : Samples.grid(16)) {
      inputs.add(x);
    }
    for (int i = 0; i < 31; i++) {
      inputs.add(samples.input());
    }
  }

  List<Check> all() {
    final List<Check> checks = new ArrayList<>();
    checks.add(byInput());
    int first = 0;
    for (final Parameter parameter : truth.function().parameters()) {
      checks.add(byParameter(parameter, first));
      first += parameter.length();
    }
    return checks;
  }

  private Check byInput() {
    final LargestError errors = new LargestError();
    for (final double[] set : sets) {
      for (final double x : inputs) {
        final Expected[] here = truth.at(x, set);
        compare(errors, v -> curve.at(v, set), x, here[0], here[1].value(), () -> "", x, set);
      }
    }
    return errors.check("derivative by x", COMPARES, BOUND);
  }

  private Check byParameter(Parameter parameter, int first) {
    final LargestError errors = new LargestError();
    for (final double[] set : sets) {
      for (final double x : inputs) {
        final Expected[] here = truth.at(x, set);
        for (int i = first; i < first + parameter.length(); i++) {
          final int place = i;
          final DoubleUnaryOperator f =
              v -> {
                final double[] moved = set.clone();
                moved[place] = v;
                return curve.at(x, moved);
              };
          final double own = here[2 + i].value();
          compare(
              errors, f, set[i], here[0], own, () -> truth.parameterName(place) + " at ", x, set);
        }
      }
    }
    return errors.check("derivative by " + parameter.name(), COMPARES, BOUND);
  }

  private void compare(
      LargestError errors,
      DoubleUnaryOperator f,
      double at,
      Expected value,
      double derivative,
      java.util.function.Supplier<String> what,
      double x,
      double[] set) {
    final NumericDerivative numeric = NumericDerivative.of(f, at, value.scale());
    switch (numeric.kind()) {
      case OUTSIDE -> errors.count("outside the domain");
      case KINK -> errors.count("on a kink");
      case SMOOTH -> {
        final double size = Math.max(1, Math.abs(numeric.value()));
        final double off = Math.abs(derivative - numeric.value());
        final double error = off / size;
        if (error > BOUND && !truth.isSmooth(x, set)) {
          errors.count("on a kink"); // kinks that cancel: relu(x) - relu(-x) at 0
          return;
        }
        if (error > BOUND && off < 10 * numeric.uncertainty()) {
          errors.count("too steep for differences");
          return;
        }
        errors.add(
            error,
            () ->
                "%s%s: derivative %s, differences %s"
                    .formatted(
                        what.get(),
                        truth.place(x, set),
                        Truth.number(derivative),
                        Truth.number(numeric.value())));
      }
    }
  }
}
