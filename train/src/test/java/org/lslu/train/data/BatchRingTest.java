package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

/** What holds for any composition: order, room, failures and ends. */
@Timeout(60)
class BatchRingTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 1);

  @Test
  void order_isKept_whenWorkersFinishInAnyOrder() {
    Random random = new Random(61);
    int[] turns = random.ints(200, 0, 2000).toArray();
    try (Batches batches =
        start(
            (number, memory) -> {
              for (int k = 0; k < turns[number]; k++) {
                Thread.onSpinWait();
              }
              return batch(number, memory);
            },
            4,
            200,
            5)) {
      for (int number = 0; number < 200; number++) {
        assertThat(batches.next().number()).as("seed 61").isEqualTo(number);
      }
      assertThat(batches.hasNext()).isFalse();
    }
  }

  @Test
  void workers_goAheadOnlyAsFarAsThereIsRoom() throws InterruptedException {
    Set<Integer> composed = ConcurrentHashMap.newKeySet();
    CountDownLatch three = new CountDownLatch(3);
    CountDownLatch four = new CountDownLatch(4);
    try (Batches batches =
        start(
            (number, memory) -> {
              composed.add(number);
              three.countDown();
              four.countDown();
              return batch(number, memory);
            },
            3,
            100,
            5)) {
      three.await();
      assertThat(composed).containsExactlyInAnyOrder(0, 1, 2);
      batches.next(); // number 0 is held, so its memory is not free
      assertThat(composed).containsExactlyInAnyOrder(0, 1, 2);
      batches.next();
      four.await();
      assertThat(composed).containsExactlyInAnyOrder(0, 1, 2, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void failure_reachesTheConsumer_afterTheBatchesBeforeIt(int threads) {
    UserException cause = UserException.failure("The image x.png is broken.");
    try (Batches batches = start(failingAt(7, cause), 4, 20, threads)) {
      for (int number = 0; number < 7; number++) {
        assertThat(batches.next().number()).isEqualTo(number);
      }
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(batches::next).isSameAs(cause);
      }
      assertThat(batches.hasNext()).isTrue();
    }
  }

  @Test
  void failure_ofTheProgram_isNamedByItsBatch() {
    RuntimeException cause = new ArithmeticException("by zero");
    try (Batches batches = start(failingAt(0, cause), 4, 20, 2)) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Batch 0 could not be prepared.")
          .hasCause(cause);
    }
    Error error = new OutOfMemoryError("made by a test");
    try (Batches batches = start(failingAt(0, error), 4, 20, 2)) {
      assertThatThrownBy(batches::next).isSameAs(error);
    }
  }

  @Test
  void close_wakesAConsumerThatWaits() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Batches batches =
        start(
            (number, memory) -> {
              begun.countDown();
              await(gate);
              return batch(number, memory);
            },
            2,
            5,
            1);
    AtomicReference<String> answer = new AtomicReference<>("none");
    Thread consumer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    batches.next();
                    answer.set("a batch");
                  } catch (IllegalStateException e) {
                    answer.set(String.valueOf(e.getMessage()));
                  }
                });
    begun.await();
    awaitWaiting(consumer);
    Thread closer = Thread.ofPlatform().start(batches::close);
    consumer.join(); // answered although the worker is still at its batch
    assertThat(answer).hasValue("These batches are closed.");
    assertThat(batches.workersAlive()).isEqualTo(1);
    gate.countDown();
    closer.join();
    assertThat(batches.workersAlive()).isZero();
  }

  @Test
  void waiting_isCounted() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    try (Batches batches =
        start(
            (number, memory) -> {
              await(gate);
              return batch(number, memory);
            },
            2,
            1,
            1)) {
      assertThat(batches.waitedNanos()).isZero();
      Thread consumer = Thread.ofPlatform().start(batches::next);
      awaitWaiting(consumer);
      gate.countDown();
      consumer.join();
      assertThat(batches.waitedNanos()).isPositive();
    }
  }

  @Test
  void workers_areDaemons() {
    Set<Boolean> daemons = ConcurrentHashMap.newKeySet();
    try (Batches batches =
        start(
            (number, memory) -> {
              daemons.add(Thread.currentThread().isDaemon());
              return batch(number, memory);
            },
            2,
            3,
            2)) {
      batches.forEachRemaining(batch -> {});
    }
    assertThat(daemons).containsExactly(true);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the batches
  private static Batches start(
      BatchRing.Composition composition, int memories, int count, int threads) {
    Arena arena = Arena.ofShared();
    List<BatchMemory> memory =
        Stream.generate(() -> BatchMemory.allocate(arena, 1, SHAPE.values()))
            .limit(memories)
            .toList();
    return Batches.start(composition, arena, memory, 0, count, threads);
  }

  private static BatchRing.Composition failingAt(int place, Throwable cause) {
    return (number, memory) -> {
      if (number == place) {
        if (cause instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) cause;
      }
      return batch(number, memory);
    };
  }

  private static Batch batch(int number, BatchMemory memory) {
    return new Batch(number, SHAPE, memory.images(1, SHAPE), memory.labels(1), new int[1], 1);
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
  }
}
