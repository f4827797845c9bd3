package org.lslu.function;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.lslu.function.Expression.Addend;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;
import org.lslu.function.Expression.Upstream;

/** Writes an expression as LaTeX mathematics. */
final class Latex {
  private static final int SUM = 1;
  private static final int PRODUCT = 2;
  private static final int SIGNED = 3;
  private static final int ATOM = 4;
  private static final Set<String> GREEK =
      Set.of(
          "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda",
          "mu", "nu", "xi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega");

  private Latex() {}

  static String print(Expression expression) {
    return print(expression, SUM);
  }

  private static String print(Expression expression, int level) {
    return switch (expression) {
      case Input _ -> "x";
      case Upstream _ -> "\\partial y";
      case Addend _ -> "r";
      case Coefficient(int index) -> "c_{" + index + "}";
      case Element element -> element(element);
      case Constant(double value) -> bracketed(number(value), value < 0 ? SIGNED : ATOM, level);
      case Unary(UnaryOperator operator, Expression a) -> unary(operator, a, level);
      case Binary binary -> binary(binary, level);
      case Select select -> select(select);
      case Lookup(Expression cell, List<Expression> entries) ->
          entries.stream()
              .map(Latex::print)
              .collect(Collectors.joining(", ", "\\left(", "\\right)_{" + print(cell) + "}"));
      case ClippedLine line -> clippedLine(line);
    };
  }

  private static String element(Element element) {
    final String name = element.parameter();
    final String letter =
        GREEK.contains(name)
            ? "\\" + name
            : name.length() == 1 ? name : "\\mathrm{" + name.replace("_", "\\_") + "}";
    return element.length() == 1 ? letter : letter + "_{" + element.index() + "}";
  }

  private static String number(double value) {
    final String plain = FormulaPrinter.number(value);
    final int exponent = plain.indexOf('E');
    if (plain.equals("nan")) {
      return "\\varnothing";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "\\infty" : "-\\infty";
    }
    return exponent < 0
        ? plain
        : plain.substring(0, exponent) + "\\cdot 10^{" + plain.substring(exponent + 1) + "}";
  }

  private static String unary(UnaryOperator operator, Expression a, int level) {
    return switch (operator) {
      case NEGATE -> bracketed("-" + print(a, SIGNED), SIGNED, level);
      case ABS, MAGNITUDE -> "\\left|" + print(a) + "\\right|";
      case SQRT -> "\\sqrt{" + print(a) + "}";
      case EXP -> "e^{" + print(a) + "}";
      case EXPM1 -> bracketed("e^{" + print(a) + "} - 1", SUM, level);
      case LOG -> called("\\ln", a);
      case LOG1P -> "\\ln\\left(1 + " + print(a, PRODUCT) + "\\right)";
      case TANH -> called("\\tanh", a);
      case FLOOR -> "\\left\\lfloor " + print(a) + " \\right\\rfloor";
      case SIN -> called("\\sin", a);
      case COS -> called("\\cos", a);
      case SIGMOID -> called("\\sigma", a);
      case RELU, SOFTPLUS, ERF, SIGN, SIDE ->
          called("\\operatorname{" + operator.symbol() + "}", a);
    };
  }

  private static String called(String name, Expression a) {
    return name + "\\left(" + print(a) + "\\right)";
  }

  private static String binary(Binary binary, int level) {
    final Expression a = binary.left();
    final Expression b = binary.right();
    return switch (binary.operator()) {
      case ADD -> bracketed(print(a, SUM) + " + " + print(b, PRODUCT), SUM, level);
      case SUBTRACT -> bracketed(print(a, SUM) + " - " + print(b, PRODUCT), SUM, level);
      case MULTIPLY ->
          bracketed(
              print(a, PRODUCT) + (b instanceof Constant ? " \\cdot " : " \\, ") + print(b, SIGNED),
              PRODUCT,
              level);
      case DIVIDE -> "\\frac{" + print(a) + "}{" + print(b) + "}";
      case POWER -> bracketed("{" + print(a, ATOM) + "}^{" + print(b) + "}", SIGNED, level);
      case MIN, MAX ->
          "\\%s\\left(%s, %s\\right)".formatted(binary.operator().symbol(), print(a), print(b));
    };
  }

  private static String select(Select select) {
    return "\\begin{cases} %s & %s \\\\ %s & \\text{otherwise} \\end{cases}"
        .formatted(print(select.then()), comparison(select.condition()), print(select.otherwise()));
  }

  private static String clippedLine(ClippedLine line) {
    final String u = print(line.argument(), PRODUCT);
    final Expression middle =
        Expressions.add(Expressions.multiply(line.slope(), line.argument()), line.offset());
    final StringBuilder cases = new StringBuilder("\\begin{cases} ");
    if (!Expressions.isConstant(line.lower(), Double.NaN)) {
      cases.append(
          "%s & %s \\le %s \\\\ ".formatted(print(line.left()), u, print(line.lower(), PRODUCT)));
    }
    if (!Expressions.isConstant(line.upper(), Double.NaN)) {
      cases.append(
          "%s & %s \\ge %s \\\\ ".formatted(print(line.right()), u, print(line.upper(), PRODUCT)));
    }
    return cases + print(middle) + " & \\text{otherwise} \\end{cases}";
  }

  private static String comparison(Comparison comparison) {
    final String relation =
        switch (comparison.relation()) {
          case LESS -> "<";
          case AT_MOST -> "\\le";
          case GREATER -> ">";
          case AT_LEAST -> "\\ge";
          case EQUAL -> "=";
        };
    return print(comparison.left()) + " " + relation + " " + print(comparison.right());
  }

  private static String bracketed(String text, int own, int level) {
    return own < level ? "\\left(" + text + "\\right)" : text;
  }
}
