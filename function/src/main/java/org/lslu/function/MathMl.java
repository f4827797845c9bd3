package org.lslu.function;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Writes an expression as MathML, which browsers set without a library: the same mathematics as
 * {@link Latex}, with constants cut to six digits.
 */
final class MathMl {
  private static final int SUM = 1;
  private static final int PRODUCT = 2;
  private static final int SIGNED = 3;
  private static final int ATOM = 4;
  private static final int MOST_ENTRIES = 4;
  private static final MathContext DIGITS = new MathContext(6);
  private static final String CALL = "<mo>&#x2061;</mo>";

  private MathMl() {}

  /** {@code <math>…</math>} with f(x) = before the formula. */
  static String equation(Expression expression) {
    return "<math display=\"block\"><mrow><mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo>%s</mrow></math>"
        .formatted(print(expression, SUM));
  }

  private static String print(Expression expression) {
    return print(expression, SUM);
  }

  private static String print(Expression expression, int level) {
    return switch (expression) {
      case Input _ -> "<mi>x</mi>";
      case Upstream _ -> "<mi>∂y</mi>";
      case Addend _ -> "<mi>r</mi>";
      case Coefficient(int index) -> indexed("c", index);
      case Element element -> element(element);
      case Constant(double value) -> bracketed(number(value), value < 0 ? SIGNED : ATOM, level);
      case Unary(UnaryOperator operator, Expression a) -> unary(operator, a, level);
      case Binary binary -> binary(binary, level);
      case Select(Comparison condition, Expression then, Expression otherwise) ->
          cases(row(print(then), comparison(condition)) + otherwise(print(otherwise)));
      case Lookup(Expression cell, List<Expression> entries) ->
          "<msub><mrow><mo>(</mo>%s<mo>)</mo></mrow>%s</msub>"
              .formatted(entries(entries), row(print(cell)));
      case ClippedLine line -> clippedLine(line);
    };
  }

