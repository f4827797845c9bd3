package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtlasCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void page_isWrittenWithTheCostsOfAFile() throws Exception {
    final Path costs = directory.resolve("costs.json");
    Files.writeString(
        costs,
        """
        {"date": "2026-01-02", "machine": "a machine", "setting": "a shape",
         "timesRelu": {"gelu": 3.25}}
        """);
    final Path page = directory.resolve("new/atlas.html");

    assertThat(run("atlas", "-o", page.toString(), "--costs", costs.toString())).isZero();
    assertThat(out.toString().strip()).isEqualTo(page.toString());
    assertThat(Files.readString(page))
        .contains("\"cost\":3.25", "a machine", "read from costs.json")
        .doesNotContain("https://", "src=");
  }

  @Test
  void costsOfAnotherKind_areRefused() throws Exception {
    final Path costs = directory.resolve("costs.json");
    Files.writeString(costs, "[]");

    assertThat(run("atlas", "-o", directory + "/a.html", "--costs", costs.toString())).isOne();
    assertThat(err.toString()).contains("holds no table of costs");
  }

  private int run(String... arguments) {
    return Lslu.execute(
        Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)), arguments);
  }
}
