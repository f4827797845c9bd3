package org.lslu.function;

import static org.lslu.function.Expressions.abs;
import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.divide;
import static org.lslu.function.Expressions.erf;
import static org.lslu.function.Expressions.exp;
import static org.lslu.function.Expressions.expm1;
import static org.lslu.function.Expressions.log;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.negate;
import static org.lslu.function.Expressions.relu;
import static org.lslu.function.Expressions.select;
import static org.lslu.function.Expressions.sigmoid;
import static org.lslu.function.Expressions.softplus;
import static org.lslu.function.Expressions.sqrt;
import static org.lslu.function.Expressions.subtract;
import static org.lslu.function.Expressions.unary;
import static org.lslu.function.Expressions.x;

import java.util.List;
import org.lslu.function.Expression.Relation;

/**
 * Trainable activation functions of one to three numbers. Where a source gives no initial values,
 * the text of the source says that they are ours.
 */
final class LearnedFunctions {
  private static final Expression ZERO = constant(0);
  private static final Expression ONE = constant(1);
  private static final Expression HALF = constant(0.5);

  private LearnedFunctions() {}

  static List<ActivationFunction> all() {
    return List.of(
        apalu(),
        sqish(),
        new ActivationFunction(
            "relu2",
            multiply(relu(x()), relu(x())),
            List.of(),
            "squared ReLU, as in Zhang et al. 2024, arXiv 2402.03804"),
        xielu(),
        acon(),
        coslu(),
        delu(),
        shilu(),
        smu(),
        new ActivationFunction(
            "serf",
            multiply(x(), erf(softplus(x()))),
            List.of(),
            "Nag and Bhattacharyya 2021, arXiv 2108.09598"),
        squareplus());
  }

  /** a·x·(1 + σ(1.702x)) from 0 on, b·(eˣ − 1) below: smooth at 0 only where b = 1.5a. */
  private static ActivationFunction apalu() {
    final Parameter a = Parameter.of("a", 0.55).constrained(Constraint.positive());
    final Parameter b = Parameter.of("b", 0.065).constrained(Constraint.positive());
    return new ActivationFunction(
        "apalu",
        select(
            Relation.AT_LEAST,
            x(),
            ZERO,
            multiply(
                a.element(0), add(x(), multiply(x(), sigmoid(multiply(constant(1.702), x()))))),
            multiply(b.element(0), expm1(x()))),
        List.of(a, b),
        "Subramanian et al. 2024, arXiv 2402.08244; initial values of a third-party implementation");
  }

  /**
   * ax + (1 − a)x·s with s = 1/√(1 + b·exp(−2g(1 − a)x)).
   *
   * <p>s is written as exp(−½·softplus(−u)) with u = 2g(1 − a)x − ln b, which is the same number
   * and divides by nothing: as a root its derivative would be 0/0 where s ends.
   */
  private static ActivationFunction sqish() {
    final Parameter a = Parameter.of("a", 0.5).constrained(Constraint.interval(0, 0.99));
    final Parameter b = Parameter.of("b", 1).constrained(Constraint.positive());
    final Parameter g = Parameter.of("g", 1);
    final Expression rest = subtract(ONE, a.element(0));
    final Expression u =
        subtract(
            multiply(multiply(constant(2), multiply(g.element(0), rest)), x()), log(b.element(0)));
    final Expression s = exp(multiply(constant(-0.5), softplus(negate(u))));
    return new ActivationFunction(
        "sqish",
        add(multiply(a.element(0), x()), multiply(multiply(rest, x()), s)),
        List.of(a, b, g),
        "Biswas et al. 2023, arXiv 2310.10126, in the form of third-party implementations;"
            + " initial values theirs");
  }

  /** p·x² + ½x above 0, n·(eˣ − 1 − x) + ½x below, with p = softplus(α₀), n = ½ + softplus(α₁). */
  private static ActivationFunction xielu() {
    final double beta = 0.5;
    final Parameter positive = Parameter.of("alpha_p", Math.log(Math.expm1(0.8)));
    final Parameter negative = Parameter.of("alpha_n", Math.log(Math.expm1(0.8 - beta)));
    final Expression line = multiply(constant(beta), x());
    return new ActivationFunction(
        "xielu",
        add(
            select(
                Relation.GREATER,
                x(),
                ZERO,
                multiply(multiply(softplus(positive.element(0)), x()), x()),
                multiply(
                    add(constant(beta), softplus(negative.element(0))), subtract(expm1(x()), x()))),
            line),
        List.of(positive, negative),
        "xIELU, Huang and Schlag 2024, arXiv 2411.13010, with the initial values of its code");
  }

