package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.lslu.function.ActivationFunction;
import org.lslu.function.CoefficientProgram;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expressions;
import org.lslu.function.Gradient;
import org.lslu.function.Hoisting;
import org.lslu.function.Tape;

/**
 * What a kernel is to give, in double precision, and how near it must come: values to 2e-6·(1 +
 * |y|), dx to 1e-5·|dy|·(1 + |f′|), and parameter gradients to 1e-5 of the sum of the magnitudes of
 * all that is added up for them.
 */
final class DoubleReference {
  static final double VALUE_BOUND = 2e-6;
  static final double GRADIENT_BOUND = 1e-5;

  private final ActivationFunction function;
  private final List<Element> elements;
  private final Tape all; // f, ∂f/∂x, ∂f/∂p₀ …
  private final List<Leaf> leaves;
  private final CoefficientProgram program;
  private final Tape terms; // ∂body/∂c₀ …
  private final List<Leaf> termLeaves;
  private final boolean hasTables;

  DoubleReference(ActivationFunction function) {
    this.function = function;
    elements = function.parameters().stream().flatMap(p -> p.elements().stream()).toList();
    final Expression zero = Expressions.constant(0);
    final Map<Leaf, Expression> gradient = Gradient.of(function.expression());
    final List<Expression> wanted = new ArrayList<>();
    wanted.add(function.expression());
    wanted.add(gradient.getOrDefault(new Input(), zero));
    elements.forEach(element -> wanted.add(gradient.getOrDefault(element, zero)));
    all = Tape.of(wanted);
    leaves = all.leaves();
    final Hoisting hoisting = Hoisting.of(function.expression());
    program = new CoefficientProgram(hoisting.coefficients(), function.parameters());
    final Map<Leaf, Expression> ofBody = Gradient.of(hoisting.body());
    final List<Expression> each = new ArrayList<>();
    for (int k = 0; k < hoisting.coefficients().size(); k++) {
      each.add(ofBody.getOrDefault(new Coefficient(k), zero));
    }
    terms = Tape.of(each);
    termLeaves = terms.leaves();
    hasTables =
        all.steps().stream().anyMatch(step -> step.operation() instanceof Tape.Operation.Pick);
  }

  /** {f, ∂f/∂x, ∂f/∂p₀ …} at x. */
  double[] at(double x, double[] parameters) {
    final double[] given = new double[leaves.size()];
    for (int i = 0; i < given.length; i++) {
      given[i] =
          leaves.get(i) instanceof Element element ? parameters[elements.indexOf(element)] : x;
    }
    return all.evaluate(given);
  }

  /** |∂f/∂c₀| … at x. */
  private double[] terms(double x, double[] coefficients) {
    final double[] given = new double[termLeaves.size()];
    for (int i = 0; i < given.length; i++) {
      given[i] = termLeaves.get(i) instanceof Coefficient(int index) ? coefficients[index] : x;
    }
    return terms.evaluate(given);
  }

  /** Parameters near the initial ones, or of both signs. */
  double[][] parameters(int sets, Random random, double deviation) {
    final double[][] parameters = new double[sets][];
    for (int set = 0; set < sets; set++) {
      parameters[set] = function.initialValues();
      for (int j = 0; j < parameters[set].length; j++) {
        parameters[set][j] += deviation * random.nextGaussian();
        if (random.nextInt(6) == 0) {
          parameters[set][j] = -parameters[set][j];
        }
      }
    }
    return parameters;
  }

  /** Inputs away from kinks, where float32 could fall on the other side. */
  float[] inputs(Layout layout, double[][] parameters, Random random) {
    final float[] x = new float[(int) layout.elements()];
    int refused = 0;
    for (int i = 0; i < x.length; i++) {
      final double[] own = parameters[set(layout, i)];
      x[i] = (float) (2 * random.nextGaussian());
      for (int tries = 0; tries < 50 && !isSmooth(x[i], own); tries++) {
        x[i] = (float) (2 * random.nextGaussian());
        refused++;
      }
    }
    assertThat(refused)
        .as("inputs refused near kinks of %s", function.id())
        .isLessThanOrEqualTo(3 + x.length / 20);
    return x;
  }

  private boolean isSmooth(double x, double[] parameters) {
    final double step = 1e-5 * (1 + Math.abs(x));
    final double[] before = at(x - step, parameters);
    final double[] after = at(x + step, parameters);
    for (int i = 1; i < before.length; i++) {
      if (Math.abs(before[i] - after[i]) > 1e-3 * (1 + Math.abs(after[i]))) {
        return false;
      }
    }
    return true;
  }

