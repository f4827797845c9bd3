package org.lslu.train.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.lslu.function.ActivationFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Binary;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Constant;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Lookup;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Expression.Select;
import org.lslu.function.Expression.Unary;
import org.lslu.function.UnaryOperator;
import org.lslu.train.analysis.PiecewiseLinear.Piece;

/**
 * Evaluates an expression on piecewise linear functions instead of numbers.
 *
 * <p>Sums, multiples, relu, |u|, min, max and choices of piecewise linear functions are piecewise
 * linear again: their breaks are those of their arguments, and the places where two of them cross.
 * Any other operator is passed as long as its arguments are flat, which constants are.
 */
final class PiecewiseReading {
  private final Map<Element, Double> values = new HashMap<>();
  private final Map<Expression, Optional<PiecewiseLinear>> read = new IdentityHashMap<>();
  private final Expression expression;

  PiecewiseReading(ActivationFunction function, double[] parameters) {
    expression = function.expression();
    final List<Element> elements =
        function.parameters().stream().flatMap(p -> p.elements().stream()).toList();
    if (elements.size() != parameters.length) {
      throw new IllegalArgumentException(
          "%d parameter values, but %s has %d"
              .formatted(parameters.length, function.id(), elements.size()));
    }
    for (int i = 0; i < parameters.length; i++) {
      values.put(elements.get(i), parameters[i]);
    }
  }

  Optional<PiecewiseLinear> result() {
    return read(expression);
  }

  private Optional<PiecewiseLinear> read(Expression node) {
    final Optional<PiecewiseLinear> known = read.get(node);
    if (known != null) {
      return known;
    }
    final Optional<PiecewiseLinear> made = Optional.ofNullable(evaluated(node));
    read.put(node, made);
    return made;
  }

  private @Nullable PiecewiseLinear evaluated(Expression node) {
    return switch (node) {
      case Input _ -> PiecewiseLinear.line(1, 0);
      case Element element -> PiecewiseLinear.line(0, values.getOrDefault(element, Double.NaN));
      case Constant(double value) -> PiecewiseLinear.line(0, value);
      case Leaf _ -> null;
      case Unary(UnaryOperator operator, Expression u) -> unary(operator, read(u).orElse(null));
      case Binary(BinaryOperator operator, Expression a, Expression b) ->
          binary(operator, read(a).orElse(null), read(b).orElse(null));
      case Select(var condition, Expression then, Expression otherwise) ->
          select(
              condition.relation(),
              read(condition.left()).orElse(null),
              read(condition.right()).orElse(null),
              read(then).orElse(null),
              read(otherwise).orElse(null));
      case Lookup(Expression cell, List<Expression> entries) -> looked(cell, entries);
      case ClippedLine line -> clipped(line);
    };
  }

  /** The entries, each where the cell has its number: only where the cell itself is flat. */
  private @Nullable PiecewiseLinear looked(Expression cell, List<Expression> entries) {
    PiecewiseLinear value = read(entries.getFirst()).orElse(null);
    final PiecewiseLinear number = read(cell).orElse(null);
    for (int k = 1; k < entries.size(); k++) {
      value =
          select(
              Relation.AT_LEAST,
              number,
              PiecewiseLinear.line(0, k),
              read(entries.get(k)).orElse(null),
              value);
    }
    return value;
  }

  private @Nullable PiecewiseLinear clipped(ClippedLine line) {
    final PiecewiseLinear u = read(line.argument()).orElse(null);
    final PiecewiseLinear within =
        binary(
            BinaryOperator.ADD,
            binary(BinaryOperator.MULTIPLY, read(line.slope()).orElse(null), u),
            read(line.offset()).orElse(null));
    final PiecewiseLinear cut =
        select(
            Relation.AT_LEAST,
            u,
            read(line.upper()).orElse(null),
            read(line.right()).orElse(null),
            within);
    return select(
        Relation.AT_MOST, u, read(line.lower()).orElse(null), read(line.left()).orElse(null), cut);
  }

  private static @Nullable PiecewiseLinear unary(
      UnaryOperator operator, @Nullable PiecewiseLinear u) {
    final PiecewiseLinear zero = PiecewiseLinear.line(0, 0);
    if (u == null) {
      return null;
    }
    return switch (operator) {
      case NEGATE -> binary(BinaryOperator.SUBTRACT, zero, u);
      case RELU -> binary(BinaryOperator.MAX, u, zero);
      case ABS, MAGNITUDE ->
          binary(BinaryOperator.MAX, u, binary(BinaryOperator.SUBTRACT, zero, u));
      case SIGN, SIDE ->
          select(
              Relation.LESS,
              u,
              zero,
              PiecewiseLinear.line(0, -1),
              select(
                  operator == UnaryOperator.SIDE ? Relation.AT_LEAST : Relation.GREATER,
                  u,
                  zero,
                  PiecewiseLinear.line(0, 1),
                  zero));
      default ->
          u.isFlat()
              ? new PiecewiseLinear(
                  u.breaks(),
                  u.pieces().stream()
                      .map(piece -> new Piece(0, operator.apply(piece.offset())))
                      .toList())
              : null;
    };
  }

