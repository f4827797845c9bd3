package org.lslu.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Comparison;
import org.lslu.function.Expression.Relation;

/** Reads a formula by recursive descent; one method a level of precedence. */
final class FormulaParser {
  private static final Set<String> WORDS =
      Set.of(
          "pi", "e", "nan", "inf", "min", "max", "pow", "clamp", "clip", "select", "lookup", "gelu",
          "silu");

  private final String text;
  private final List<Parameter> parameters;
  private int at;

  FormulaParser(String text, List<Parameter> parameters) {
    this.text = text;
    this.parameters = List.copyOf(parameters);
  }

  static boolean isReserved(String name) {
    return WORDS.contains(name) || UnaryOperator.of(name).isPresent();
  }

  Expression parse() {
    final Expression result = sum();
    skipSpace();
    if (at < text.length()) {
      throw problem(at, "'" + text.charAt(at) + "' is not expected here");
    }
    return result;
  }

  private Expression sum() {
    Expression result = product();
    while (true) {
      if (accept('+')) {
        result = Expressions.add(result, product());
      } else if (accept('-')) {
        result = Expressions.subtract(result, product());
      } else {
        return result;
      }
    }
  }

  private Expression product() {
    Expression result = signed();
    while (true) {
      if (accept('*')) {
        result = Expressions.multiply(result, signed());
      } else if (accept('/')) {
        result = Expressions.divide(result, signed());
      } else {
        return result;
      }
    }
  }

  private Expression signed() {
    if (accept('-')) {
      return Expressions.negate(signed());
    }
    return accept('+') ? signed() : power();
  }

  private Expression power() {
    final Expression base = atom();
    return accept('^') ? Expressions.power(base, signed()) : base;
  }

  private Expression atom() {
    skipSpace();
    if (at == text.length()) {
      throw problem(at, "the formula ends where a value is expected");
    }
    final char next = text.charAt(at);
    if (accept('(')) {
      final Expression inner = sum();
      expect(')');
      return inner;
    }
    if (Character.isDigit(next) || next == '.') {
      return number();
    }
    if (Character.isLetter(next)) {
      return named();
    }
    throw problem(at, "'" + next + "' is not expected here; a value is");
  }

