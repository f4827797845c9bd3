package org.lslu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One forward or backward pass of a {@link SeriesKernel}: the batch cut into items of some images
 * and one block of channels, small enough that all that an item needs stays in the caches.
 */
final class SeriesPass {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Places of an item: a packed block of so many takes 48 KiB where vectors are of 512 bits. */
  private static final int PLACES = 768;

  /** Places whose products are summed in float before they are added to the sums in double. */
  private static final int BAND = 512;

  /** Below this many multiply-adds a second thread costs more than it brings. */
  private static final long WORTH_A_THREAD = 200_000;

  private static final int LINE = 64;

  private final ImageLayout layout;
  private final Taps.Size size;
  private final TapRow row;
  private final LaneActivation activation;
  private final Packing packing;
  private final Workers workers;
  private final int lanes;
  private final int side;
  private final int blocks;
  private final int images;
  private final List<Worker> done = new ArrayList<>();

  SeriesPass(
      ImageLayout layout,
      Taps.Size size,
      LaneActivation activation,
      Provider provider,
      Workers workers) {
    this.layout = layout;
    this.size = size;
    this.activation = activation;
    this.workers = workers;
    lanes = provider.lanes();
    side = size.side();
    row = TapRow.of(provider, side, layout.width());
    packing = new Packing(layout, provider.move(), lanes);
    blocks = Math.ceilDiv(layout.channels(), lanes);
    images =
        Math.min(
            Math.max(1, layout.images()),
            Math.max(1, PLACES / layout.places() / row.together()) * row.together());
  }

  /** Packs the kernels for {@link Worker}. */
  Taps packed(MemorySegment kernels, boolean turned) {
    return Taps.of(kernels, layout.channels(), size, lanes, turned);
  }

  /** What is done with one item. */
  @FunctionalInterface
  interface Item {
    void run(Worker worker, Images images, int block);
  }

  /** Neighbouring images. */
  record Images(int first, int count) {}

  /** Does all items, each thread a stretch of them. */
  void run(Item item) {
    final int chunks = Math.ceilDiv(layout.images(), images);
    final int items = chunks * blocks;
    final long work =
        layout.elements() * Math.min(side, layout.height()) * Math.min(side, layout.width());
    final int parts =
        (int) Math.max(1, Math.min(Math.min(workers.count(), items), work / WORTH_A_THREAD));
    final AtomicReferenceArray<Worker> used = new AtomicReferenceArray<>(parts);
    workers.run(
        parts,
        part -> {
          final Worker worker = new Worker();
          final int end = (int) ((long) items * (part + 1) / parts);
          for (int i = (int) ((long) items * part / parts); i < end; i++) {
            final int first = i / blocks * images;
            item.run(
                worker, new Images(first, Math.min(images, layout.images() - first)), i % blocks);
          }
          used.set(part, worker);
        });
    for (int part = 0; part < parts; part++) {
      done.add(used.get(part));
    }
  }

  /** The gradients of f's coefficients, by set. */
  double[][] coefficientGradients() {
    final double[][] total = activation.sums();
    for (final Worker worker : done) {
      for (int set = 0; set < total.length; set++) {
        for (int k = 0; k < total[set].length; k++) {
          total[set][k] += worker.coefficientSums[set][k];
        }
      }
    }
    return total;
  }

  /** Writes the gradients of the kernels, C×(2r+1)×(2r+1). */
  void writeTapGradients(MemorySegment into) {
    if (size.reach() < size.radius()) {
      into.asSlice(0, size.values(layout.channels()) * Float.BYTES).fill((byte) 0);
    }
    for (int channel = 0; channel < layout.channels(); channel++) {
      for (int tap = 0; tap < size.taps(); tap++) {
        final int at = (channel / lanes * size.taps() + tap) * lanes + channel % lanes;
        double sum = 0;
        for (final Worker worker : done) {
          sum += worker.tapSums[at];
        }
        into.setAtIndex(FLOAT, size.place(channel, tap), (float) sum);
      }
    }
  }

  /** The memory and the sums of one thread. */
  final class Worker {
    private final MemorySegment x = block();
    private final MemorySegment activated = block();
    private final MemorySegment gradient = block();
    private final MemorySegment result = block();
    private final MemorySegment band =
        Arena.ofAuto().allocate((long) side * side * lanes * Float.BYTES, LINE);
    private final double[] tapSums = new double[blocks * side * side * lanes];
    private final double[][] coefficientSums = activation.sums();
    private final float[] scratch = activation.scratch();

