package org.lslu.train.data;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The batches of one epoch in their order, prepared ahead by threads of their own.
 *
 * <p>What is in a batch depends on the images, the normalisation, the settings and the epoch. It
 * does not depend on the number of threads, on how fast they are, or on the batch at which the
 * epoch was entered: a run that goes on at epoch e, batch b sees what it would have seen.
 *
 * <pre>{@code
 * try (Batches batches = Batches.of(set, normalisation, settings, epoch)) {
 *   while (batches.hasNext()) {
 *     Batch batch = batches.next(); // its memory is good until the next call of next() or close()
 *   }
 * }
 * }</pre>
 *
 * <p>Only one thread may consume. Closing is allowed at any time: it ends the threads and frees the
 * memory, which an epoch that is never closed keeps.
 */
public final class Batches implements Iterator<Batch>, AutoCloseable {
  private final Arena arena;
  private final BatchRing ring;
  private final List<Thread> workers = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final int count;
  private int next;

  private Batches(Arena arena, BatchRing ring, int firstBatch, int count, int threads) {
    this.arena = arena;
    this.ring = ring;
    this.next = firstBatch;
    this.count = count;
    for (int k = 0; k < Math.min(threads, count - firstBatch); k++) {
      // Platform threads: the work is arithmetic. Daemons: a forgotten epoch must not hold the JVM.
      workers.add(Thread.ofPlatform().daemon().name("lslu-batches-" + k).start(ring::prepare));
    }
  }

  /**
   * All batches of an epoch.
   *
   * @param set images
   * @param normalisation what is applied to every image, as measured on the training images
   * @param settings how the epoch is cut into batches
   * @param epoch number of the epoch, on which order and augmentation depend
   * @throws org.lslu.function.UserException if the padding is too wide for the images, or every
   *     batch would be dropped
   * @throws IllegalArgumentException if the normalisation has another number of channels
   */
  public static Batches of(
      ImageSet set, Normalisation normalisation, BatchSettings settings, int epoch) {
    return of(set, normalisation, settings, epoch, 0);
  }

  /**
   * The batches of an epoch from one of them on.
   *
   * @param set images
   * @param normalisation what is applied to every image, as measured on the training images
   * @param settings how the epoch is cut into batches
   * @param epoch number of the epoch, on which order and augmentation depend
   * @param firstBatch number of the first batch wanted, from 0 to the number of batches
   * @throws org.lslu.function.UserException if the padding is too wide for the images, or every
   *     batch would be dropped
   * @throws IllegalArgumentException if the normalisation has another number of channels, or the
   *     epoch has no such batch
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), with the threads that write to it
  public static Batches of(
      ImageSet set,
      Normalisation normalisation,
      BatchSettings settings,
      int epoch,
      int firstBatch) {
    BatchComposer composer = new BatchComposer(set, normalisation, settings, epoch);
    if (firstBatch < 0 || firstBatch > composer.batches()) {
      throw new IllegalArgumentException(
          "The epoch has %s batches; found %s as the first one wanted."
              .formatted(composer.batches(), firstBatch));
    }
    // One batch in the consumer's hands and the others ahead of it.
    int memories = Math.min(settings.ahead() + 1, composer.batches() - firstBatch);
    Arena arena = Arena.ofShared(); // written by the workers, read and closed by the consumer
    try {
      return start(
          composer,
          arena,
          Stream.generate(() -> composer.allocate(arena)).limit(memories).toList(),
          firstBatch,
          composer.batches(),
          settings.threads());
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /** Batches of any composition in the given memories, which belong to {@code arena}. */
  static Batches start(
      BatchRing.Composition composition,
      Arena arena,
      List<BatchMemory> memories,
      int firstBatch,
      int count,
      int threads) {
    BatchRing ring = new BatchRing(composition, memories, firstBatch, count);
    return new Batches(arena, ring, firstBatch, count, threads);
  }

  /** Number of batches in the whole epoch, those before the first one wanted included. */
  public int count() {
    return count;
  }

  /** Whether the epoch has another batch. */
  @Override
  public boolean hasNext() {
    return next < count;
  }

  /**
   * The next batch, waited for if it is not ready. The memory of the batch before may now be
   * written to.
   *
   * @throws NoSuchElementException after the last batch
   * @throws IllegalStateException if these batches are closed, or a thread failed to prepare this
   *     one; the cause tells why
   */
  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The epoch has only " + count + " batches.");
    }
    Batch batch = ring.take();
    next++;
    return batch;
  }

  /** Nanoseconds that {@link #next()} has waited so far: time that the network stood still. */
  public long waitedNanos() {
    return ring.waitedNanos();
  }

  /** Number of threads that are still there. */
  long workersAlive() {
    return workers.stream().filter(Thread::isAlive).count();
  }

  /**
   * Ends the threads and frees the memory of all batches; without effect when called again.
   *
   * <p>Nothing may use the memory of a batch any more, by a tensor or otherwise.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    ring.stop();
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true; // memory must not be freed under a worker: it is at its last batch
        }
      }
    }
    arena.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
