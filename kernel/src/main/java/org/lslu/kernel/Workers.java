package org.lslu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A fixed set of threads that share a kernel's work; the caller is one of them.
 *
 * <p>The work is cut by the number of threads and not by which of them is free, so that the same
 * number gives the same sums to the bit.
 */
public final class Workers implements AutoCloseable {
  private static final int SPINS = 2_000;

  private final int count;
  private final ExecutorService others;

  /**
   * Starts {@code count − 1} threads.
   *
   * @param count how many share the work, the caller included
   */
  public Workers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " workers; at least 1 is expected");
    }
    this.count = count;
    others =
        Executors.newFixedThreadPool(
            Math.max(count - 1, 1),
            task -> {
              final Thread thread = new Thread(task, "lslu-kernel");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** How many share the work. */
  public int count() {
    return count;
  }

  /** Runs parts 0 to {@code parts − 1}, one a thread, and returns when all are done. */
  public void run(int parts, IntConsumer part) {
    final List<Future<?>> running = new ArrayList<>(parts);
    for (int i = 1; i < parts; i++) {
      final int which = i;
      running.add(others.submit(() -> part.accept(which)));
    }
    try {
      part.accept(0);
    } finally {
      await(running);
    }
  }

  /**
   * Waits for every part, through interrupts and failures of other parts: the memory that they
   * write must not be given back before.
   */
  private static void await(List<Future<?>> parts) {
    boolean interrupted = false;
    final List<Throwable> problems = new ArrayList<>();
    for (final Future<?> part : parts) {
      // Parts are of one size and end within microseconds of each other; going to sleep and being
      // woken would take longer than most of these waits.
      for (int spin = 0; spin < SPINS && !part.isDone(); spin++) {
        Thread.onSpinWait();
      }
      boolean done = false;
      while (!done) {
        try {
          part.get();
          done = true;
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException problem) {
          problems.add(problem.getCause());
          done = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException("a kernel failed on a worker thread", problems.getFirst());
    }
  }

  @Override
  public void close() {
    others.shutdownNow();
  }
}
