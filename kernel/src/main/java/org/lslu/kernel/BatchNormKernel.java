package org.lslu.kernel;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.subtract;
import static org.lslu.function.Expressions.x;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lslu.function.ActivationFunction;
import org.lslu.function.CoefficientProgram;
import org.lslu.function.Composition;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Addend;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Upstream;
import org.lslu.function.Gradient;
import org.lslu.function.Hoisting;
import org.lslu.function.Tape;

/*
 * With s = γ/√(σ² + ε), a centre m (μ rounded to float32) and t = β + s·(m − μ) the norm is the line
 * u = s·(x − m) + t: x − m is exact where it matters, near m, however large the mean. So y = f(u) is an
 * expression of x like any other, with three more coefficients in every channel.
 *
 * Backward, with du = dy·f′(u) and its sums A = Σ du and B = Σ du·(x − m):
 *
 *     dβ = A,  dγ = (B + (m − μ)·A)/√(σ² + ε)
 *     dx = s·du + a + b·(x − m),  b = −s/√(σ² + ε)·dγ/N,  a = −s·dβ/N + b·(m − μ)
 *
 * where N is 0⁻¹, and dx = s·du, if μ and σ² do not depend on x. The first pass only sums, the second
 * only writes; u is computed again in both, which is cheaper than to keep it in memory.
 *
 * With a second array r that is added to u, the first pass writes dr = du, and the second is that of a
 * norm alone.
 */
/**
 * A batch norm and the activation behind it in the passes of the norm alone: y = f(γ·(x − μ)/√(σ² +
 * ε) + β + r), where r, a residual block's shortcut, may be absent.
 *
 * <p>Forward one pass (and one before it for the {@link ChannelSums} of x, in training); backward
 * two, which give the gradients of x, r, γ, β and all parameters of f. Kernels have no state and
 * serve any number of threads at once.
 */
public final class BatchNormKernel {
  private static final Map<String, Pass> COMPILED = new ConcurrentHashMap<>();

  /** The coefficients behind those of f. */
  private enum Own {
    SCALE,
    CENTRE,
    SHIFT,
    OFFSET,
    SLOPE
  }

  private final Provider provider;
  private final CoefficientProgram program;
  private final int functionCoefficients;
  private final boolean isAdded;
  private final String key;
  private final Expression value;
  private final Expression derivative;
  private final List<Expression> terms;
  private final List<Integer> termCoefficients;
  private final Storage storage;

  private BatchNormKernel(ActivationFunction function, boolean isAdded, Provider provider) {
    this.provider = provider;
    this.isAdded = isAdded;
    storage = Storage.FLOAT32;
    terms = new ArrayList<>();
    termCoefficients = new ArrayList<>();
    final Hoisting hoisting = Hoisting.of(function.expression());
    program = new CoefficientProgram(hoisting.coefficients(), function.parameters());
    functionCoefficients = hoisting.coefficients().size();
    key = provider + Tape.of(hoisting.body()).signature() + functionCoefficients + isAdded;
    final Map<Leaf, Expression> gradient = Gradient.of(hoisting.body(), new Upstream());
    final List<Expression> outer = new ArrayList<>();
    outer.add(hoisting.body());
    outer.add(gradient.getOrDefault(new Input(), constant(0)));
    for (int k = 0; k < functionCoefficients; k++) {
      final Expression term = gradient.get(new Coefficient(k));
      if (term != null) {
        outer.add(term);
        termCoefficients.add(k);
      }
    }
    final Expression line = add(multiply(own(Own.SCALE), centred()), own(Own.SHIFT));
    final List<Expression> composed =
        Composition.of(outer, isAdded ? add(line, new Addend()) : line);
    value = composed.get(0);
    derivative = composed.get(1);
    terms.add(derivative);
    terms.add(multiply(derivative, centred()));
    terms.addAll(composed.subList(2, composed.size()));
  }

  private BatchNormKernel(BatchNormKernel other, Storage storage) {
    this.storage = storage;
    provider = other.provider;
    program = other.program;
    functionCoefficients = other.functionCoefficients;
    isAdded = other.isAdded;
    key = other.key;
    value = other.value;
    derivative = other.derivative;
    terms = other.terms;
    termCoefficients = other.termCoefficients;
  }

  /**
   * The same kernel for an x and a dx that lie otherwise in memory. All other arrays stay float32,
   * and so does all that is computed.
   */
  public BatchNormKernel of(Storage storage) {
    return storage == this.storage ? this : new BatchNormKernel(this, storage);
  }

  /**
   * The kernel of a norm before a function, on the widest vectors there are.
   *
   * @param function f; the identity for a norm alone
   * @param isAdded whether there is an r
   */
  public static BatchNormKernel of(ActivationFunction function, boolean isAdded) {
    return of(function, isAdded, Provider.best());
  }

