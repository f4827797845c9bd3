package org.lslu.kernel;

import java.util.List;

/**
 * One step of a kernel's loop, in terms that a processor has.
 *
 * @param kind what it does
 * @param number the value of a literal; else 0
 * @param index the number of a coefficient; else 0
 * @param arguments the places of earlier instructions
 */
record Instruction(Kind kind, float number, int index, List<Integer> arguments) {
  /** What an instruction does. */
  enum Kind {
    /** The element of x. */
    INPUT,
    /** The element of ∂L/∂y. */
    UPSTREAM,
    /** The element that is added from elsewhere. */
    ADDEND,
    /** A coefficient of the parameter set in use. */
    COEFFICIENT,
    /** A number. */
    LITERAL,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    /** a·b + c, rounded once. */
    FMA,
    NEGATE,
    ABS,
    SQRT,
    MIN,
    MAX,
    POWER,
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    TANH,
    SIN,
    COS,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST,
    EQUAL,
    /** a ? b : c, a blend. */
    CHOOSE;

    /** Whether the result is a truth value a lane. */
    boolean isComparison() {
      return switch (this) {
        case LESS, AT_MOST, GREATER, AT_LEAST, EQUAL -> true;
        default -> false;
      };
    }

    /** Whether the value is the same for all elements of a run. */
    boolean isInvariant() {
      return this == COEFFICIENT || this == LITERAL;
    }
  }
}
