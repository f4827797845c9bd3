package org.lslu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A compiled {@link ElementPass} with its way over memory of any {@link Layout}, where most
 * channels have coefficients and sums of their own.
 *
 * <p>Two ways, by how long the runs are that follow one parameter set:
 *
 * <ul>
 *   <li>runs of several vectors (a channel's plane): run by run, the coefficients broadcast;
 *   <li>short runs (channels last, small planes): the array as a matrix whose rows are periods.
 *       Vectors lie across columns and go down the rows, as in {@link Loops}.
 * </ul>
 *
 * <p>In both, what shares one vector of coefficients is a block. Each block has float sums that
 * stay in memory from call to call, and go into double sums after some hundred steps: a call may so
 * be as short as the caches want it.
 */
final class Pass {
  /**
   * Elements times instructions a part below which another thread costs more than it brings: waking
   * it takes some 20 µs.
   */
  private static final long WORTH_A_THREAD = 1 << 20;

  /** Steps between two flushes of float sums to double: 2⁸ additions cost at most 8 of 24 bits. */
  private static final int FLUSH = 256;

  /** Elements of each array that the columns' blocks pass over before the next rows. */
  private static final int TILE = 8192;

  private final ElementPass wide;
  private final ElementPass single;
  private final int coefficientCount;
  private final int sumCount;
  private final int instructions;

  private Pass(
      ElementPass wide, ElementPass single, Program program, int coefficientCount, int sumCount) {
    this.wide = wide;
    this.single = single;
    this.coefficientCount = coefficientCount;
    this.sumCount = sumCount;
    instructions = program.instructions().size();
  }

  /**
   * Compiles a pass.
   *
   * @param program where it {@code writes}, what is written is its first output; the others are
   *     summed
   * @param coefficientCount how many coefficients a set has
   * @param x how the input lies in memory
   * @param out how what is written lies there
   */
  static Pass compile(
      Provider provider,
      Program program,
      boolean writes,
      int coefficientCount,
      Storage x,
      Storage out) {
    final ElementPass single = new LoopCompiler(new ScalarLanes()).compile(program, writes, x, out);
    final ElementPass wide =
        provider == Provider.SCALAR
            ? single
            : new LoopCompiler(provider.code()).compile(program, writes, x, out);
    return new Pass(
        wide, single, program, coefficientCount, program.outputs().size() - (writes ? 1 : 0));
  }

  /**
   * The arrays of one call; {@link MemorySegment#NULL} where the pass has none.
   *
   * @param x the input
   * @param addend what is added
   * @param dy the gradient that arrives
   * @param out what is written; may be one of the others
   */
  record Arrays(MemorySegment x, MemorySegment addend, MemorySegment dy, MemorySegment out) {}

  /**
   * Runs over all elements.
   *
   * @param coefficients for each set its coefficients
   * @return for each set its sums
   */
  double[][] run(Arrays arrays, Layout layout, double[][] coefficients, Workers workers) {
    final int parts =
        (int)
            Math.max(
                1, Math.min(workers.count(), layout.elements() * instructions / WORTH_A_THREAD));
    final Way way =
        layout.sets() == 1 || layout.run() >= 4L * wide.lanes()
            ? new Runs(layout, coefficients)
            : new Columns(layout, coefficients);
    final double[][][] sums = new double[parts][layout.sets()][sumCount];
    final Spread ofSets = spread(coefficients, counted(layout.sets()), 1);
    workers.run(
        parts,
        part -> {
          final Blocks blocks = new Blocks(wide, way.spread(), arrays, sums[part]);
          final Blocks singles = new Blocks(single, ofSets, arrays, sums[part]);
          way.walk(part, parts, blocks, singles);
          blocks.flush();
          singles.flush();
        });
    for (int part = 1; part < parts; part++) {
      for (int set = 0; set < layout.sets(); set++) {
        for (int k = 0; k < sumCount; k++) {
          sums[0][set][k] += sums[part][set][k];
        }
      }
    }
    return sums[0];
  }

  /**
   * Coefficients block by block, in a block coefficient by coefficient, a value a lane.
   *
   * @param values the coefficients
   * @param sets the set of each lane of each block
   * @param lanes how many lanes a block has
   */
  private record Spread(float[] values, int[] sets, int lanes) {
    int blocks() {
      return sets.length / lanes;
    }
  }

  private Spread spread(double[][] coefficients, int[] sets, int lanes) {
    final float[] values = new float[sets.length * coefficientCount];
    for (int i = 0; i < sets.length; i++) {
      final double[] own = coefficients[sets[i]];
      final int first = i / lanes * coefficientCount * lanes + i % lanes;
      for (int k = 0; k < coefficientCount; k++) {
        values[first + k * lanes] = (float) own[k];
      }
    }
    return new Spread(values, sets, lanes);
  }

  /** One of the two ways over memory, cut into parts. */
  private interface Way {
    Spread spread();

    void walk(int part, int parts, Blocks blocks, Blocks singles);
  }

  private final class Runs implements Way {
    private final Layout layout;
    private final long run;
    private final Spread spread;

    Runs(Layout layout, double[][] coefficients) {
      this.layout = layout;
      // One set for all is one run, which the threads are to share.
      run = layout.sets() == 1 ? (long) FLUSH * wide.lanes() : layout.run();
      final int lanes = wide.lanes();
      final int[] sets = new int[layout.sets() * lanes];
      java.util.Arrays.setAll(sets, i -> i / lanes);
      spread = Pass.this.spread(coefficients, sets, lanes);
    }

    @Override
    public Spread spread() {
      return spread;
    }

    @Override
    public void walk(int part, int parts, Blocks blocks, Blocks singles) {
      final int lanes = wide.lanes();
      final long runs = (layout.elements() + run - 1) / run;
      for (long i = runs * part / parts; i < runs * (part + 1) / parts; i++) {
        final int set = (int) (i % layout.sets());
        long at = i * run;
        final long end = Math.min(at + run, layout.elements());
        while (end - at >= lanes) {
          final int count = (int) Math.min((end - at) / lanes, FLUSH);
          blocks.run(set, at, lanes, count);
          at += (long) count * lanes;
        }
        if (at < end) {
          singles.run(set, at, 1, (int) (end - at));
        }
      }
    }
  }

  private final class Columns implements Way {
    private final long rows;
    private final int width;
    private final long elements;
    private final int[] sets;
    private final Spread spread;

    Columns(Layout layout, double[][] coefficients) {
      final int lanes = wide.lanes();
      final int period = Math.toIntExact(layout.period());
      int joined = 1;
      while (joined * period % lanes != 0 && joined < layout.outer()) {
        joined++;
      }
      width = joined * period;
      rows = layout.outer() / joined;
      elements = layout.elements();
      sets = new int[width];
      for (int column = 0; column < width; column++) {
        sets[column] = (int) (column % period / layout.run());
      }
      spread =
          Pass.this.spread(
              coefficients, java.util.Arrays.copyOf(sets, width / lanes * lanes), lanes);
    }

    @Override
    public Spread spread() {
      return spread;
    }

    @Override
    public void walk(int part, int parts, Blocks blocks, Blocks singles) {
      final int lanes = wide.lanes();
      final int whole = spread.blocks();
      final long tile = Math.max(16, Math.min(FLUSH, TILE / width));
      final long end = rows * (part + 1) / parts;
      for (long row = rows * part / parts; row < end; row += tile) {
        final int count = (int) Math.min(tile, end - row);
        for (int block = 0; block < whole; block++) {
          blocks.run(block, row * width + (long) block * lanes, width, count);
        }
        for (int column = whole * lanes; column < width; column++) {
          singles.run(sets[column], row * width + column, width, count);
        }
      }
      if (part == parts - 1) {
        for (long at = rows * width; at < elements; at++) {
          singles.run(sets[(int) (at - rows * width)], at, 1, 1);
        }
      }
    }
  }

  private static int[] counted(int size) {
    final int[] counted = new int[size];
    java.util.Arrays.setAll(counted, i -> i);
    return counted;
  }

  /** The blocks of one thread with their sums. */
  private final class Blocks {
    private final ElementPass loop;
    private final Spread spread;
    private final Arrays arrays;
    private final double[][] into;
    private final float[] sums;
    private final int[] steps;

    Blocks(ElementPass loop, Spread spread, Arrays arrays, double[][] into) {
      this.loop = loop;
      this.spread = spread;
      this.arrays = arrays;
      this.into = into;
      sums = new float[sumCount * spread.sets().length];
      steps = new int[spread.blocks()];
    }

    /** At most {@link #FLUSH} steps of one block. */
    void run(int block, long start, long step, int count) {
      if (steps[block] + count > FLUSH) {
        flush(block);
      }
      steps[block] += count;
      loop.run(
          arrays.x(),
          arrays.addend(),
          arrays.dy(),
          arrays.out(),
          start,
          step,
          count,
          spread.values(),
          block * coefficientCount * spread.lanes(),
          sums,
          block * sumCount * spread.lanes());
    }

    void flush() {
      for (int block = 0; block < steps.length; block++) {
        flush(block);
      }
    }

    private void flush(int block) {
      final int lanes = spread.lanes();
      if (steps[block] > 0) {
        int at = block * sumCount * lanes;
        for (int k = 0; k < sumCount; k++) {
          for (int lane = 0; lane < lanes; lane++) {
            into[spread.sets()[block * lanes + lane]][k] += sums[at];
            sums[at++] = 0;
          }
        }
        steps[block] = 0;
      }
    }
  }
}
