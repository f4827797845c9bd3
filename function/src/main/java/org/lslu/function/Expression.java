package org.lslu.function;

import java.util.List;

/**
 * A formula over the input x and named parameters; immutable, and shared freely: an expression is a
 * directed acyclic graph whose nodes are these records.
 *
 * <p>Expressions are built by {@link Expressions} or parsed by {@link Formula}. Because one node
 * may be reached along very many paths, nothing here or in the callers walks an expression as a
 * tree: walks keep what they have seen by identity, and equal subexpressions are found by {@link
 * Tape}.
 *
 * <p>Kinks follow LibTorch's conventions where it has one: relu'(0) = 0, |x|' = 0 at 0, min and max
 * give half of the gradient to each side of a tie, a clip's gradient is 0 on its bounds.
 */
public sealed interface Expression {

  /**
   * A node without arguments whose value comes from outside, and by which one can differentiate.
   */
  sealed interface Leaf extends Expression {}

  /** x, the activation's input. */
  record Input() implements Leaf {
    @Override
    public String toString() {
      return "x";
    }
  }

  /** ∂L/∂y, the gradient that arrives at the activation's output; only in backward programs. */
  record Upstream() implements Leaf {}

  /** What is added from elsewhere, such as a residual block's shortcut; only in kernels. */
  record Addend() implements Leaf {}

  /**
   * One element of a parameter, such as θ₂.
   *
   * @param parameter the parameter's name
   * @param index the element's place, from 0
   * @param length the number of elements that the parameter has; one-element parameters print
   *     without an index
   */
  record Element(String parameter, int index, int length) implements Leaf {
    /** Refuses an index outside the parameter. */
    public Element {
      if (index < 0 || index >= length) {
        throw new IllegalArgumentException(
            "element " + index + " of '" + parameter + "', which has " + length + " elements");
      }
    }

    @Override
    public String toString() {
      return length == 1 ? parameter : parameter + "[" + index + "]";
    }
  }

  /** The value of an expression of parameters alone, computed once per parameter set. */
  record Coefficient(int index) implements Leaf {}

  /** A number. NaN stands for an absent bound of a {@link ClippedLine}. */
  record Constant(double value) implements Expression {
    @Override
    public String toString() {
      return FormulaPrinter.number(value);
    }
  }

  /** operator(argument). */
  record Unary(UnaryOperator operator, Expression argument) implements Expression {
    @Override
    public String toString() {
      return FormulaPrinter.print(this);
    }
  }

  /** left operator right. */
  record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {
    @Override
    public String toString() {
      return FormulaPrinter.print(this);
    }
  }

  /**
   * {@code condition ? then : otherwise}, as a blend: both sides are computed, and an overflow in
   * the side that is not taken reaches neither value nor gradient.
   */
  record Select(Comparison condition, Expression then, Expression otherwise) implements Expression {
    @Override
    public String toString() {
      return FormulaPrinter.print(this);
    }
  }

  /**
   * A line that is constant outside an interval: {@code left} where u ≤ lower, {@code right} where
   * u ≥ upper, {@code slope · u + offset} between.
   *
   * <p>Whoever builds one keeps it continuous, so nothing depends on the bounds' own derivatives:
   * the gradient by lower and upper is zero. A bound that is NaN is absent, because every
   * comparison with it fails, at infinite inputs too; the constant on its side is then never used.
   *
   * @param argument u
   * @param lower the first kink, independent of x, or NaN
   * @param upper the second kink, independent of x, or NaN
   * @param left value at and below {@code lower}
   * @param slope slope between the kinks
   * @param offset offset between the kinks
   * @param right value at and above {@code upper}
   */
  record ClippedLine(
      Expression argument,
      Expression lower,
      Expression upper,
      Expression left,
      Expression slope,
      Expression offset,
      Expression right)
      implements Expression {
    @Override
    public String toString() {
      return FormulaPrinter.print(this);
    }
  }

  /**
   * One of several values, by its number: {@code entries[cell]}.
   *
   * <p>The cell is a whole number; beyond the first and the last entry those two hold, and for NaN
   * the first. The derivative by the cell is 0, that by an entry is 1 in its own cell and 0 in the
   * others. This is what piecewise-linear functions are made of: a kernel keeps the entries in
   * vector registers and takes each lane's own by one instruction.
   *
   * @param cell which entry
   * @param entries the values, at least one, independent of x
   */
  record Lookup(Expression cell, List<Expression> entries) implements Expression {
    /** Refuses a table without entries, and entries that change with x. */
    public Lookup {
      entries = List.copyOf(entries);
      if (entries.isEmpty() || entries.stream().anyMatch(Expressions::dependsOnInput)) {
        throw new IllegalArgumentException(
            "a lookup takes entries that do not depend on x, at least one, but has " + entries);
      }
    }

    /** The place among {@code size} entries that a cell's number means. */
    public static int place(double cell, int size) {
      return (int) Math.clamp(Double.isNaN(cell) ? 0 : cell, 0, size - 1);
    }

    @Override
    public String toString() {
      return FormulaPrinter.print(this);
    }
  }

  /**
   * left relation right.
   *
   * @param relation which comparison
   * @param left its left side
   * @param right its right side
   */
  record Comparison(Relation relation, Expression left, Expression right) {}

  /** A comparison's kind; false where a side is NaN. */
  enum Relation {
    /** left &lt; right. */
    LESS("<"),
    /** left ≤ right. */
    AT_MOST("<="),
    /** left &gt; right. */
    GREATER(">"),
    /** left ≥ right. */
    AT_LEAST(">="),
    /** left = right. */
    EQUAL("==");

    private final String symbol;

    Relation(String symbol) {
      this.symbol = symbol;
    }

    /** As formulas write it. */
    public String symbol() {
      return symbol;
    }

    /** Whether it holds between two numbers. */
    public boolean holds(double left, double right) {
      return switch (this) {
        case LESS -> left < right;
        case AT_MOST -> left <= right;
        case GREATER -> left > right;
        case AT_LEAST -> left >= right;
        case EQUAL -> left == right;
      };
    }
  }
}
