package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lslu.function.ActivationFunction;
import org.lslu.function.CoefficientProgram;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Upstream;
import org.lslu.function.Expressions;
import org.lslu.function.Gradient;
import org.lslu.function.Hoisting;
import org.lslu.function.Tape;

/**
 * An activation function compiled for float32 memory: y = f(x), and in one more pass dx = dy·f′(x)
 * with the gradients of all parameters.
 *
 * <p>What does not depend on x is computed once per parameter set in double; the rest is a loop of
 * generated vector code. Equal functions share one compiled kernel. Kernels have no state and serve
 * any number of threads at once.
 */
public final class ActivationKernel {
  private static final Map<String, Loops> COMPILED = new ConcurrentHashMap<>();

  private final CoefficientProgram coefficients;
  private final Loops loops;

  private ActivationKernel(CoefficientProgram coefficients, Loops loops) {
    this.coefficients = coefficients;
    this.loops = loops;
  }

  /** The kernel of a function, on the widest vectors there are. */
  public static ActivationKernel of(ActivationFunction function) {
    return of(function, Provider.best());
  }

  /** The kernel of a function in the code of one provider, for comparing them. */
  public static ActivationKernel of(ActivationFunction function, Provider provider) {
    final Hoisting hoisting = Hoisting.of(function.expression());
    final Map<Leaf, Expression> gradient = Gradient.of(hoisting.body(), new Upstream());
    final List<Expression> backward = new ArrayList<>();
    final List<Integer> summed = new ArrayList<>();
    backward.add(gradient.getOrDefault(new Input(), Expressions.constant(0)));
    for (int k = 0; k < hoisting.coefficients().size(); k++) {
      final Expression term = gradient.get(new Coefficient(k));
      if (term != null) {
        backward.add(term);
        summed.add(k);
      }
    }
    final String key =
        provider + Tape.of(hoisting.body()).signature() + hoisting.coefficients().size();
    final Loops loops =
        COMPILED.computeIfAbsent(
            key,
            _ ->
                Loops.compile(
                    provider,
                    Program.of(List.of(hoisting.body())),
                    Program.of(backward),
                    hoisting.coefficients().size(),
                    summed));
    return new ActivationKernel(
        new CoefficientProgram(hoisting.coefficients(), function.parameters()), loops);
  }

  /** How many parameter values a set has, all parameters flattened in declaration order. */
  public int parameterCount() {
    return coefficients.parameterCount();
  }

  /**
   * y = f(x).
   *
   * @param x float32, as many elements as the layout has
   * @param y as large as x; may be x itself
   * @param layout how both are laid out
   * @param parameters one array of values a set, each flattened in declaration order
   * @param workers who shares the work
   */
  public void forward(
      MemorySegment x, MemorySegment y, Layout layout, double[][] parameters, Workers workers) {
    check(layout, parameters, x, y);
    loops.forward(x, y, layout, values(parameters), workers);
  }

  /**
   * dx = dy·f′(x), and the parameters' gradients.
   *
   * @param x the input of the forward pass
   * @param dy the gradient that arrives at the output
   * @param dx the gradient that is written; may be dy itself
   * @param layout how all three are laid out
   * @param parameters one array of values a set, each flattened in declaration order
   * @param workers who shares the work
   * @return for each set the gradients of its values
   */
  public double[][] backward(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      Layout layout,
      double[][] parameters,
      Workers workers) {
    check(layout, parameters, x, dy, dx);
    return pullback(parameters, loops.backward(x, dy, dx, layout, values(parameters), workers));
  }

  Loops loops() {
    return loops;
  }

  /** For each set the gradients of its parameters, from those of its coefficients. */
  double[][] pullback(double[][] parameters, double[][] sums) {
    final double[][] gradients = new double[sums.length][];
    for (int set = 0; set < gradients.length; set++) {
      gradients[set] = coefficients.pullback(parameters[set], sums[set]);
    }
    return gradients;
  }

  /** For each set the values of its coefficients. */
  double[][] values(double[][] parameters) {
    final double[][] values = new double[parameters.length][];
    for (int set = 0; set < values.length; set++) {
      values[set] = coefficients.values(parameters[set]);
    }
    return values;
  }

  private void check(Layout layout, double[][] parameters, MemorySegment... segments) {
    if (parameters.length != layout.sets()) {
      throw new IllegalArgumentException(
          "%d parameter sets, but the layout has %d".formatted(parameters.length, layout.sets()));
    }
    for (final double[] set : parameters) {
      if (set.length != parameterCount()) {
        throw new IllegalArgumentException(
            "a set of %d values, but the function has %d".formatted(set.length, parameterCount()));
      }
    }
    for (final MemorySegment segment : segments) {
      if (segment.byteSize() < layout.elements() * Float.BYTES) {
        throw new IllegalArgumentException(
            "%d bytes of memory for %d float32 elements"
                .formatted(segment.byteSize(), layout.elements()));
      }
    }
  }
}
