package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Moves numbers out of tensors. */
public final class Values {
  private Values() {}

  /** The values of {@code tensor} in row-major order. */
  public static double[] of(Tensor tensor) {
    try (Tensor plain = tensor.detach().to(ScalarType.Double).contiguous()) {
      double[] values = new double[(int) plain.numel()];
      if (values.length > 0) { // without any, there is no memory to read
        plain.data_ptr_double().get(values);
      }
      return values;
    }
  }
}