    private MemorySegment block() {
      return Arena.ofAuto().allocate((long) images * layout.places() * lanes * Float.BYTES, LINE);
    }

    void forward(MemorySegment in, Taps taps, MemorySegment y, Images some, int block) {
      packing.pack(in, some.first(), some.count(), block * lanes, x);
      activation.forward(x, activated, some.count() * layout.places(), block);
      convolve(activated, taps, result, some.count(), block);
      packing.unpack(result, y, some.first(), some.count(), block * lanes);
    }

    void backward(
        MemorySegment in, MemorySegment dy, Taps turned, MemorySegment dx, Images some, int block) {
      final int places = some.count() * layout.places();
      packing.pack(in, some.first(), some.count(), block * lanes, x);
      packing.pack(dy, some.first(), some.count(), block * lanes, gradient);
      activation.forward(x, activated, places, block);
      correlate(activated, gradient, some.count(), block);
      convolve(gradient, turned, result, some.count(), block);
      activation.backward(x, result, places, block, scratch, coefficientSums);
      packing.unpack(result, dx, some.first(), some.count(), block * lanes);
    }

    private void convolve(MemorySegment in, Taps taps, MemorySegment out, int count, int block) {
      final int radius = side / 2;
      final int groups = count / row.together();
      final int left = count - groups * row.together();
      final long grouped = (long) groups * row.together() * image();
      for (int h = 0; h < layout.height(); h++) {
        final int first = Math.max(0, radius - h);
        final int rows = Math.min(side, layout.height() + radius - h) - first;
        final long tapsAt = taps.start(block) + (long) first * side * vector();
        for (final TapRow.Tile tile : row.tiles()) {
          final long inAt = place(h + first - radius, tile.firstColumn());
          final long outAt = place(h, tile.from());
          if (groups > 0) {
            tile.groups()
                .convolve(
                    in, inAt, taps.memory(), tapsAt, out, outAt, row(), rows, image(), groups);
          }
          if (left > 0) {
            tile.single()
                .convolve(
                    in,
                    inAt + grouped,
                    taps.memory(),
                    tapsAt,
                    out,
                    outAt + grouped,
                    row(),
                    rows,
                    image(),
                    left);
          }
        }
      }
    }

    /** Sums the taps' gradients over bands of rows, each in float, and these in double. */
    private void correlate(MemorySegment in, MemorySegment dy, int count, int block) {
      final int high = Math.max(1, BAND / layout.width());
      for (int from = 0; from < layout.height(); from += high) {
        band.fill((byte) 0);
        for (int k = 0; k < side; k++) {
          correlate(in, dy, count, k, from, Math.min(layout.height(), from + high));
        }
        final int to = block * side * side * lanes;
        for (int i = 0; i < side * side * lanes; i++) {
          tapSums[to + i] += band.getAtIndex(FLOAT, i);
        }
      }
    }

    private void correlate(MemorySegment in, MemorySegment dy, int count, int k, int from, int to) {
      final int shift = k - side / 2;
      final int first = Math.max(from, -shift);
      final int rows = Math.min(to, layout.height() - shift) - first;
      if (rows <= 0) {
        return;
      }
      final int groups = count / row.together();
      final int left = count - groups * row.together();
      final long grouped = (long) groups * row.together() * image();
      final long sumsAt = (long) k * side * vector();
      for (final TapRow.Tile tile : row.tiles()) {
        final long inAt = place(first + shift, tile.firstColumn());
        final long dyAt = place(first, tile.from());
        if (groups > 0) {
          tile.groups().correlate(in, inAt, dy, dyAt, band, sumsAt, row(), rows, image(), groups);
        }
        if (left > 0) {
          tile.single()
              .correlate(
                  in, inAt + grouped, dy, dyAt + grouped, band, sumsAt, row(), rows, image(), left);
        }
      }
    }

    private long vector() {
      return (long) lanes * Float.BYTES;
    }

    private long row() {
      return layout.width() * vector();
    }

    private long image() {
      return layout.places() * vector();
    }

    private long place(int h, int w) {
      return ((long) h * layout.width() + w) * vector();
    }
  }
}