  /** (p₁ − p₂)x·σ(β(p₁ − p₂)x) + p₂x. */
  private static ActivationFunction acon() {
    final Parameter p1 = Parameter.of("p1", 1).shared(Sharing.channel());
    final Parameter p2 = Parameter.of("p2", 0).shared(Sharing.channel());
    final Parameter beta = Parameter.of("beta", 1).shared(Sharing.channel());
    final Expression difference = subtract(p1.element(0), p2.element(0));
    return new ActivationFunction(
        "acon-c",
        add(
            multiply(
                multiply(difference, x()),
                sigmoid(multiply(multiply(beta.element(0), difference), x()))),
            multiply(p2.element(0), x())),
        List.of(p1, p2, beta),
        "Ma et al. 2020, arXiv 2009.04759, ACON-C; started as SiLU");
  }

  /** (x + a·cos bx)·σ(x). */
  private static ActivationFunction coslu() {
    final Parameter a = Parameter.of("a", 1);
    final Parameter b = Parameter.of("b", 1);
    return new ActivationFunction(
        "coslu",
        multiply(
            add(x(), multiply(a.element(0), unary(UnaryOperator.COS, multiply(b.element(0), x())))),
            sigmoid(x())),
        List.of(a, b),
        "CosLU, Pishchik 2023, Trainable Activations for Image Classification");
  }

  /** (n + ½)x + |e⁻ˣ − 1| above 0, x·σ(x) below. */
  private static ActivationFunction delu() {
    final Parameter n = Parameter.of("n", 0.5);
    return new ActivationFunction(
        "delu",
        select(
            Relation.GREATER,
            x(),
            ZERO,
            subtract(
                multiply(add(n.element(0), HALF), x()), // e⁻ˣ − 1 is negative here
                expm1(negate(x()))),
            multiply(x(), sigmoid(x()))),
        List.of(n),
        "DELU, Pishchik 2023, Trainable Activations for Image Classification; initial value ours");
  }

  /** α·relu(x) + β. */
  private static ActivationFunction shilu() {
    final Parameter alpha = Parameter.of("alpha", 1);
    final Parameter beta = Parameter.of("beta", 0);
    return new ActivationFunction(
        "shilu",
        add(multiply(alpha.element(0), relu(x())), beta.element(0)),
        List.of(alpha, beta),
        "ShiLU, Pishchik 2023, Trainable Activations for Image Classification");
  }

  /** ((1 + α)x + (1 − α)x·erf(μ(1 − α)x))/2. */
  private static ActivationFunction smu() {
    final Parameter alpha = Parameter.of("alpha", 0.25);
    final Parameter mu = Parameter.of("mu", 1);
    final Expression rest = subtract(ONE, alpha.element(0));
    return new ActivationFunction(
        "smu",
        multiply(
            multiply(HALF, x()),
            add(
                add(ONE, alpha.element(0)),
                multiply(rest, erf(multiply(multiply(mu.element(0), rest), x()))))),
        List.of(alpha, mu),
        "SMU, Biswas et al. 2021, arXiv 2111.04682; initial values ours");
  }

  /** (x + √(x² + b))/2, below 0 as b/(2(√(x² + b) − x)), where the sum would cancel. */
  private static ActivationFunction squareplus() {
    final Parameter b = Parameter.of("b", 4).constrained(Constraint.positive());
    final Expression root = sqrt(add(multiply(x(), x()), b.element(0)));
    final Expression size = add(root, abs(x()));
    return new ActivationFunction(
        "squareplus",
        select(
            Relation.GREATER,
            x(),
            ZERO,
            multiply(HALF, size),
            divide(multiply(HALF, b.element(0)), size)),
        List.of(b),
        "Barron 2021, arXiv 2112.11687; b = 4, learned");
  }
}
