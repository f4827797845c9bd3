package org.lslu.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands, options and function names in a shell. */
@Command(
    name = "completion",
    description = "Print a script that completes commands and options in a shell.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(lslu completion bash)                for this shell, also for ./lslu",
      "  lslu completion bash > ~/.local/share/bash-completion/completions/lslu",
      "  echo 'source <(lslu completion zsh)' >> ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells that there is a script for. */
  enum Shell {
    bash,
    zsh
  }

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SHELL",
      defaultValue = "bash",
      description =
          "One of ${COMPLETION-CANDIDATES}; the script is the same. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("UnusedVariable") // checked by picocli; the script serves both
  private Shell shell;

  @Override
  public Integer call() {
    final CommandLine whole = Lslu.commandLine(); // with all its subcommands
    // One script: it finds out which shell reads it, and zsh then runs bash's completions.
    spec.commandLine().getOut().println(AutoComplete.bash(whole.getCommandName(), whole));
    return 0;
  }
}
