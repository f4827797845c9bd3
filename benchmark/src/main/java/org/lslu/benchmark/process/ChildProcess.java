package org.lslu.benchmark.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lslu.benchmark.measure.Work;
import org.lslu.function.UserException;

/**
 * A Java process that does one piece of work whenever it is asked to, times it by its own clock,
 * and sleeps in between: {@link ChildSide} on its side of the pipe.
 */
public final class ChildProcess implements Work, AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final BufferedReader answers;
  private final Writer orders;
  private final Path complaints;

  /** Which environment a process has. */
  public enum Surrounding {
    /** This process's: the launcher's allocator settings and waiting threads that sleep. */
    OURS,
    /** Without them, as LibTorch finds it where nobody has set anything. */
    PLAIN
  }

  private ChildProcess(Process process, Path complaints) {
    this.process = process;
    this.complaints = complaints;
    answers = process.inputReader();
    orders = process.outputWriter();
  }

  /**
   * Starts a process and waits until its work is ready.
   *
   * @param main a class with a main method that calls {@link ChildSide#serve}
   * @param arguments of the main method
   * @throws UserException if it does not start
   */
  public static ChildProcess start(Class<?> main, Surrounding surrounding, List<String> arguments) {
    final List<String> command = new ArrayList<>(java());
    command.add(main.getName());
    command.addAll(arguments);
    final ProcessBuilder builder = new ProcessBuilder(command);
    surround(builder.environment(), surrounding);
    try {
      final Path complaints = Files.createTempFile("lslu-bench", ".log");
      final Process process = builder.redirectError(complaints.toFile()).start();
      final ChildProcess child = new ChildProcess(process, complaints);
      child.answer();
      return child;
    } catch (IOException problem) {
      throw UserException.failure(
          "a process for the other side could not be started: " + problem.getMessage(), problem);
    }
  }

  /** This JVM and its options, so that both sides have the same collector and the same heap. */
  private static List<String> java() {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(
                argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agent"))
            .toList());
    return command;
  }

  /** Sets the class path, and takes out what the launcher has set for speed. */
  static void surround(Map<String, String> environment, Surrounding surrounding) {
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    if (surrounding == Surrounding.PLAIN) {
      environment.keySet().removeIf(name -> name.startsWith("MALLOC_"));
      environment.remove("OMP_WAIT_POLICY");
    }
  }

  @Override
  public double seconds(int repetitions) {
    return ask("run " + repetitions);
  }

  /** The most memory of the machine that the process has held at one time so far, in bytes. */
  public long peakMemory() {
    return (long) ask("memory");
  }

  private double ask(String order) {
    try {
      orders.write(order + "\n");
      orders.flush();
      return answer();
    } catch (IOException problem) {
      throw failed(problem.toString());
    }
  }

  /** The next line that is an answer; LibTorch may print others. */
  private double answer() {
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(ChildSide.ANSWER)) {
          return Double.parseDouble(line.substring(ChildSide.ANSWER.length()));
        }
      }
      throw failed("it has ended");
    } catch (IOException problem) {
      throw failed(problem.toString());
    }
  }

  private UserException failed(String what) {
    String said;
    try {
      said = Files.readString(complaints).strip();
    } catch (IOException _) {
      said = "";
    }
    return UserException.failure(
        "a process of the other side failed (%s): %s".formatted(what, said));
  }

  @Override
  public void close() {
    try {
      orders.close(); // the end of its orders is the end of its work
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(complaints);
    } catch (IOException _) {
      process.destroyForcibly();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
