package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompletionCommandTest {
  private final StringWriter out = new StringWriter();
  private final CommandLine lslu = Lslu.commandLine().setOut(new PrintWriter(out));

  @Test
  void script_knowsEveryCommand() {
    assertThat(lslu.execute("completion")).isZero();
    for (final String name : lslu.getSubcommands().keySet()) {
      assertThat(out.toString()).as(name).contains("_picocli_lslu_" + name);
    }
    assertThat(out.toString()).contains("\"hard-swish\"");
  }

  @Test
  void zsh_isToldToRunIt() {
    assertThat(lslu.execute("completion", "zsh")).isZero();
    assertThat(out.toString()).contains("ZSH_VERSION", "autoload -U +X bashcompinit");
  }

  @Test
  void unknownShell_isAWrongArgument() {
    final StringWriter err = new StringWriter();

    assertThat(lslu.setErr(new PrintWriter(err)).execute("completion", "fish")).isEqualTo(2);
    assertThat(err.toString()).contains("fish", "bash", "zsh");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no bash")
  void bash_completesACommand(@TempDir Path directory) throws Exception {
    lslu.execute("completion", "bash");
    final Path script = Files.writeString(directory.resolve("completion.sh"), out.toString());
    final Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source %s; COMP_WORDS=(lslu pl); COMP_CWORD=1; _complete_lslu; echo ${COMPREPLY[*]}"
                    .formatted(script))
            .redirectErrorStream(true)
            .start();
    final String answer =
        new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(bash.waitFor()).as(answer).isZero();
    assertThat(answer).isEqualTo("plot");
  }
}
