package org.lslu.train.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.FamilyMember;
import org.lslu.function.FunctionFamily;
import org.lslu.function.Tape;

/**
 * The functions that a learned one is likened to: every family of the catalogue at its initial
 * values, but for those with more than {@value #MOST_VALUES} of them or with fitted ones, which
 * stand for a shape that another function has already.
 *
 * <p>They stand in order of simplicity: without parameters before with, short formulas before long,
 * then as in the catalogue. So a tie is named the same always.
 */
public final class KnownFunctions {
  /** Parameter values that a known function has at most. */
  public static final int MOST_VALUES = 3;

  /** Distances this near to the least are as good: then the simplest function gives the name. */
  private static final double AS_GOOD = 1e-3;

  private static final double AS_GOOD_PART = 1.1;

  private static final List<Known> ALL = all();

  /**
   * One of them.
   *
   * @param function it
   * @param curve its value at its initial parameters
   */
  record Known(ActivationFunction function, DoubleUnaryOperator curve) {}

  private KnownFunctions() {}

  private static List<Known> all() {
    final List<ActivationFunction> found = new ArrayList<>();
    for (final FunctionFamily family : Catalogue.families()) {
      final FamilyMember member = Catalogue.member(family.id());
      if (member.start().isEmpty() && member.outline().initialValues().length <= MOST_VALUES) {
        found.add(member.function());
      }
    }
    found.sort(
        Comparator.comparingInt((ActivationFunction f) -> f.initialValues().length)
            .thenComparingInt(f -> Tape.of(f.expression()).steps().size()));
    return found.stream().map(KnownFunctions::known).toList();
  }

  private static Known known(ActivationFunction function) {
    final ActivationFunction.Curve curve = function.curve();
    final double[] values = function.initialValues();
    return new Known(function, x -> curve.at(x, values));
  }

  /** Their names, simplest first. */
  public static List<String> names() {
    return ALL.stream().map(known -> known.function().id()).toList();
  }

  /**
   * Likens a learned function to all of them.
   *
   * @param search prepared for the learned function
   * @return nearest first, but the simplest of those that are as near as the nearest goes before it
   */
  public static List<Likeness> ranked(AffineSearch search) {
    return inOrder(
        ALL.stream().map(known -> search.nearest(known.function().id(), known.curve())).toList());
  }

  /**
   * The nearest first, but the simplest of those that are as near as it before it.
   *
   * @param simplestFirst one for each of {@link #names}
   */
  static List<Likeness> inOrder(List<Likeness> simplestFirst) {
    final List<Likeness> ranked = new ArrayList<>(simplestFirst);
    final double least = ranked.stream().mapToDouble(Likeness::distance).min().orElse(Double.NaN);
    final double asGood = Math.max(AS_GOOD_PART * least, least + AS_GOOD);
    final Likeness named =
        ranked.stream().filter(one -> one.distance() <= asGood).findFirst().orElseThrow();
    ranked.remove(named);
    ranked.sort(Comparator.comparingDouble(Likeness::distance)); // stable: ties stay in order
    ranked.addFirst(named);
    return List.copyOf(ranked);
  }

  /** One of them alone. */
  public static Likeness liken(AffineSearch search, String name) {
    return ALL.stream()
        .filter(known -> known.function().id().equals(name))
        .findFirst()
        .map(known -> search.nearest(name, known.curve()))
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not among " + names()));
  }
}
