package org.lslu.torch.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.lslu.kernel.Workers;
import org.lslu.torch.LibTorch;

/** What layers that run our kernels on LibTorch's memory share. */
final class Kernels {
  /** The threads of all kernels, as many as LibTorch uses. */
  static final Workers WORKERS = new Workers(LibTorch.start().threads());

  private Kernels() {}

  /** The memory of a dense float32 tensor on the processor. */
  static MemorySegment memory(Tensor tensor) {
    if (tensor.numel() == 0) {
      return MemorySegment.NULL; // An empty tensor has no memory, and data_ptr() answers null.
    }
    return MemorySegment.ofAddress(tensor.data_ptr().address())
        .reinterpret(tensor.numel() * Float.BYTES);
  }

  /** The values of a dense float32 tensor on the processor. */
  static double[] values(Tensor tensor) {
    MemorySegment memory = memory(tensor);
    double[] values = new double[(int) tensor.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
    }
    return values;
  }

  /** Whether the channels are innermost, and do not only look so because other sizes are 1. */
  static boolean isChannelsLast(Tensor x) {
    return x.dim() == 4 && !x.is_contiguous() && x.is_contiguous(MemoryFormat.ChannelsLast);
  }
}
