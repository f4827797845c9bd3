package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 5", "2, 2", "2, 7", "3, 1", "3, 3", "4, 64"})
  void run_doesEveryPartOnce(int count, int parts) {
    final AtomicIntegerArray done = new AtomicIntegerArray(parts);
    try (Workers workers = new Workers(count)) {
      assertThat(workers.count()).isEqualTo(count);
      workers.run(parts, done::incrementAndGet);
    }
    for (int part = 0; part < parts; part++) {
      assertThat(done.get(part)).as("part %d of %d", part, parts).isEqualTo(1);
    }
  }

  @Test
  void run_worksOnSeveralThreads_theCallerAmongThem() {
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final CountDownLatch together = new CountDownLatch(3);
    try (Workers workers = new Workers(3)) {
      workers.run(
          3,
          _ -> {
            threads.add(Thread.currentThread());
            together.countDown();
            assertThat(awaited(together)).as("all three run at once").isTrue();
          });
    }
    assertThat(threads).hasSize(3).contains(Thread.currentThread());
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @Test
  void run_handsOnWhatAPartThrows() {
    final IllegalArgumentException problem = new IllegalArgumentException("broken part");
    try (Workers workers = new Workers(2)) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  workers.run(
                      2,
                      part -> {
                        if (part == 1) {
                          throw problem;
                        }
                      }))
          .withMessage("a kernel failed on a worker thread")
          .withCause(problem);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  workers.run(
                      2,
                      part -> {
                        if (part == 0) {
                          throw problem;
                        }
                      }))
          .isSameAs(problem);
    }
  }

  @Test
  void run_thatFails_stillWaitsForAllOtherParts() {
    // The caller frees the memory when run returns: no part may then still be writing.
    for (int failing = 0; failing < 2; failing++) {
      final int bad = failing;
      final AtomicBoolean finished = new AtomicBoolean();
      try (Workers workers = new Workers(3)) {
        assertThatExceptionOfType(RuntimeException.class)
            .isThrownBy(
                () ->
                    workers.run(
                        3,
                        part -> {
                          if (part == bad) {
                            throw new IllegalStateException("broken part");
                          }
                          if (part == 2) {
                            pause();
                            finished.set(true);
                          }
                        }));
        assertThat(finished).as("part 2 is done although part %d failed", bad).isTrue();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @Test
  void run_whileInterrupted_finishesAndKeepsTheInterrupt() {
    final AtomicBoolean finished = new AtomicBoolean();
    try (Workers workers = new Workers(2)) {
      workers.run(
          2,
          part -> {
            if (part == 0) {
              Thread.currentThread().interrupt();
            } else {
              pause();
              finished.set(true);
            }
          });
    } finally {
      assertThat(Thread.interrupted()).as("the caller is still interrupted").isTrue();
    }
    assertThat(finished).isTrue();
  }

  @Test
  void workers_areAtLeastOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Workers(0))
        .withMessage("0 workers; at least 1 is expected");
  }

  @Test
  void close_endsTheThreads() {
    final Workers workers = new Workers(2);
    workers.close();

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> workers.run(2, _ -> {}));
  }
}
