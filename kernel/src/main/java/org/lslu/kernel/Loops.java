package org.lslu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A compiled function with its way over memory of any {@link Layout}.
 *
 * <p>Three ways, by how long the runs are that follow one parameter set:
 *
 * <ul>
 *   <li>one set for all: one long run, cut between the threads;
 *   <li>runs of several vectors (a channel's plane): run by run, the coefficients broadcast;
 *   <li>short runs (channels last, small planes): the array as a matrix whose rows are periods, in
 *       which every column has its own coefficients. Vectors lie across columns and go down the
 *       rows, so the coefficients stay in registers. Rows that are no whole number of vectors are
 *       joined until they are.
 * </ul>
 */
final class Loops {
  /**
   * Vectors between two flushes of float sums to double: 2⁸ additions cost at most 8 of 24 bits.
   */
  static final int FLUSH = 256;

  /** Below this many elements a second thread costs more than it brings. */
  private static final long WORTH_A_THREAD = 32 * 1024;

  private final ElementLoop wide;
  private final ElementLoop uniform;
  private final ElementLoop single;
  private final int coefficientCount;
  private final int[] summed;

  private Loops(
      ElementLoop wide,
      ElementLoop uniform,
      ElementLoop single,
      int coefficientCount,
      List<Integer> summed) {
    this.wide = wide;
    this.uniform = uniform;
    this.single = single;
    this.coefficientCount = coefficientCount;
    this.summed = summed.stream().mapToInt(Integer::intValue).toArray();
  }

  static Loops compile(
      Provider provider,
      Program forward,
      Program backward,
      int coefficientCount,
      List<Integer> summed) {
    final ElementLoop single = new LoopCompiler(new ScalarLanes()).compile(forward, backward);
    final ElementLoop wide =
        provider == Provider.SCALAR
            ? single
            : new LoopCompiler(provider.code()).compile(forward, backward);
    final ElementLoop uniform =
        provider == Provider.SCALAR || !(forward.picks() || backward.picks())
            ? wide
            : new LoopCompiler(new UniformLanes()).compile(forward, backward);
    return new Loops(wide, uniform, single, coefficientCount, summed);
  }

  /** The code for neighbouring elements, one a lane. */
  ElementLoop wide() {
    return wide;
  }

  int coefficientCount() {
    return coefficientCount;
  }

  /** Which coefficients have gradients, in the order of their sums. */
  int[] summed() {
    return summed.clone();
  }

  void forward(
      MemorySegment x, MemorySegment y, Layout layout, double[][] coefficients, Workers workers) {
    final Work work = new Work(x, x, y, false);
    share(layout, coefficients, workers, work);
  }

  double[][] backward(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      Layout layout,
      double[][] coefficients,
      Workers workers) {
    return share(layout, coefficients, workers, new Work(x, dy, dx, true));
  }

  /** The memory of one call. */
  private record Work(MemorySegment x, MemorySegment dy, MemorySegment out, boolean isBackward) {}

  /** Runs the work on the threads and adds up their sums, in the order of the threads. */
  private double[][] share(Layout layout, double[][] coefficients, Workers workers, Work work) {
    final int parts =
        (int) Math.max(1, Math.min(workers.count(), layout.elements() / WORTH_A_THREAD));
    final double[][][] sums = new double[parts][][];
    final Way way = way(layout, coefficients);
    workers.run(
        parts,
        part -> {
          final double[][] own = new double[layout.sets()][coefficientCount];
          way.walk(part, parts, work, own);
          sums[part] = own;
        });
    for (int part = 1; part < parts; part++) {
      for (int set = 0; set < layout.sets(); set++) {
        for (final int k : summed) {
          sums[0][set][k] += sums[part][set][k];
        }
      }
    }
    return sums[0];
  }

  private Way way(Layout layout, double[][] coefficients) {
    final int lanes = wide.lanes();
    if (layout.sets() == 1 || layout.elements() == 0) {
      return new OneRun(layout.elements(), coefficients[0]);
    }
    return layout.run() >= 4L * lanes
        ? new ManyRuns(layout, coefficients)
        : new Columns(layout, coefficients);
  }

  /** One of the three ways over memory, cut into parts. */
  private interface Way {
    void walk(int part, int parts, Work work, double[][] sums);
  }

  private final class OneRun implements Way {
    private final long elements;
    private final Coefficients coefficients;

    OneRun(long elements, double[] values) {
      this.elements = elements;
      coefficients = new Coefficients(values);
    }

    @Override
    public void walk(int part, int parts, Work work, double[][] sums) {
      final long vectors = elements / wide.lanes();
      final long from = vectors * part / parts * wide.lanes();
      final long to = part == parts - 1 ? elements : vectors * (part + 1) / parts * wide.lanes();
      new Runner(work).run(from, to, coefficients, sums[0]);
    }
  }

  private final class ManyRuns implements Way {
    private final Layout layout;
    private final Coefficients[] coefficients;

    ManyRuns(Layout layout, double[][] values) {
      this.layout = layout;
      coefficients = new Coefficients[values.length];
      for (int set = 0; set < values.length; set++) {
        coefficients[set] = new Coefficients(values[set]);
      }
    }

    @Override
    public void walk(int part, int parts, Work work, double[][] sums) {
      final long runs = layout.outer() * layout.sets();
      final Runner runner = new Runner(work);
      for (long run = runs * part / parts; run < runs * (part + 1) / parts; run++) {
        final int set = (int) (run % layout.sets());
        final long from = run * layout.run();
        runner.run(from, from + layout.run(), coefficients[set], sums[set]);
      }
    }
  }

  private final class Columns implements Way {
    private final long rows;
    private final int width;
    private final long left;
    private final int[] sets;
    private final Coefficients[] ofSet;
    private final float[] wideCoefficients;

    Columns(Layout layout, double[][] values) {
      final int lanes = wide.lanes();
      final int period = Math.toIntExact(layout.period());
      int joined = 1;
      while (joined * period % lanes != 0 && joined < layout.outer()) {
        joined++;
      }
      width = joined * period;
      rows = layout.outer() / joined;
      left = layout.outer() % joined * period;
      sets = new int[width];
      final long run = layout.run();
      for (int column = 0; column < width; column++) {
        sets[column] = (int) (column % period / run);
      }
      ofSet = new Coefficients[values.length];
      for (int set = 0; set < values.length; set++) {
        ofSet[set] = new Coefficients(values[set]);
      }
      // Block by block of columns, in a block coefficient by coefficient.
      wideCoefficients = new float[width / lanes * lanes * coefficientCount];
      for (int column = 0; column < width / lanes * lanes; column++) {
        for (int k = 0; k < coefficientCount; k++) {
          wideCoefficients[(column / lanes * coefficientCount + k) * lanes + column % lanes] =
              (float) values[sets[column]][k];
        }
      }
    }

    @Override
    public void walk(int part, int parts, Work work, double[][] sums) {
      final int lanes = wide.lanes();
      final Runner runner = new Runner(work);
      // Tiles of rows that stay in the caches while the blocks of columns pass over them.
      final long tile = Math.max(16, Math.min(FLUSH, 8192 / width));
      final long end = rows * (part + 1) / parts;
      for (long row = rows * part / parts; row < end; row += tile) {
        final int count = (int) Math.min(tile, end - row);
        for (int column = 0; column + lanes <= width; column += lanes) {
          runner.columns(
              row * width + column,
              width,
              count,
              wideCoefficients,
              column * coefficientCount,
              lane(column),
              sums);
        }
        for (int column = width / lanes * lanes; column < width; column++) {
          for (int down = 0; down < count; down++) {
            final long at = (row + down) * width + column;
            runner.run(at, at + 1, ofSet[sets[column]], sums[sets[column]]);
          }
        }
      }
      if (part == parts - 1) {
        for (long i = 0; i < left; i++) {
          final int set = sets[(int) i];
          runner.run(rows * width + i, rows * width + i + 1, ofSet[set], sums[set]);
        }
      }
    }

    private int[] lane(int column) {
      return java.util.Arrays.copyOfRange(sets, column, column + wide.lanes());
    }
  }

  /** One set's coefficients for the vector loop and for single floats. */
  private final class Coefficients {
    private final float[] one;
    private final float[] spread;

    Coefficients(double[] values) {
      final int lanes = wide.lanes();
      one = new float[coefficientCount];
      spread = new float[coefficientCount * lanes];
      for (int k = 0; k < coefficientCount; k++) {
        one[k] = (float) values[k];
        java.util.Arrays.fill(spread, k * lanes, (k + 1) * lanes, one[k]);
      }
    }
  }

  /** Calls the generated loops over stretches short enough for float sums, on one thread. */
  private final class Runner {
    private final Work work;
    private final float[] sums = new float[Math.max(1, summed.length) * wide.lanes()];

    Runner(Work work) {
      this.work = work;
    }

    /** Elements from {@code from} to before {@code to}, which all follow one set. */
    void run(long from, long to, Coefficients coefficients, double[] into) {
      final int lanes = wide.lanes();
      final long stretch = work.isBackward() ? (long) FLUSH * lanes : 1L << 30;
      long at = from;
      while (to - at >= lanes) {
        final int count = (int) (Math.min(to - at, stretch) / lanes);
        loop(uniform, at, lanes, count, coefficients.spread, 0);
        flush(lanes, into);
        at += (long) count * lanes;
      }
      if (at < to) {
        loop(single, at, 1, (int) (to - at), coefficients.one, 0);
        flush(1, into);
      }
    }

    /** One vector of columns down some rows; each lane's sums go to its own set. */
    void columns(
        long start,
        long step,
        int count,
        float[] coefficients,
        int first,
        int[] sets,
        double[][] into) {
      loop(wide, start, step, count, coefficients, first);
      if (work.isBackward()) {
        for (int k = 0; k < summed.length; k++) {
          for (int lane = 0; lane < sets.length; lane++) {
            into[sets[lane]][summed[k]] += sums[k * sets.length + lane];
          }
        }
      }
    }

    private void loop(
        ElementLoop loop, long start, long step, int count, float[] coefficients, int first) {
      if (work.isBackward()) {
        loop.backward(
            work.x(), work.dy(), work.out(), start, step, count, coefficients, first, sums);
      } else {
        loop.forward(work.x(), work.out(), start, step, count, coefficients, first);
      }
    }

    private void flush(int lanes, double[] into) {
      if (work.isBackward()) {
        for (int k = 0; k < summed.length; k++) {
          double sum = 0;
          for (int lane = 0; lane < lanes; lane++) {
            sum += sums[k * lanes + lane];
          }
          into[summed[k]] += sum;
        }
      }
    }
  }
}