  static float[] upstream(int size, Random random) {
    final float[] dy = new float[size];
    for (int i = 0; i < size; i++) {
      dy[i] = (float) random.nextGaussian();
    }
    return dy;
  }

  /** The set of the element at a place: by the definition, not by the kernel's way. */
  static int set(Layout layout, long place) {
    final long channel = place / layout.inner() % layout.channels();
    return (int) (channel * layout.sets() / layout.channels());
  }

  /** |∂f/∂c|; of a table's entry, a share of 1 that is as exact as x's place in its segment. */
  private double weight(double term) {
    return hasTables && term != 0 ? Math.max(1, Math.abs(term)) : Math.abs(term);
  }

  /**
   * Σ|∂f/∂c·c| of a function with tables, else 0: its knots lie where rounded coefficients put
   * them, which between steep segments moves the value by more than its own rounding.
   */
  private double rounding(double x, double[] parameters) {
    if (!hasTables) {
      return 0;
    }
    final double[] coefficients = program.values(parameters);
    final double[] each = terms(x, coefficients);
    double sum = 0;
    for (int k = 0; k < each.length; k++) {
      sum += Math.abs(each[k] * coefficients[k]);
    }
    return sum;
  }

  void checkForward(Layout layout, double[][] parameters, float[] x, float[] y, String where) {
    assertThat(y).as(where).hasSameSizeAs(x);
    for (int i = 0; i < y.length; i++) {
      final double[] own = parameters[set(layout, i)];
      final double wanted = at(x[i], own)[0];
      final double bound = VALUE_BOUND * (1 + Math.abs(wanted) + rounding(x[i], own));
      if (!(Math.abs(y[i] - wanted) <= bound)) {
        assertThat((double) y[i])
            .as("%s: y[%d] at x = %s", where, i, x[i])
            .isCloseTo(wanted, org.assertj.core.api.Assertions.within(bound));
      }
    }
  }

  void checkBackward(
      Layout layout,
      double[][] parameters,
      float[] x,
      float[] dy,
      float[] dx,
      double[][] gradients,
      String where) {
    final double[][] sums = new double[layout.sets()][elements.size()];
    final double[][] magnitudes = new double[layout.sets()][program.coefficientCount()];
    final double[][] coefficients = new double[layout.sets()][];
    for (int set = 0; set < coefficients.length; set++) {
      coefficients[set] = program.values(parameters[set]);
    }
    for (int i = 0; i < x.length; i++) {
      final int set = set(layout, i);
      final double[] exact = at(x[i], parameters[set]);
      assertThat(Math.abs(dx[i] - dy[i] * exact[1]))
          .as("%s: dx[%d] = %s at x = %s, f' = %s", where, i, dx[i], x[i], exact[1])
          .isLessThanOrEqualTo(GRADIENT_BOUND * Math.abs(dy[i]) * (1 + Math.abs(exact[1])));
      for (int j = 0; j < sums[set].length; j++) {
        sums[set][j] += dy[i] * exact[2 + j];
      }
      final double[] each = terms(x[i], coefficients[set]);
      for (int k = 0; k < each.length; k++) {
        magnitudes[set][k] += Math.abs(dy[i]) * weight(each[k]);
      }
    }
    assertThat(gradients).as(where).hasNumberOfRows(layout.sets());
    for (int set = 0; set < sums.length; set++) {
      final double[] scale = scale(parameters[set], magnitudes[set]);
      for (int j = 0; j < sums[set].length; j++) {
        assertThat(Math.abs(gradients[set][j] - sums[set][j]))
            .as(
                "%s: set %d, gradient of %s, %s instead of %s",
                where, set, elements.get(j), gradients[set][j], sums[set][j])
            .isLessThanOrEqualTo(GRADIENT_BOUND * scale[j]);
      }
    }
  }

  /** Σₖ |∂cₖ/∂p|·Σ|dy·∂f/∂cₖ| for each p: what is added up for it, without signs. */
  private double[] scale(double[] parameters, double[] magnitudes) {
    final double[] scale = new double[parameters.length];
    for (int k = 0; k < magnitudes.length; k++) {
      final double[] one = new double[magnitudes.length];
      one[k] = magnitudes[k];
      final double[] pulled = program.pullback(parameters, one);
      for (int j = 0; j < scale.length; j++) {
        scale[j] += Math.abs(pulled[j]);
      }
    }
    return scale;
  }
}
