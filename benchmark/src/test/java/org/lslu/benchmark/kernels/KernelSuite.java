package org.lslu.benchmark.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Workers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The kernels alone, without LibTorch, in a JVM of their own each: for working on the kernels. For
 * a comparison see {@code lslu bench kernels}.
 *
 * <p>{@code mvn -P jmh -pl benchmark -am -DskipTests verify -Djmh.arguments="KernelSuite -p
 * function=gelu"}; the arguments are JMH's own, {@code -h} lists them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelSuite {
  private static final int OUTER = 64;
  private static final int CHANNELS = 128;
  private static final int INNER = 28 * 28;

  /** A name of the catalogue. */
  @Param({"relu", "lslu", "rational", "gelu"})
  public String function;

  /** Which elements share parameters and where they lie. */
  @Param({"layer", "channel", "channels-last"})
  public String layout;

  /** How many threads share the work. */
  @Param("1")
  public int threads;

  private Workers workers;
  private ActivationKernel kernel;
  private Layout shape;
  private double[][] parameters;
  private MemorySegment x;
  private MemorySegment dy;
  private MemorySegment y;

  /** Fills the memory. */
  @Setup(Level.Trial)
  public void prepare() {
    final ActivationFunction chosen = Catalogue.function(function);
    shape =
        switch (layout) {
          case "channel" -> new Layout(OUTER, CHANNELS, INNER, CHANNELS);
          case "channels-last" -> new Layout((long) OUTER * INNER, CHANNELS, 1, CHANNELS);
          default -> Layout.uniform((long) OUTER * CHANNELS * INNER);
        };
    workers = new Workers(threads);
    kernel = ActivationKernel.of(chosen);
    parameters = new double[shape.sets()][];
    Arrays.setAll(parameters, _ -> chosen.initialValues());
    x = normal(1);
    dy = normal(2);
    y = normal(3);
  }

  private MemorySegment normal(long seed) {
    final Random random = new Random(seed);
    final MemorySegment memory = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, shape.elements());
    for (long i = 0; i < shape.elements(); i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    return memory;
  }

  /** Ends the threads; the collector frees the memory. */
  @TearDown(Level.Trial)
  public void end() {
    workers.close();
  }

  /** y = f(x). */
  @Benchmark
  public void forward() {
    kernel.forward(x, y, shape, parameters, workers);
  }

  /** dx and all parameter gradients. */
  @Benchmark
  public double[][] backward() {
    return kernel.backward(x, dy, y, shape, parameters, workers);
  }

  /** A plain copy of as many bytes by one thread. */
  @Benchmark
  public void copy() {
    MemorySegment.copy(x, 0, y, 0, x.byteSize());
  }
}