  /** Of a long table only the first two and the last, which say what its entries are. */
  private static String entries(List<Expression> entries) {
    final int last = entries.size() - 1;
    final List<String> shown = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      if (last < MOST_ENTRIES || i < 2 || i == last) {
        shown.add(print(entries.get(i)));
      } else if (i == 2) {
        shown.add("<mo>…</mo>");
      }
    }
    return String.join("<mo>,</mo>", shown);
  }

  private static String element(Element element) {
    final String name = GreekLetters.symbol(element.parameter());
    return element.length() == 1 ? "<mi>" + name + "</mi>" : indexed(name, element.index());
  }

  private static String indexed(String name, int index) {
    return "<msub><mi>%s</mi><mn>%d</mn></msub>".formatted(name, index);
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "<mi>∅</mi>";
    }
    final String sign = value < 0 ? "<mo>−</mo>" : "";
    if (Double.isInfinite(value)) {
      return sign + "<mi>∞</mi>";
    }
    final BigDecimal rounded = new BigDecimal(Math.abs(value)).round(DIGITS).stripTrailingZeros();
    final int exponent = rounded.precision() - rounded.scale() - 1;
    if (rounded.signum() != 0 && (exponent < -4 || exponent > 6)) {
      return "<mrow>%s<mn>%s</mn><mo>·</mo><msup><mn>10</mn><mn>%d</mn></msup></mrow>"
          .formatted(sign, rounded.movePointLeft(exponent).toPlainString(), exponent);
    }
    return "%s<mn>%s</mn>".formatted(sign, rounded.toPlainString());
  }

  private static String unary(UnaryOperator operator, Expression a, int level) {
    return switch (operator) {
      case NEGATE -> bracketed("<mo>−</mo>" + print(a, SIGNED), SIGNED, level);
      case ABS, MAGNITUDE -> "<mrow><mo>|</mo>" + print(a) + "<mo>|</mo></mrow>";
      case SQRT -> "<msqrt>" + print(a) + "</msqrt>";
      case EXP -> exponential(a);
      case EXPM1 -> bracketed(exponential(a) + "<mo>−</mo><mn>1</mn>", SUM, level);
      case LOG -> called("ln", print(a));
      case LOG1P -> called("ln", "<mn>1</mn><mo>+</mo>" + print(a, PRODUCT));
      case FLOOR -> "<mrow><mo>⌊</mo>" + print(a) + "<mo>⌋</mo></mrow>";
      case SIGMOID -> called("σ", print(a));
      case TANH, SIN, COS, RELU, SOFTPLUS, ERF, SIGN, SIDE -> called(operator.symbol(), print(a));
    };
  }

  private static String exponential(Expression a) {
    return "<msup><mi>e</mi>%s</msup>".formatted(row(print(a)));
  }

  private static String called(String name, String argument) {
    return "<mi>%s</mi>%s<mrow><mo>(</mo>%s<mo>)</mo></mrow>".formatted(name, CALL, argument);
  }

  private static String binary(Binary binary, int level) {
    final Expression a = binary.left();
    final Expression b = binary.right();
    if (wholePower(binary) > 0) {
      return "<msup><mi>x</mi><mn>%d</mn></msup>".formatted(wholePower(binary));
    }
    return switch (binary.operator()) {
      case ADD -> bracketed(print(a, SUM) + "<mo>+</mo>" + print(b, PRODUCT), SUM, level);
      case SUBTRACT -> bracketed(print(a, SUM) + "<mo>−</mo>" + print(b, PRODUCT), SUM, level);
      case MULTIPLY ->
          bracketed(
              print(a, PRODUCT)
                  + (b instanceof Constant ? "<mo>·</mo>" : "<mspace width=\"0.17em\"></mspace>")
                  + print(b, SIGNED),
              PRODUCT,
              level);
      case DIVIDE -> "<mfrac>%s%s</mfrac>".formatted(row(print(a)), row(print(b)));
      case POWER ->
          bracketed(
              "<msup>%s%s</msup>".formatted(row(print(a, ATOM)), row(print(b))), SIGNED, level);
      case MIN, MAX -> called(binary.operator().symbol(), print(a) + "<mo>,</mo>" + print(b));
    };
  }

  /** n where the product is xⁿ, which {@link Expressions#power} writes out; else 0. */
  private static int wholePower(Expression expression) {
    return switch (expression) {
      case Input _ -> 1;
      case Binary(BinaryOperator operator, Expression a, Expression b)
          when operator == BinaryOperator.MULTIPLY -> {
        final int left = wholePower(a);
        final int right = left == 0 ? 0 : wholePower(b);
        yield right == 0 ? 0 : left + right;
      }
      default -> 0;
    };
  }

  private static String clippedLine(ClippedLine line) {
    if (FormulaPrinter.isClamp(line)) {
      return called(
          "clamp",
          print(line.argument())
              + "<mo>,</mo>"
              + print(FormulaPrinter.lowerBound(line))
              + "<mo>,</mo>"
              + print(line.upper()));
    }
    final String u = print(line.argument(), PRODUCT);
    final Expression middle =
        Expressions.add(Expressions.multiply(line.slope(), line.argument()), line.offset());
    final StringBuilder rows = new StringBuilder();
    if (!Expressions.isConstant(line.lower(), Double.NaN)) {
      rows.append(row(print(line.left()), u + "<mo>≤</mo>" + print(line.lower(), PRODUCT)));
    }
    if (!Expressions.isConstant(line.upper(), Double.NaN)) {
      rows.append(row(print(line.right()), u + "<mo>≥</mo>" + print(line.upper(), PRODUCT)));
    }
    return cases(rows + otherwise(print(middle)));
  }

  private static String comparison(Comparison comparison) {
    final String relation =
        switch (comparison.relation()) {
          case LESS -> "&lt;";
          case AT_MOST -> "≤";
          case GREATER -> "&gt;";
          case AT_LEAST -> "≥";
          case EQUAL -> "=";
        };
    return print(comparison.left()) + "<mo>" + relation + "</mo>" + print(comparison.right());
  }

  private static String cases(String rows) {
    return "<mtable columnalign=\"left\" class=\"cases\">%s</mtable>".formatted(rows);
  }

  private static String row(String value, String condition) {
    return "<mtr><mtd>%s</mtd><mtd>%s</mtd></mtr>".formatted(value, condition);
  }

  private static String otherwise(String value) {
    return row(value, "<mtext>otherwise</mtext>");
  }

  private static String row(String content) {
    return "<mrow>" + content + "</mrow>";
  }

  private static String bracketed(String text, int own, int level) {
    return own < level ? "<mrow><mo>(</mo>%s<mo>)</mo></mrow>".formatted(text) : text;
  }
}
