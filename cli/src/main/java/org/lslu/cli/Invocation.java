package org.lslu.cli;

import org.lslu.train.run.Machine;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.Training;
import picocli.CommandLine.Model.CommandSpec;

/** How and where the command was called, to be kept with what it makes. */
final class Invocation {
  private Invocation() {}

  /** The command line, quoted where a shell needs it. */
  static String text(CommandSpec spec) {
    final StringBuilder line = new StringBuilder("./lslu");
    for (final String argument : spec.root().commandLine().getParseResult().originalArgs()) {
      line.append(' ')
          .append(argument.matches("[\\w./:=,@%+-]+") ? argument : "'" + argument + "'");
    }
    return line.toString();
  }

  static RunFile.Environment environment(CommandSpec spec) {
    return new RunFile.Environment(
        Training.now(), text(spec), Machine.description(), Machine.versions());
  }
}