  /** The kernel in the code of one provider, for comparing them. */
  public static BatchNormKernel of(
      ActivationFunction function, boolean isAdded, Provider provider) {
    return new BatchNormKernel(function, isAdded, provider);
  }

  private Coefficient own(Own which) {
    return new Coefficient(functionCoefficients + which.ordinal());
  }

  private Expression centred() {
    return subtract(x(), own(Own.CENTRE));
  }

  /** dx for a gradient du that arrives at u. */
  private Expression byInput(Expression du) {
    return add(
        multiply(own(Own.SCALE), du), add(multiply(own(Own.SLOPE), centred()), own(Own.OFFSET)));
  }

  private Pass valuePass() {
    return pass("value", true, Storage.FLOAT32, () -> List.of(value));
  }

  private Pass sumsPass() {
    return pass("sums", false, Storage.FLOAT32, () -> terms);
  }

  /** The sums, and dr written. */
  private Pass addendPass() {
    return pass("addend", true, Storage.FLOAT32, () -> joined(derivative));
  }

  /** dx and the sums, where dx does not wait for them. */
  private Pass wholePass() {
    return pass("whole", true, storage, () -> joined(multiply(own(Own.SCALE), derivative)));
  }

  /** dx from dy and the sums; with r, from dr and the sums. */
  private Pass inputPass() {
    return pass(
        "input", true, storage, () -> List.of(byInput(isAdded ? new Upstream() : derivative)));
  }

  private List<Expression> joined(Expression first) {
    final List<Expression> all = new ArrayList<>();
    all.add(first);
    all.addAll(terms);
    return all;
  }

  private Pass pass(
      String name,
      boolean writes,
      Storage out,
      java.util.function.Supplier<List<Expression>> expressions) {
    return COMPILED.computeIfAbsent(
        name + key + storage,
        _ ->
            Pass.compile(
                provider,
                Program.of(expressions.get()),
                writes,
                functionCoefficients + Own.values().length,
                storage,
                out));
  }

  /** How many parameter values of f a set has, all parameters flattened in declaration order. */
  public int parameterCount() {
    return program.parameterCount();
  }

  /**
   * y = f(norm(x) + r).
   *
   * @param x as many elements as the layout has
   * @param addend r, as many; {@link MemorySegment#NULL} where the kernel has none
   * @param y as many; may be r itself, and x where that is float32
   * @param layout how all are laid out, with a set for each channel
   * @param norm the norm
   * @param parameters f's, one array of values a set, each flattened in declaration order; the sets
   *     share the channels evenly
   * @param workers who shares the work
   */
  public void forward(
      MemorySegment x,
      MemorySegment addend,
      MemorySegment y,
      Layout layout,
      Normalisation norm,
      double[][] parameters,
      Workers workers) {
    check(layout, norm, parameters);
    requireRoom(layout, storage, x);
    requireRoom(layout, Storage.FLOAT32, addend, y);
    valuePass()
        .run(
            new Pass.Arrays(x, addend, MemorySegment.NULL, y),
            layout,
            coefficients(norm, parameters),
            workers);
  }

  /**
   * The gradients of everything.
   *
   * @param x the input of the forward pass
   * @param addend r of the forward pass; {@link MemorySegment#NULL} where the kernel has none
   * @param dy the gradient that arrives at y
   * @param dx the gradient by x, which is written; may be dy itself where x is float32
   * @param daddend the gradient by r, which is written; may be dy itself, but not dx; {@link
   *     MemorySegment#NULL} where the kernel has none
   * @param layout how all are laid out, with a set for each channel
   * @param norm the norm
   * @param parameters f's, as in the forward pass
   * @param workers who shares the work
   */
  public Gradients backward(
      MemorySegment x,
      MemorySegment addend,
      MemorySegment dy,
      MemorySegment dx,
      MemorySegment daddend,
      Layout layout,
      Normalisation norm,
      double[][] parameters,
      Workers workers) {
    check(layout, norm, parameters);
    requireRoom(layout, storage, x, dx);
    requireRoom(layout, Storage.FLOAT32, addend, dy, daddend);
    final double[][] coefficients = coefficients(norm, parameters);
    final double[][] sums;
    if (isAdded) {
      sums =
          addendPass().run(new Pass.Arrays(x, addend, dy, daddend), layout, coefficients, workers);
    } else if (norm.count() == 0) {
      sums = wholePass().run(new Pass.Arrays(x, addend, dy, dx), layout, coefficients, workers);
    } else {
      sums =
          sumsPass()
              .run(
                  new Pass.Arrays(x, addend, dy, MemorySegment.NULL),
                  layout,
                  coefficients,
                  workers);
    }
    final Gradients gradients = gradients(norm, parameters, coefficients, sums);
    if (isAdded || norm.count() > 0) {
      giveToInput(norm, gradients, coefficients);
      inputPass()
          .run(
              new Pass.Arrays(x, addend, isAdded ? daddend : dy, dx),
              layout,
              coefficients,
              workers);
    }
    return gradients;
  }

