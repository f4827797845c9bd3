package org.lslu.train.atlas;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.CostClass;
import org.lslu.function.FunctionFamily;
import org.lslu.function.JavaScript;
import org.lslu.function.UserException;
import org.lslu.train.report.AtlasPage;

/** Every function of the catalogue on one page that needs no network. */
public final class Atlas {
  private Atlas() {}

  /** The names that the atlas shows: of each family the standard member, then the others. */
  public static List<String> names() {
    return Catalogue.families().stream()
        .flatMap(family -> members(family).stream())
        .map(ActivationFunction::id)
        .toList();
  }

  /**
   * Writes the page.
   *
   * @param file such as {@code atlas.html}; replaced once the new one is whole
   * @param costs what functions cost; those that are not in it are shown without
   * @param origin where the costs come from, as a sentence
   * @throws UserException if it cannot be written
   */
  public static void write(Path file, KernelCosts costs, String origin) {
    new AtlasPage(
            Catalogue.families().stream().map(family -> family(family, costs)).toList(), origin)
        .write(file);
  }

  private static AtlasPage.Family family(FunctionFamily family, KernelCosts costs) {
    return new AtlasPage.Family(
        family.id(),
        family.options().stream()
            .map(o -> "%s=%s: %s".formatted(o.name(), o.standard(), o.meaning()))
            .toList(),
        members(family).stream().map(member -> member(member, costs)).toList());
  }

  private static List<ActivationFunction> members(FunctionFamily family) {
    final ActivationFunction standard = Catalogue.function(family.id());
    final java.util.ArrayList<ActivationFunction> members =
        new java.util.ArrayList<>(List.of(standard));
    for (final String name : family.representatives()) {
      final ActivationFunction member = Catalogue.function(name);
      if (members.stream().noneMatch(known -> known.id().equals(member.id()))) {
        members.add(member);
      }
    }
    return members;
  }

  private static AtlasPage.Member member(ActivationFunction function, KernelCosts costs) {
    final OptionalDouble cost = costs.of(function.id());
    return new AtlasPage.Member(
        function.id(),
        function.mathMl(),
        function.formula(),
        function.source(),
        CostClass.of(function),
        cost,
        function.parameters(),
        JavaScript.valueAndDerivative(function));
  }
}
