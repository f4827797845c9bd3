package org.lslu.benchmark.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.benchmark.measure.Work;
import org.lslu.kernel.Workers;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;

/**
 * What the machine can do at most: a plain copy of memory far beyond the caches, and a large matrix
 * product. Both are timed in turn with what is held against them.
 */
public final class Limits implements AutoCloseable {
  /** Bytes read, and as many written, by one copy: beyond the caches of common processors. */
  private static final long COPIED = 128L << 20;

  /** Side of the matrices: from about 1,000 on the product runs at the processor's full speed. */
  private static final int SIDE = 1536;

  private final Arena arena = Arena.ofShared();
  private final Workers workers;
  private final MemorySegment from;
  private final MemorySegment to;
  private final Tensor a;
  private final Tensor b;
  private final Tensor product;

  /**
   * Fills the memory.
   *
   * @param threads how many share the copy; the product takes LibTorch's
   */
  public Limits(int threads) {
    LibTorch.start();
    workers = new Workers(threads);
    from = arena.allocate(COPIED, Long.BYTES).fill((byte) 1);
    to = arena.allocate(COPIED, Long.BYTES).fill((byte) 2);
    a = Scopes.outside(() -> torch.randn(SIDE, SIDE));
    b = Scopes.outside(() -> torch.randn(SIDE, SIDE));
    product = Scopes.outside(() -> torch.zeros(SIDE, SIDE));
  }

  /** One copy. */
  public Work copy() {
    return Work.of(() -> copy(from, to, workers));
  }

  /** Copies memory, a share a thread. */
  public static void copy(MemorySegment from, MemorySegment to, Workers workers) {
    final long bytes = from.byteSize();
    final int parts = workers.count();
    workers.run(
        parts,
        part -> {
          final long start = bytes * part / parts;
          MemorySegment.copy(from, start, to, start, bytes * (part + 1) / parts - start);
        });
  }

  /** Bytes that one copy moves: those read and those written. */
  public long bytesMoved() {
    return 2 * COPIED;
  }

  /** One product. */
  public Work product() {
    return Work.of(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            torch.mm_out(product, a, b);
          }
        });
  }

  /** Multiply-adds of one product. */
  public long multiplyAdds() {
    return (long) SIDE * SIDE * SIDE;
  }

  @Override
  public void close() {
    workers.close();
    a.close();
    b.close();
    product.close();
    arena.close();
  }
}
