package org.lslu.torch.layer;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/**
 * Draws initial weights from a seed: the same seed and the same order of calls give the same
 * weights, whatever the number of threads or the width of the vector units.
 */
public final class Initialiser {
  /** A gigabyte; networks of the field stay far below. */
  private static final long LARGEST = 1L << 28;

  /** Where PyTorch's {@code trunc_normal_} cuts by default, in absolute values. */
  private static final double BOUND = 2;

  private static final ScopedValue<Boolean> SHAPES_ONLY = ScopedValue.newInstance();

  private final RandomGenerator random;

  /**
   * Starts the sequence that belongs to {@code seed}.
   *
   * @param seed any number
   */
  public Initialiser(long seed) {
    LibTorch.start();
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /**
   * Normal values with mean 0, cut at ±2 (absolute, as PyTorch's {@code trunc_normal_}).
   *
   * @param deviation the standard deviation, for example 0.02
   * @param shape the shape of the result
   */
  public Tensor truncatedNormal(double deviation, long... shape) {
    return drawn(deviation, BOUND, shape);
  }

  /**
   * Normal values with mean 0.
   *
   * @param deviation the standard deviation
   * @param shape the shape of the result
   */
  public Tensor normal(double deviation, long... shape) {
    return drawn(deviation, Double.POSITIVE_INFINITY, shape);
  }

  /**
   * Normal values with mean 0 and variance 2 / fan, which keeps the variance of the signal through
   * ReLU (He et al. 2015, equation 10).
   *
   * @param fan the number of terms that each output sums up
   * @param shape the shape of the result
   */
  public Tensor heNormal(long fan, long... shape) {
    return drawn(Math.sqrt(2.0 / fan), Double.POSITIVE_INFINITY, shape);
  }

  /**
   * Makes layers whose weights have a shape, but neither values nor memory, to be measured and not
   * to be run.
   *
   * @param maker makes them; every initialiser that it uses draws nothing
   */
  public static <T> T shapesOnly(Supplier<T> maker) {
    return ScopedValue.where(SHAPES_ONLY, true).call(maker::get);
  }

  private Tensor drawn(double deviation, double bound, long[] shape) {
    if (SHAPES_ONLY.isBound()) {
      return shapeAlone(shape);
    }
    long count = Shapes.elements(shape);
    if (count > LARGEST) {
      throw UserException.argument(
          "A weight of %s has %,d values, and at most %,d are drawn; make the network narrower."
              .formatted(Shapes.text(shape), count, LARGEST));
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      double value;
      do {
        value = random.nextGaussian() * deviation;
      } while (Math.abs(value) > bound);
      values[i] = (float) value;
    }
    return Tensor.create(values, shape);
  }

  static Tensor zeros(long... shape) {
    return SHAPES_ONLY.isBound() ? shapeAlone(shape) : torch.zeros(shape);
  }

  static Tensor ones(long... shape) {
    return SHAPES_ONLY.isBound() ? shapeAlone(shape) : torch.ones(shape);
  }

  private static Tensor shapeAlone(long[] shape) {
    return torch.empty(
        shape, new TensorOptions(new Device(DeviceType.Meta)), new MemoryFormatOptional());
  }
}
