package org.lslu.train.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Expression;
import org.lslu.function.Formula;
import org.lslu.function.FormulaException;
import org.lslu.function.Tape;

/** What people read: the formula as text, and as LaTeX. */
final class TextChecks {
  private static final Pattern BRACKET =
      Pattern.compile("\\\\left|\\\\right|\\\\begin|\\\\end|\\\\[{}]|[{}]");

  private final ActivationFunction function;

  TextChecks(ActivationFunction function) {
    this.function = function;
  }

  List<Check> all() {
    return List.of(roundTrip(), latex());
  }

  /** The printed formula is read back and computes the same in the same steps. */
  private Check roundTrip() {
    final String text = function.formula();
    final LargestError errors = new LargestError();
    try {
      final Expression again = Formula.parse(text, function.parameters());
      final String wanted = Tape.of(function.expression()).signature();
      final boolean isSame = Tape.of(again).signature().equals(wanted);
      errors.add(
          isSame ? 0 : 1, () -> "%s is read back as %s".formatted(text, Formula.print(again)));
    } catch (FormulaException problem) {
      errors.add(1, () -> "%s does not parse: %s".formatted(text, problem.getMessage()));
    }
    return errors.check("formula", "printed formula, read back, with the original", 0);
  }

  private Check latex() {
    final String text = function.latex();
    final LargestError errors = new LargestError();
    errors.add(text.isBlank() ? 1 : 0, () -> "it is empty");
    errors.add(isBalanced(text) ? 0 : 1, () -> "brackets do not match in " + text);
    errors.add(text.contains("null") ? 1 : 0, () -> "a part is missing in " + text);
    return errors.check("LaTeX", "there is some, and its brackets match", 0);
  }

  /** Whether every opening bracket or environment has its end, in order. */
  static boolean isBalanced(String latex) {
    final Deque<String> open = new ArrayDeque<>();
    final Matcher brackets = BRACKET.matcher(latex);
    while (brackets.find()) {
      final String found = brackets.group();
      switch (found) {
        case "{", "\\left", "\\begin" -> open.push(found);
        case "}" -> {
          if (open.isEmpty() || !open.pop().equals("{")) {
            return false;
          }
        }
        case "\\right" -> {
          if (open.isEmpty() || !open.pop().equals("\\left")) {
            return false;
          }
        }
        case "\\end" -> {
          if (open.isEmpty() || !open.pop().equals("\\begin")) {
            return false;
          }
        }
        default -> {} // \{ and \} are signs and not brackets
      }
    }
    return open.isEmpty();
  }
}