  private static @Nullable PiecewiseLinear binary(
      BinaryOperator operator, @Nullable PiecewiseLinear a, @Nullable PiecewiseLinear b) {
    if (a == null || b == null) {
      return null;
    }
    return switch (operator) {
      case MIN -> select(Relation.LESS, a, b, a, b);
      case MAX -> select(Relation.GREATER, a, b, a, b);
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER -> {
        final Merged merged = Merged.of(a, b);
        final List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < merged.count(); i++) {
          final Piece piece = combined(operator, merged.piece(a, i), merged.piece(b, i));
          if (piece == null) {
            yield null;
          }
          pieces.add(piece);
        }
        yield new PiecewiseLinear(merged.breaks(), pieces);
      }
    };
  }

  private static @Nullable Piece combined(BinaryOperator operator, Piece a, Piece b) {
    if (a.slope() == 0 && b.slope() == 0) {
      return new Piece(0, operator.apply(a.offset(), b.offset()));
    }
    return switch (operator) {
      case ADD -> new Piece(a.slope() + b.slope(), a.offset() + b.offset());
      case SUBTRACT -> new Piece(a.slope() - b.slope(), a.offset() - b.offset());
      case MULTIPLY ->
          b.slope() == 0
              ? scaled(a, b.offset())
              : a.slope() == 0 ? scaled(b, a.offset()) : null; // a product of lines is a parabola
      case DIVIDE ->
          b.slope() == 0 ? new Piece(a.slope() / b.offset(), a.offset() / b.offset()) : null;
      case POWER, MIN, MAX -> null;
    };
  }

  private static Piece scaled(Piece line, double by) {
    return new Piece(line.slope() * by, line.offset() * by);
  }

  /** left relation right ? then : otherwise, cut where left and right cross. */
  private static @Nullable PiecewiseLinear select(
      Relation relation,
      @Nullable PiecewiseLinear left,
      @Nullable PiecewiseLinear right,
      @Nullable PiecewiseLinear then,
      @Nullable PiecewiseLinear otherwise) {
    if (left == null || right == null || then == null || otherwise == null) {
      return null;
    }
    final Merged merged = Merged.of(left, right, then, otherwise);
    final List<Double> breaks = new ArrayList<>(merged.breaks());
    for (int i = 0; i < merged.count(); i++) {
      final Piece l = merged.piece(left, i);
      final Piece r = merged.piece(right, i);
      final double crossing = (r.offset() - l.offset()) / (l.slope() - r.slope());
      if (crossing > merged.from(i) && crossing < merged.to(i)) {
        breaks.add(crossing);
      }
    }
    final Merged cut = Merged.at(breaks);
    final List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < cut.count(); i++) {
      final double inside = cut.inside(i);
      final boolean holds =
          relation.holds(cut.piece(left, i).at(inside), cut.piece(right, i).at(inside));
      pieces.add(cut.piece(holds ? then : otherwise, i));
    }
    return new PiecewiseLinear(cut.breaks(), pieces);
  }

  /** The intervals between all breaks of several functions. */
  private record Merged(List<Double> breaks) {
    static Merged of(PiecewiseLinear... functions) {
      return at(Arrays.stream(functions).flatMap(f -> f.breaks().stream()).toList());
    }

    static Merged at(List<Double> breaks) {
      return new Merged(
          breaks.stream().flatMapToDouble(DoubleStream::of).sorted().distinct().boxed().toList());
    }

    int count() {
      return breaks.size() + 1;
    }

    double from(int interval) {
      return interval == 0 ? Double.NEGATIVE_INFINITY : breaks.get(interval - 1);
    }

    double to(int interval) {
      return interval == breaks.size() ? Double.POSITIVE_INFINITY : breaks.get(interval);
    }

    /** A place between an interval's ends. */
    double inside(int interval) {
      final double from = from(interval);
      final double to = to(interval);
      if (Double.isInfinite(from) && Double.isInfinite(to)) {
        return 0;
      }
      if (Double.isInfinite(from)) {
        return to - 1 - Math.abs(to);
      }
      return Double.isInfinite(to) ? from + 1 + Math.abs(from) : from + (to - from) / 2;
    }

    /** The piece of a function over an interval, none of whose breaks lies within it. */
    Piece piece(PiecewiseLinear function, int interval) {
      final double end = to(interval);
      int piece = 0;
      while (piece < function.breaks().size() && function.breaks().get(piece) < end) {
        piece++;
      }
      return function.pieces().get(piece);
    }
  }
}
