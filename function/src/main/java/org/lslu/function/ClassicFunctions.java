package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.erf;
import static org.lslu.function.Expressions.expm1;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.power;
import static org.lslu.function.Expressions.relu;
import static org.lslu.function.Expressions.select;
import static org.lslu.function.Expressions.sigmoid;
import static org.lslu.function.Expressions.softplus;
import static org.lslu.function.Expressions.tanh;
import static org.lslu.function.Expressions.x;

import java.util.List;
import org.lslu.function.Expression.Relation;

/** The activation functions that every framework has, fixed and with one learned parameter. */
final class ClassicFunctions {
  private ClassicFunctions() {}

  /** u·(1 + erf(u/√2))/2. */
  static Expression gelu(Expression u) {
    return multiply(
        multiply(constant(0.5), u), add(constant(1), erf(multiply(constant(1 / Math.sqrt(2)), u))));
  }

  /** All of them. */
  static List<ActivationFunction> all() {
    final Parameter slope = Parameter.of("alpha", 0.25);
    final Parameter beta = Parameter.of("beta", 1);
    return List.of(
        fixed("relu", relu(x()), "Nair and Hinton 2010"),
        fixed(
            "leaky-relu",
            select(Relation.GREATER, x(), constant(0), x(), multiply(constant(0.01), x())),
            "Maas et al. 2013, slope 0.01"),
        new ActivationFunction(
            "prelu",
            select(Relation.GREATER, x(), constant(0), x(), multiply(slope.element(0), x())),
            List.of(slope.shared(Sharing.channel())),
            "He et al. 2015, arXiv 1502.01852, eq. 1"),
        fixed("elu", elu(1, 1), "Clevert et al. 2015, arXiv 1511.07289, alpha 1"),
        fixed(
            "selu",
            elu(1.0507009873554804934193349852946, 1.6732632423543772848170429916717),
            "Klambauer et al. 2017, arXiv 1706.02515"),
        fixed("gelu", gelu(x()), "Hendrycks and Gimpel 2016, arXiv 1606.08415"),
        fixed("gelu-tanh", geluTanh(), "Hendrycks and Gimpel 2016, its tanh form"),
        fixed("silu", multiply(x(), sigmoid(x())), "Elfwing et al. 2017, arXiv 1702.03118"),
        new ActivationFunction(
            "swish",
            multiply(x(), sigmoid(multiply(beta.element(0), x()))),
            List.of(beta),
            "Ramachandran et al. 2017, arXiv 1710.05941, beta learned"),
        fixed("mish", multiply(x(), tanh(softplus(x()))), "Misra 2019, arXiv 1908.08681"),
        fixed("softplus", softplus(x()), "Dugas et al. 2001"),
        fixed("hard-swish", hardSwish(), "Howard et al. 2019, arXiv 1905.02244"),
        fixed("tanh", tanh(x()), "classic"),
        fixed("sigmoid", sigmoid(x()), "classic"),
        fixed("identity", x(), "classic"));
  }

  private static ActivationFunction fixed(String id, Expression formula, String source) {
    return new ActivationFunction(id, formula, List.of(), source);
  }

  private static Expression elu(double scale, double alpha) {
    return select(
        Relation.GREATER,
        x(),
        constant(0),
        multiply(constant(scale), x()),
        multiply(constant(scale * alpha), expm1(x())));
  }

  private static Expression geluTanh() {
    final Expression inner =
        multiply(
            constant(Math.sqrt(2 / Math.PI)),
            add(x(), multiply(constant(0.044715), power(x(), constant(3)))));
    return multiply(multiply(constant(0.5), x()), add(constant(1), tanh(inner)));
  }

  /** x·clamp(x + 3, 0, 6)/6. */
  private static Expression hardSwish() {
    final Expression ramp = Expressions.clamp(add(x(), constant(3)), constant(0), constant(6));
    return multiply(x(), Expressions.divide(ramp, constant(6)));
  }
}
