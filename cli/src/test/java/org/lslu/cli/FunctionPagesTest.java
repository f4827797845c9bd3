package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.Catalogue;
import org.lslu.function.FunctionFamily;
import org.lslu.train.atlas.FunctionPages;

/** docs/activations is what the catalogue says, apart from measured figures. */
final class FunctionPagesTest {
  private static final Path PAGES = Path.of("../docs/activations");
  private static final String CURE = "run: lslu check --all --docs docs/activations";
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  @TempDir private Path directory;

  @Test
  void pages_areThoseOfTheCatalogue() throws Exception {
    new CheckPages(directory).write(new LinkedHashMap<>());

    for (final FunctionFamily family : Catalogue.families()) {
      final String name = family.id() + ".md";
      assertThat(PAGES.resolve(name)).as(CURE).exists();
      assertThat(beforeChecks(PAGES.resolve(name)))
          .as(CURE)
          .isEqualTo(beforeChecks(directory.resolve(name)));
    }
    assertThat(Files.readString(PAGES.resolve("README.md")))
        .as(CURE)
        .isEqualTo(FunctionPages.index());
    try (Stream<Path> there = Files.list(PAGES);
        Stream<Path> made = Files.list(directory)) {
      assertThat(there.map(file -> file.getFileName().toString()))
          .as("no page of a function that is gone")
          .containsExactlyInAnyOrderElementsOf(
              made.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void plots_areThoseOfTheCatalogue() throws Exception {
    for (final FunctionFamily family : Catalogue.families()) {
      final Path made = directory.resolve(family.id() + ".svg");
      FunctionPages.plot(family).write(made);
      final String expected = Files.readString(made);
      final String found = Files.readString(PAGES.resolve(family.id() + ".svg"));

      assertThat(NUMBER.matcher(found).replaceAll("n"))
          .as(family.id() + ": " + CURE)
          .isEqualTo(NUMBER.matcher(expected).replaceAll("n"));
      final List<Double> there = numbers(found);
      final List<Double> wanted = numbers(expected);
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(there.get(i)).as(family.id()).isEqualTo(wanted.get(i), within(0.1));
      }
    }
  }

  @Test
  void everyPage_tellsOfEveryMember_andNoneFailed() throws Exception {
    for (final FunctionFamily family : Catalogue.families()) {
      final String page = Files.readString(PAGES.resolve(family.id() + ".md"));
      final String checks = page.substring(page.indexOf(FunctionPages.CHECKS));

      assertThat(checks).as(family.id()).contains("| fused forward |").doesNotContain("failed");
      for (final String member : family.representatives()) {
        assertThat(checks).contains("| " + Catalogue.member(member).id() + " |");
      }
    }
  }

  private static List<Double> numbers(String text) {
    return NUMBER.matcher(text).results().map(MatchResult::group).map(Double::valueOf).toList();
  }

  private static String beforeChecks(Path page) throws Exception {
    final String text = Files.readString(page);
    return text.substring(0, text.indexOf(FunctionPages.CHECKS));
  }
}
