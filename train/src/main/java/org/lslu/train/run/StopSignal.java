package org.lslu.train.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C, or a request to end the process, finish the step in hand.
 *
 * <p>The JVM answers both by running its shutdown hooks. Ours raises a flag that the training loop
 * reads after each step, and keeps the JVM alive until the loop says that its checkpoint is
 * written.
 */
public final class StopSignal implements AutoCloseable {
  /** Longer than the longest step and checkpoint; a loop that hangs must not keep the process. */
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::raise, "lslu-stop");
  private volatile boolean raised;

  private StopSignal() {}

  /** A signal that listens to the process. */
  public static StopSignal ofProcess() {
    final StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** A signal that only {@link #request} raises. */
  public static StopSignal manual() {
    return new StopSignal();
  }

  /** Asks the loop to stop after its step. */
  public void request() {
    raised = true;
  }

  /** Whether the loop is to stop. */
  public boolean isRaised() {
    return raised;
  }

  private void raise() {
    raised = true;
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("lslu: the training did not stop in time; its last checkpoint stands");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the process go. */
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the process is ending already
    }
  }
}
