package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextOutputTest {
  private static final List<List<String>> ROWS =
      List.of(
          List.of("ID", "FORMULA", "SOURCE"),
          List.of("one", "a long formula with many words in it", "a paper of some year"),
          List.of("two", "x", "unbreakable-name-of-a-source-that-is-long"));

  private final StringWriter text = new StringWriter();

  @Test
  void table_isWrappedToTheTerminal() {
    new TextOutput(new PrintWriter(text), 60).table(ROWS);

    assertThat(text.toString().lines()).allMatch(line -> line.length() <= 75);
    assertThat(text.toString().lines().toList().getFirst()).startsWith("ID   FORMULA");
    assertThat(text.toString()).contains("unbreakable-name-of-a-source-that-is-long");
    assertThat(text.toString().lines().count()).isGreaterThan(3);
  }

  @Test
  void table_isOneLineARowElsewhere() {
    new TextOutput(new PrintWriter(text), TextOutput.UNLIMITED).table(ROWS);

    assertThat(text.toString().lines())
        .containsExactly(
            "ID   FORMULA                               SOURCE",
            "one  a long formula with many words in it  a paper of some year",
            "two  x                                     unbreakable-name-of-a-source-that-is-long");
  }

  @Test
  void hanging_indentsWhatFollows() {
    new TextOutput(new PrintWriter(text), 20).hanging("name  ", "some words that wrap");

    assertThat(text.toString().lines()).containsExactly("name  some words", "      that wrap");
  }

  @Test
  void wrapped_keepsLongWordsAndParagraphs() {
    assertThat(TextOutput.wrapped("a incomprehensibilities b\nc", 5))
        .containsExactly("a", "incomprehensibilities", "b", "c");
    assertThat(TextOutput.wrapped("", 5)).containsExactly("");
  }
}
