package org.lslu.cli;

import java.util.List;

/**
 * Brings subcommands of {@code lslu} that live in rooms which the command itself does not know,
 * such as benchmarks.
 *
 * <p>Found by {@link java.util.ServiceLoader}: name the provider in {@code
 * META-INF/services/org.lslu.cli.CommandProvider} of a jar on the class path.
 */
public interface CommandProvider {
  /**
   * The commands, in the order in which the help lists them, after those of {@code lslu} itself:
   * classes with picocli's {@code @Command} and a constructor without arguments.
   */
  List<Class<?>> commands();
}
