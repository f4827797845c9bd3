package org.lslu.torch.layer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;
import org.lslu.torch.Autograd;
import org.lslu.torch.Shapes;

/**
 * Activation functions written by hand as LibTorch operations, in double precision, with LibTorch's
 * own derivatives: what the layer is held against.
 *
 * @param function the function that the layer gets
 * @param formula the same by LibTorch, from x and one tensor of x's shape for each parameter value
 * @param magnitude the size of what is added up on the way to y, to which rounding errors are
 *     relative: |y| itself where nothing cancels
 */
record ReferenceActivation(ActivationFunction function, Formula formula, Formula magnitude) {
  /** y from x and the parameters, flattened in declaration order. */
  @FunctionalInterface
  interface Formula {
    Tensor apply(Tensor x, Tensor[] parameters);
  }

  /** What the reference says about one input; everything row by row, as x lies. */
  record Result(double[] y, double[] magnitude, double[] dx, double[][] terms) {}

  private static ReferenceActivation plain(ActivationFunction function, Formula formula) {
    return new ReferenceActivation(function, formula, (x, p) -> formula.apply(x, p).abs());
  }

  static ReferenceActivation of(String name) {
    final ActivationFunction function = Catalogue.function(name);
    final int count = function.initialValues().length;
    if (name.startsWith("rational")) {
      final boolean versionA = !name.contains("B");
      return new ReferenceActivation(
          function, (x, p) -> rational(x, p, versionA), (x, p) -> summands(x, p, versionA));
    }
    return plain(
        function,
        switch (name) {
          case "relu" -> (x, p) -> x.relu();
          case "prelu" -> (x, p) -> x.relu().sub(p[0].mul(x.neg().relu()));
          case "gelu" -> (x, p) -> torch.gelu(x);
          case "silu" -> (x, p) -> torch.silu(x);
          case "swish" -> (x, p) -> x.mul(x.mul(p[0]).sigmoid());
          case "hard-swish" -> (x, p) -> torch.hardswish(x);
          case "elu" -> (x, p) -> torch.elu(x);
          default ->
              name.startsWith("lslu-sum")
                  ? (x, p) -> sum(x, p, count / 2)
                  : (x, p) -> chain(x, p, count / 2);
        });
  }

  /** A user's formula with two parameters. */
  static ReferenceActivation ofUser() {
    return plain(
        ActivationFunction.ofFormula(
            "alpha * tanh(x) + x * sigmoid(beta * x)",
            List.of(Parameter.of("alpha", 0.5), Parameter.of("beta", 1))),
        (x, p) -> p[0].mul(x.tanh()).add(x.mul(p[1].mul(x).sigmoid())));
  }

  /** The reference code's forward pass: n times clamp, scale, shift, and a last clamp. */
  private static Tensor chain(Tensor x, Tensor[] p, int n) {
    Tensor h = x;
    for (int i = 0; i < n; i++) {
      h = p[i].mul(h.relu()).add(p[n + i]);
    }
    return h.relu();
  }

  private static Tensor sum(Tensor x, Tensor[] p, int n) {
    Tensor sum = torch.zeros_like(x);
    for (int i = 0; i < n; i++) {
      sum = sum.add(p[i].mul(x.add(p[n + i]).relu()));
    }
    return sum;
  }

  /** P/Q of degrees 5 and 4, the family's default, power by power. */
  private static Tensor rational(Tensor x, Tensor[] p, boolean versionA) {
    Tensor numerator = torch.zeros_like(x);
    for (int i = 0; i <= 5; i++) {
      numerator = numerator.add(p[i].mul(x.pow(new Scalar(i))));
    }
    Tensor denominator = torch.zeros_like(x);
    for (int k = 1; k <= 4; k++) {
      final Tensor term = p[5 + k].mul(x.pow(new Scalar(k)));
      denominator = denominator.add(versionA ? term.abs() : term);
    }
    return numerator.div(denominator.abs().add(new Scalar(1)));
  }

  /**
   * (Σ|aᵢxⁱ| + |y|·Σ|bₖxᵏ|) / Q: P and Q are alternating sums, whose rounding errors are relative
   * to their summands and not to what is left of them.
   */
  private static Tensor summands(Tensor x, Tensor[] p, boolean versionA) {
    final Tensor one = torch.ones_like(x);
    Tensor numerator = torch.zeros_like(x);
    for (int i = 0; i <= 5; i++) {
      numerator = numerator.add(p[i].mul(x.pow(new Scalar(i))).abs());
    }
    Tensor terms = torch.zeros_like(x);
    Tensor signed = torch.zeros_like(x);
    for (int k = 1; k <= 4; k++) {
      final Tensor term = p[5 + k].mul(x.pow(new Scalar(k)));
      terms = terms.add(term.abs());
      signed = signed.add(versionA ? term.abs() : term);
    }
    final Tensor y = rational(x, p, versionA);
    return numerator.add(y.abs().mul(terms)).div(one.add(signed.abs()));
  }

  /**
   * Value and gradients.
   *
   * @param x the input; copied to double
   * @param dy the gradient that arrives, row by row
   * @param parameters for each set all values, flattened
   * @param setOf the set of each value of x, row by row
   * @return terms: for each parameter value the share of each value of x in its gradient
   */
  Result at(Tensor x, double[] dy, double[][] parameters, int[] setOf) {
    final long[] shape = Shapes.of(x);
    final Tensor leaf = Tensor.create(Values.of(x), shape).set_requires_grad(true);
    final int count = parameters[0].length;
    final Tensor[] spread =
        IntStream.range(0, count)
            .mapToObj(
                j -> {
                  final double[] all =
                      Arrays.stream(setOf).mapToDouble(set -> parameters[set][j]).toArray();
                  return Tensor.create(all, shape).set_requires_grad(true);
                })
            .toArray(Tensor[]::new);
    final Tensor y = formula.apply(leaf, spread);
    Autograd.backward(y, Tensor.create(dy, shape), false);
    return new Result(
        Values.of(y),
        Values.of(magnitude.apply(leaf.detach(), spread)),
        gradient(leaf, dy.length),
        Arrays.stream(spread).map(p -> gradient(p, dy.length)).toArray(double[][]::new));
  }

  private static double[] gradient(Tensor leaf, int size) {
    return leaf.grad().defined() ? Values.of(leaf.grad()) : new double[size];
  }
}
