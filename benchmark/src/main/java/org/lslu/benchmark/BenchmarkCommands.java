package org.lslu.benchmark;

import java.util.List;
import org.lslu.cli.CommandProvider;

/** Brings {@code lslu bench}. */
public final class BenchmarkCommands implements CommandProvider {
  /** Made by {@link java.util.ServiceLoader}. */
  public BenchmarkCommands() {}

  @Override
  public List<Class<?>> commands() {
    return List.of(BenchCommand.class);
  }
}