  private Expression number() {
    final int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      final int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 1 : 0;
      if (at + 1 + sign < text.length() && Character.isDigit(text.charAt(at + 1 + sign))) {
        at += 1 + sign;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
          at++;
        }
      }
    }
    try {
      return Expressions.constant(Double.parseDouble(text.substring(start, at)));
    } catch (NumberFormatException _) {
      throw problem(start, "'" + text.substring(start, at) + "' is no number");
    }
  }

  private Expression named() {
    final int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    final String name = text.substring(start, at);
    final Optional<Parameter> parameter =
        parameters.stream().filter(p -> p.name().equals(name)).findFirst();
    if (parameter.isPresent()) {
      return element(parameter.get(), start);
    }
    skipSpace();
    if (at < text.length() && text.charAt(at) == '(') {
      return call(name, start);
    }
    return switch (name) {
      case "x" -> Expressions.x();
      case "pi" -> Expressions.constant(Math.PI);
      case "e" -> Expressions.constant(Math.E);
      case "nan" -> Expressions.ABSENT;
      case "inf" -> Expressions.constant(Double.POSITIVE_INFINITY);
      default -> throw problem(start, unknown(name));
    };
  }

  private String unknown(String name) {
    if (isReserved(name)) {
      return "'" + name + "' is a function; write " + name + "(...)";
    }
    final String known =
        parameters.isEmpty()
            ? "no parameters are declared"
            : "declared are "
                + parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    return "'%s' is unknown: neither x nor a parameter (%s; declare it with its initial value, such as %s=1)"
        .formatted(name, known, name);
  }

  private Expression element(Parameter parameter, int start) {
    if (!accept('[')) {
      if (parameter.length() > 1) {
        throw problem(
            start,
            "'%s' has %d elements; name one, such as %s[0]"
                .formatted(parameter.name(), parameter.length(), parameter.name()));
      }
      return parameter.element(0);
    }
    skipSpace();
    final int place = at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    final String digits = text.substring(place, at);
    if (digits.isEmpty() || digits.length() > 6) {
      throw problem(place, "an element's number is expected here");
    }
    final int index = Integer.parseInt(digits);
    if (index >= parameter.length()) {
      throw problem(
          place,
          "'%s' has the elements 0 to %d, and no %d"
              .formatted(parameter.name(), parameter.length() - 1, index));
    }
    expect(']');
    return parameter.element(index);
  }

  private Expression call(String name, int start) {
    if (name.equals("select")) {
      expect('(');
      final Comparison condition = comparison();
      expect(',');
      final Expression then = sum();
      expect(',');
      final Expression otherwise = sum();
      expect(')');
      return Expressions.select(condition, then, otherwise);
    }
    final Optional<UnaryOperator> unary = UnaryOperator.of(name);
    if (unary.isEmpty() && !WORDS.contains(name)) {
      throw problem(start, "there is no function '" + name + "'; known are " + functions());
    }
    final List<Expression> arguments = arguments();
    if (name.equals("lookup")) {
      return lookup(arguments, start);
    }
    final int expected =
        switch (name) {
          case "min", "max", "pow" -> 2;
          case "clamp" -> 3;
          case "clip" -> 7;
          default -> 1;
        };
    if (arguments.size() != expected) {
      throw problem(
          start,
          "'%s' takes %d argument%s, not %d"
              .formatted(name, expected, expected == 1 ? "" : "s", arguments.size()));
    }
    final Expression a = arguments.get(0);
    return switch (name) {
      case "min" -> Expressions.min(a, arguments.get(1));
      case "max" -> Expressions.max(a, arguments.get(1));
      case "pow" -> Expressions.power(a, arguments.get(1));
      case "clamp" -> Expressions.clamp(a, arguments.get(1), arguments.get(2));
      case "clip" ->
          new ClippedLine(
              a,
              arguments.get(1),
              arguments.get(2),
              arguments.get(3),
              arguments.get(4),
              arguments.get(5),
              arguments.get(6));
      case "gelu" -> ClassicFunctions.gelu(a);
      case "silu" -> Expressions.multiply(a, Expressions.sigmoid(a));
      default -> Expressions.unary(unary.orElseThrow(() -> problem(start, unknown(name))), a);
    };
  }

  private Expression lookup(List<Expression> arguments, int start) {
    final List<Expression> entries = arguments.subList(1, arguments.size());
    if (entries.isEmpty()) {
      throw problem(start, "'lookup' takes a cell's number and at least one entry");
    }
    if (entries.stream().anyMatch(Expressions::dependsOnInput)) {
      throw problem(start, "the entries of a lookup may not depend on x; its cell may");
    }
    return Expressions.lookup(arguments.getFirst(), entries);
  }

  private static String functions() {
    return java.util.stream.Stream.concat(
            WORDS.stream().filter(word -> !Set.of("pi", "e", "nan", "inf", "clip").contains(word)),
            java.util.Arrays.stream(UnaryOperator.values())
                .filter(operator -> operator != UnaryOperator.NEGATE)
                .map(UnaryOperator::symbol))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private Comparison comparison() {
    final Expression left = sum();
    skipSpace();
    for (final Relation relation :
        List.of(
            Relation.AT_MOST, Relation.AT_LEAST, Relation.EQUAL, Relation.LESS, Relation.GREATER)) {
      if (text.startsWith(relation.symbol(), at)) {
        at += relation.symbol().length();
        return new Comparison(relation, left, sum());
      }
    }
    throw problem(at, "a comparison (<, <=, >, >= or ==) is expected here");
  }

  private List<Expression> arguments() {
    final List<Expression> arguments = new ArrayList<>();
    expect('(');
    do {
      arguments.add(sum());
    } while (accept(','));
    expect(')');
    return arguments;
  }

  private boolean accept(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!accept(wanted)) {
      throw problem(
          at,
          at == text.length()
              ? "the formula ends where '" + wanted + "' is expected"
              : "'" + wanted + "' is expected here");
    }
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private FormulaException problem(int position, String what) {
    return new FormulaException(text, position, what);
  }
}
