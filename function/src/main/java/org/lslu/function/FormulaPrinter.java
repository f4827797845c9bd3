package org.lslu.function;

import java.util.List;
import java.util.stream.Collectors;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;

/** Writes expressions as formulas that {@link FormulaParser} reads back. */
final class FormulaPrinter {
  private static final int SUM = 1;
  private static final int PRODUCT = 2;
  private static final int SIGNED = 3;
  private static final int ATOM = 4;

  private FormulaPrinter() {}

  static String print(Expression expression) {
    return print(expression, SUM);
  }

  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e7
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String print(Expression expression, int level) {
    return switch (expression) {
      case Coefficient(int index) -> "c" + index;
      case Leaf leaf -> leaf.toString();
      case Constant(double value) -> bracketed(number(value), value < 0 ? SIGNED : ATOM, level);
      case Unary(UnaryOperator operator, Expression a) ->
          operator == UnaryOperator.NEGATE
              ? bracketed("-" + print(a, SIGNED), SIGNED, level)
              : operator.symbol() + "(" + print(a) + ")";
      case Binary binary -> binary(binary, level);
      case Select(var condition, Expression then, Expression otherwise) ->
          "select(%s %s %s, %s, %s)"
              .formatted(
                  print(condition.left()),
                  condition.relation().symbol(),
                  print(condition.right()),
                  print(then),
                  print(otherwise));
      case Lookup _ ->
          Graph.arguments(expression).stream()
              .map(FormulaPrinter::print)
              .collect(Collectors.joining(", ", "lookup(", ")"));
      case ClippedLine line -> clippedLine(line);
    };
  }

  private static String clippedLine(ClippedLine line) {
    final boolean isClamp = isClamp(line);
    final List<Expression> shown =
        isClamp ? List.of(line.argument(), lowerBound(line), line.upper()) : Graph.arguments(line);
    return (isClamp ? "clamp(" : "clip(")
        + shown.stream().map(FormulaPrinter::print).collect(Collectors.joining(", "))
        + ")";
  }

  /** Whether a clipped line is what {@link Expressions#clamp} makes. */
  static boolean isClamp(ClippedLine line) {
    return Expressions.isConstant(line.slope(), 1)
        && Expressions.isConstant(line.offset(), 0)
        && line.lower() == line.left()
        && line.upper() == line.right();
  }

  /** The lower bound as clamp was called with it, before it took care of crossing bounds. */
  static Expression lowerBound(ClippedLine clamp) {
    return clamp.lower() instanceof Binary(BinaryOperator operator, Expression low, Expression high)
            && operator == BinaryOperator.MIN
            && high == clamp.upper()
        ? low
        : clamp.lower();
  }

  private static String binary(Binary binary, int level) {
    final String symbol = binary.operator().symbol();
    final Expression a = binary.left();
    final Expression b = binary.right();
    return switch (binary.operator()) {
      case ADD -> bracketed(print(a, SUM) + " + " + print(b, PRODUCT), SUM, level);
      case SUBTRACT -> bracketed(print(a, SUM) + " - " + print(b, PRODUCT), SUM, level);
      case MULTIPLY, DIVIDE ->
          bracketed(print(a, PRODUCT) + " " + symbol + " " + print(b, SIGNED), PRODUCT, level);
      case POWER -> bracketed(print(a, ATOM) + "^" + print(b, ATOM), SIGNED, level);
      case MIN, MAX -> "%s(%s, %s)".formatted(symbol, print(a), print(b));
    };
  }

  private static String bracketed(String text, int own, int level) {
    return own < level ? "(" + text + ")" : text;
  }
}
