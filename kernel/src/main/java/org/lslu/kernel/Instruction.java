package org.lslu.kernel;

import java.util.List;

/**
 * One step of a kernel's loop, in terms that a processor has.
 *
 * @param kind what it does
 * @param number the value of a literal; else 0
 * @param index the number of a coefficient, or by how many places bits are moved; else 0
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
    /** The bits of a plus the bits of b, as whole numbers. */
    BITS_ADD,
    /** The bits of a minus the bits of b, as whole numbers. */
    BITS_SUBTRACT,
    /** The bits that are set in both. */
    BITS_AND,
    /** The bits that are set in one of both. */
    BITS_XOR,
    /** The bits of a, moved up by {@link Instruction#index} places. */
    SHIFT_LEFT,
    /** The bits of a as a whole number with a sign, moved down by {@link Instruction#index}. */
    SHIFT_RIGHT,
    /** sin a where |a| is beyond {@link WideAngles#LIMIT}, else b. */
    WIDE_SIN,
    /** cos a where |a| is beyond {@link WideAngles#LIMIT}, else b. */
    WIDE_COS,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST,
    EQUAL,
    /** a ? b : c, a blend. */
    CHOOSE,
    /** Of the second argument on, all the same for a run, the one whose number the first is. */
    PICK;

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
