package org.lslu.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
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

  /** The subcommands by their names, in the order in which the help lists them. */
  private static final SequencedMap<String, Class<?>> COMMANDS = commands();

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean debug;

  private Lslu() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(execute(commandLine(arguments), arguments));
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

  private static SequencedMap<String, Class<?>> commands() {
    SequencedMap<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("train", TrainCommand.class);
    commands.put("compare", CompareCommand.class);
    commands.put("evaluate", EvaluateCommand.class);
    commands.put("analyse", AnalyseCommand.class);
    commands.put("explain", ExplainCommand.class);
    commands.put("predict", PredictCommand.class);
    commands.put("deploy", DeployCommand.class);
    commands.put("export", ExportCommand.class);
    commands.put("models", ModelsCommand.class);
    commands.put("functions", FunctionsCommand.class);
    commands.put("plot", PlotCommand.class);
    commands.put("atlas", AtlasCommand.class);
    commands.put("augment", AugmentCommand.class);
    commands.put("check", CheckCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("completion", CompletionCommand.class);
    return commands;
  }

  /**
   * The command with its error handling, ready to execute, and with the subcommand that the
   * arguments begin with; where they begin with anything else, with all of them. To read the
   * options of all subcommands takes longer than most of them need for their work.
   */
  static CommandLine commandLine(String... arguments) {
    Lslu lslu = new Lslu();
    CommandLine commandLine = new CommandLine(lslu);
    Class<?> wanted = arguments.length > 0 ? COMMANDS.get(arguments[0]) : null;
    if (wanted != null) {
      commandLine.addSubcommand(wanted);
    } else {
      COMMANDS.values().forEach(commandLine::addSubcommand);
      for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
        provider.commands().forEach(commandLine::addSubcommand);
      }
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
