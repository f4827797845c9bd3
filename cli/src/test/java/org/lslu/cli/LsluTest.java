package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class LsluTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine lslu =
      Lslu.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void help_isPrintedAndDone() {
    assertThat(lslu.execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: lslu", "Exit codes:", "--debug");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void version_isPrintedAndDone() {
    assertThat(lslu.execute("--version")).isZero();
    assertThat(out.toString()).startsWith("lslu ");
  }

  @Test
  void commandLine_hasOnlyTheCommandThatTheArgumentsBeginWith() {
    for (String name : lslu.getSubcommands().keySet()) {
      assertThat(Lslu.commandLine(name, "--help").getSubcommands().keySet())
          .as("commands for 'lslu %s --help'", name)
          .containsExactly(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--debug", "trian", ""})
  void commandLine_hasAllCommands_whereTheArgumentsBeginWithNone(String first) {
    assertThat(Lslu.commandLine(first, "train").getSubcommands().keySet())
        .containsExactlyElementsOf(lslu.getSubcommands().keySet())
        .contains("train", "completion");
  }

  @Test
  void noCommand_isAWrongArgument() {
    assertThat(lslu.execute()).isEqualTo(2);
    assertThat(err.toString()).contains("no command given", "lslu --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void unknownOption_isNamed() {
    assertThat(lslu.execute("--colour")).isEqualTo(2);
    assertThat(err.toString()).contains("--colour");
  }

  @Test
  void userMistake_isOneSentenceWithItsExitCode() {
    assertThat(run(UserException.argument("no function is called 'relo'."))).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo("lslu: no function is called 'relo'.");
  }

  @Test
  void failedWork_isOneSentenceWithItsExitCode() {
    assertThat(run(UserException.failure("train.bin ends early."))).isEqualTo(1);
    assertThat(err.toString().strip()).isEqualTo("lslu: train.bin ends early.");
  }

  @Test
  void unexpectedFailure_namesTheWayToItsStackTrace() {
    assertThat(run(new IllegalStateException("broken"))).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("IllegalStateException", "broken", "--debug");
  }

  @Test
  void debug_printsTheStackTrace() {
    assertThat(run(UserException.failure("train.bin ends early."), "--debug")).isEqualTo(1);
    assertThat(err.toString())
        .contains("lslu: train.bin ends early.", "at org.lslu.cli.LsluTest$Failing.call");
  }

  private int run(RuntimeException failure, String... options) {
    // Set again, so that the subcommand has them too.
    lslu.addSubcommand(new Failing(failure));
    lslu.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] arguments = new String[options.length + 1];
    arguments[0] = "failing";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return lslu.execute(arguments);
  }

  @Command(name = "failing")
  private static final class Failing implements Callable<Integer> {
    private final RuntimeException failure;

    Failing(RuntimeException failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() {
      failure.fillInStackTrace();
      throw failure;
    }
  }
}
