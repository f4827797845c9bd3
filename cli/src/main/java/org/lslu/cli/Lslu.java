package org.lslu.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import org.lslu.function.UserException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code lslu} command: picks a subcommand and turns its outcome into an exit code.
 *
 * <p>Exit codes: 0 done, 1 the work failed, 2 the arguments are wrong. A mistake of the user's is
 * printed as one sentence; stack traces appear only with {@code --debug}.
 */
@Command(
    name = "lslu",
    description = "Learnable activation functions, from the formula to the trained network.",
    versionProvider = Lslu.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the work failed", "2:the arguments are wrong"})
public final class Lslu implements Runnable {
  private static final int WORK_FAILED = 1;

  /** The subcommands, in the order in which the help lists them. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          TrainCommand.class,
          CompareCommand.class,
          EvaluateCommand.class,
          AnalyseCommand.class,
          PredictCommand.class,
          DeployCommand.class,
          ExportCommand.class,
          ModelsCommand.class,
          FunctionsCommand.class,
          PlotCommand.class,
          AugmentCommand.class,
          CheckCommand.class,
          DoctorCommand.class,
          CompletionCommand.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean debug;

  private Lslu() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(execute(commandLine(), arguments));
  }

  /** Runs a command line with the defaults of the recipe that its arguments name. */
  static int execute(CommandLine commandLine, String... arguments) {
    try {
      return commandLine.setDefaultValueProvider(Recipes.of(arguments)).execute(arguments);
    } catch (UserException problem) {
      commandLine.getErr().println("lslu: " + problem.getMessage());
      commandLine.getErr().flush();
      return problem.exitCode();
    }
  }

  /** The command with all its subcommands and its error handling, ready to execute. */
  static CommandLine commandLine() {
    Lslu lslu = new Lslu();
    CommandLine commandLine = new CommandLine(lslu);
    COMMANDS.forEach(commandLine::addSubcommand);
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      provider.commands().forEach(commandLine::addSubcommand);
    }
    return commandLine
        .setParameterExceptionHandler(Lslu::explainArguments)
        .setExecutionExceptionHandler(lslu::explainFailure);
  }

  /** Without a subcommand there is nothing to do: says so, with the list of them. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given.");
  }

  private static int explainArguments(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("lslu: " + problem.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(problem, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private int explainFailure(Exception problem, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (problem instanceof UserException user) {
      err.println("lslu: " + user.getMessage());
    } else {
      err.println("lslu: " + problem + (debug ? "" : " (--debug shows where)"));
    }
    if (debug) {
      problem.printStackTrace(err);
    }
    err.flush();
    return problem instanceof UserException user ? user.exitCode() : WORK_FAILED;
  }

  /** The version of this build, from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Lslu.class.getPackage().getImplementationVersion();
      return new String[] {"lslu " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
