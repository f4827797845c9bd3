package org.lslu.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lslu.kernel.Instruction.Kind;

/**
 * Instructions in order, each of them once: what is put in a second time keeps its first place.
 *
 * <p>Values are named by their places. Nothing is reordered or joined here, so that a sequence that
 * depends on the rounding of every step gets it; {@link Program} later joins a product with a sum
 * only where that {@link Kind#ADD} is the product's only use.
 */
final class Sequence {
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<Instruction, Integer> places = new HashMap<>();

  List<Instruction> instructions() {
    return instructions;
  }

  int put(Instruction instruction) {
    return places.computeIfAbsent(
        instruction,
        added -> {
          instructions.add(added);
          return instructions.size() - 1;
        });
  }

  int put(Kind kind, int... arguments) {
    return put(new Instruction(kind, 0, 0, Arrays.stream(arguments).boxed().toList()));
  }

  int literal(double value) {
    return put(new Instruction(Kind.LITERAL, (float) value, 0, List.of()));
  }

  int add(int a, int b) {
    return put(Kind.ADD, a, b);
  }

  int subtract(int a, int b) {
    return put(Kind.SUBTRACT, a, b);
  }

  int multiply(int a, int b) {
    return put(Kind.MULTIPLY, a, b);
  }

  int divide(int a, int b) {
    return put(Kind.DIVIDE, a, b);
  }

  /** a·b + c, rounded once. */
  int fma(int a, int b, int c) {
    return put(Kind.FMA, a, b, c);
  }

  int negate(int a) {
    return put(Kind.NEGATE, a);
  }

  int abs(int a) {
    return put(Kind.ABS, a);
  }

  int choose(int condition, int then, int otherwise) {
    return put(Kind.CHOOSE, condition, then, otherwise);
  }

  /** The smaller of a and a bound; NaN stays. Cheaper than a minimum, which looks for −0 too. */
  int atMost(int a, double bound) {
    final int limit = literal(bound);
    return choose(put(Kind.GREATER, a, limit), limit, a);
  }

  /** The greater of a and a bound; NaN stays. */
  int atLeast(int a, double bound) {
    final int limit = literal(bound);
    return choose(put(Kind.LESS, a, limit), limit, a);
  }

  int shiftLeft(int a, int places) {
    return put(new Instruction(Kind.SHIFT_LEFT, 0, places, List.of(a)));
  }

  int shiftRight(int a, int places) {
    return put(new Instruction(Kind.SHIFT_RIGHT, 0, places, List.of(a)));
  }

  /** c₀ + c₁·t + c₂·t² …, by Horner's scheme. */
  int polynomial(int t, double... coefficients) {
    int sum = literal(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = fma(sum, t, literal(coefficients[i]));
    }
    return sum;
  }
}
