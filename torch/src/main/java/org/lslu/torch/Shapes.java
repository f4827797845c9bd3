package org.lslu.torch;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.Tensor;

/** Reads and writes the shapes of tensors. */
public final class Shapes {
  private Shapes() {}

  /** The sizes of {@code tensor} along its dimensions; empty for a scalar. */
  public static long[] of(Tensor tensor) {
    try (LongArrayRef sizes = tensor.sizes()) {
      long[] shape = new long[(int) sizes.size()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = sizes.get(i);
      }
      return shape;
    }
  }

  /** {@code 64×3×32×32}, or {@code scalar}. */
  public static String text(long... shape) {
    return shape.length == 0
        ? "scalar"
        : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining("×"));
  }

  /** The shape of {@code tensor} as {@link #text(long...)} writes it. */
  public static String text(Tensor tensor) {
    return text(of(tensor));
  }

  /** The product of the sizes; 1 for a scalar. */
  public static long elements(long... shape) {
    long elements = 1;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }
}
