package org.lslu.train.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.lslu.function.UserException;

/**
 * Batches on their way from the threads that prepare them to the one that consumes them, in order.
 *
 * <p>Batch b is written into memory b mod m of m. A worker claims the lowest number that nobody has
 * claimed, and only once the batch before it in the same memory was given back; so the batch that
 * the consumer waits for is always claimed already or can be, and no worker can hold up another.
 */
final class BatchRing {
  /** Writes the batch of a number into a memory. */
  interface Composition {
    Batch compose(int number, BatchMemory memory);
  }

  private sealed interface Outcome {
    record Ready(Batch batch) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
  }

  private final Composition composition;
  private final List<BatchMemory> memories;
  private final int end;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition outcome = lock.newCondition();
  private final Map<Integer, Outcome> outcomes = new HashMap<>(); // by number, not taken yet
  private int claimed; // the lowest number that no worker has claimed
  private int held; // the lowest number whose memory is not given back
  private int taken; // the number that the consumer takes next
  private long waitedNanos;
  private boolean stopped;

  /**
   * A ring for the batches from {@code first} to {@code end} − 1.
   *
   * @param memories one for the batch in the consumer's hands, and one for each prepared ahead
   */
  BatchRing(Composition composition, List<BatchMemory> memories, int first, int end) {
    this.composition = composition;
    this.memories = memories;
    this.end = end;
    this.claimed = first;
    this.held = first;
    this.taken = first;
  }

  /** What a worker does: prepares batches until there are none left or the ring is stopped. */
  void prepare() {
    for (int number = claim(); number < end; number = claim()) {
      Outcome result;
      try {
        result = new Outcome.Ready(composition.compose(number, memory(number)));
      } catch (Throwable cause) { // errors too, or the consumer would wait for ever
        result = new Outcome.Failed(cause);
      }
      report(number, result);
    }
  }

  private BatchMemory memory(int number) {
    return memories.get(number % memories.size());
  }

  /** The next number to prepare, or {@code end} if there is none. */
  private int claim() {
    lock.lock();
    try {
      while (!stopped && claimed < end && claimed - held >= memories.size()) {
        room.awaitUninterruptibly();
      }
      return stopped || claimed >= end ? end : claimed++;
    } finally {
      lock.unlock();
    }
  }

  private void report(int number, Outcome result) {
    lock.lock();
    try {
      outcomes.put(number, result);
      if (result instanceof Outcome.Failed) {
        claimed = end; // what comes after it will not be asked for
        room.signalAll();
      }
      outcome.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next batch, waited for; gives back the memory of the one before.
   *
   * @throws IllegalStateException if the ring was stopped, or the batch could not be prepared
   */
  Batch take() {
    lock.lock();
    try {
      held = taken;
      room.signalAll();
      long start = System.nanoTime();
      Outcome next = outcomes.get(taken);
      while (!stopped && next == null) {
        outcome.awaitUninterruptibly(); // a worker is at it, and nothing can hold that worker up
        next = outcomes.get(taken);
      }
      waitedNanos += System.nanoTime() - start;
      if (stopped || next == null) {
        throw new IllegalStateException("These batches are closed.");
      }
      return switch (next) {
        case Outcome.Ready(Batch batch) -> {
          outcomes.remove(taken);
          taken++;
          yield batch;
        }
        case Outcome.Failed(UserException cause) -> throw cause;
        case Outcome.Failed(Error cause) -> throw cause;
        case Outcome.Failed(Throwable cause) ->
            throw new IllegalStateException("Batch " + taken + " could not be prepared.", cause);
      };
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds that the consumer has waited for batches so far. */
  long waitedNanos() {
    lock.lock();
    try {
      return waitedNanos;
    } finally {
      lock.unlock();
    }
  }

  /** Lets workers end after the batch they are at, and wakes a waiting consumer. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      room.signalAll();
      outcome.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