  /**
   * What a backward pass gives beside the large arrays.
   *
   * @param gamma by γ for each channel
   * @param beta by β for each channel
   * @param parameters by f's parameters, for each set
   */
  public record Gradients(double[] gamma, double[] beta, double[][] parameters) {}

  private double[][] coefficients(Normalisation norm, double[][] parameters) {
    final double[][] ofSet = new double[parameters.length][];
    for (int set = 0; set < ofSet.length; set++) {
      ofSet[set] = program.values(parameters[set]);
    }
    final double[][] all = new double[norm.channels()][];
    for (int c = 0; c < all.length; c++) {
      final double[] own =
          Arrays.copyOf(
              ofSet[set(c, norm, parameters)], functionCoefficients + Own.values().length);
      final double scale = norm.gamma()[c] / norm.deviations()[c];
      put(own, Own.SCALE, scale);
      put(own, Own.CENTRE, (float) norm.means()[c]);
      put(own, Own.SHIFT, norm.beta()[c] + scale * rounding(norm, c));
      all[c] = own;
    }
    return all;
  }

  private void put(double[] coefficients, Own which, double value) {
    coefficients[functionCoefficients + which.ordinal()] = value;
  }

  /** m − μ: what the centre has too much. */
  private static double rounding(Normalisation norm, int channel) {
    return (float) norm.means()[channel] - norm.means()[channel];
  }

  private static int set(int channel, Normalisation norm, double[][] parameters) {
    return (int) ((long) channel * parameters.length / norm.channels());
  }

  private Gradients gradients(
      Normalisation norm, double[][] parameters, double[][] coefficients, double[][] sums) {
    final double[] gamma = new double[sums.length];
    final double[] beta = new double[sums.length];
    final double[][] ofSet = new double[parameters.length][functionCoefficients];
    for (int c = 0; c < sums.length; c++) {
      beta[c] = sums[c][0];
      gamma[c] = (sums[c][1] + rounding(norm, c) * sums[c][0]) / norm.deviations()[c];
      final double[] into = ofSet[set(c, norm, parameters)];
      for (int k = 0; k < termCoefficients.size(); k++) {
        into[termCoefficients.get(k)] += sums[c][2 + k];
      }
    }
    final double[][] ofParameters = new double[parameters.length][];
    for (int set = 0; set < ofSet.length; set++) {
      ofParameters[set] = program.pullback(parameters[set], ofSet[set]);
    }
    return new Gradients(gamma, beta, ofParameters);
  }

  /** Sets the line that x's gradient has beside s·du. */
  private void giveToInput(Normalisation norm, Gradients gradients, double[][] coefficients) {
    if (norm.count() == 0) {
      return; // 0, as they were made
    }
    for (int c = 0; c < coefficients.length; c++) {
      final double scale = norm.gamma()[c] / norm.deviations()[c];
      final double slope = -scale / norm.deviations()[c] * gradients.gamma()[c] / norm.count();
      put(coefficients[c], Own.SLOPE, slope);
      put(
          coefficients[c],
          Own.OFFSET,
          -scale * gradients.beta()[c] / norm.count() + slope * rounding(norm, c));
    }
  }

  private void check(Layout layout, Normalisation norm, double[][] parameters) {
    if (layout.sets() != layout.channels() || norm.channels() != layout.channels()) {
      throw new IllegalArgumentException(
          "%d sets and a norm of %d channels for %d channels; one for each is expected"
              .formatted(layout.sets(), norm.channels(), layout.channels()));
    }
    if (parameters.length < 1 || layout.channels() % parameters.length != 0) {
      throw new IllegalArgumentException(
          "%d parameter sets for %d channels; the sets must divide the channels"
              .formatted(parameters.length, layout.channels()));
    }
    for (final double[] set : parameters) {
      if (set.length != parameterCount()) {
        throw new IllegalArgumentException(
            "a set of %d values, but the function has %d".formatted(set.length, parameterCount()));
      }
    }
  }

  private void requireRoom(Layout layout, Storage storage, MemorySegment... segments) {
    for (final MemorySegment segment : segments) {
      final boolean isAbsent = !isAdded && segment.equals(MemorySegment.NULL);
      if (!isAbsent && segment.byteSize() < layout.elements() * storage.bytes()) {
        throw new IllegalArgumentException(
            "%d bytes of memory for %d %s elements"
                .formatted(segment.byteSize(), layout.elements(), storage));
      }
    }
  }
}
