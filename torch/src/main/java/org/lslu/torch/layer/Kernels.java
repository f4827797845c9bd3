package org.lslu.torch.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.kernel.Storage;
import org.lslu.kernel.Workers;
import org.lslu.torch.LibTorch;

/** What layers that run our kernels on LibTorch's memory share. */
final class Kernels {
  /** The threads of all kernels, as many as LibTorch uses. */
  static final Workers WORKERS = new Workers(LibTorch.start().threads());

  private Kernels() {}

  /** The memory of a dense tensor on the processor. */
  static MemorySegment memory(Tensor tensor) {
    if (tensor.numel() == 0) {
      return MemorySegment.NULL; // An empty tensor has no memory, and data_ptr() answers null.
    }
    return MemorySegment.ofAddress(tensor.data_ptr().address())
        .reinterpret(tensor.numel() * tensor.element_size());
  }

  /** How a float32 or bfloat16 tensor lies in memory. */
  static Storage storage(Tensor tensor) {
    return isBfloat16(tensor) ? Storage.BFLOAT16 : Storage.FLOAT32;
  }

  /** Whether a tensor is bfloat16. */
  static boolean isBfloat16(Tensor tensor) {
    return tensor.scalar_type().intern() == ScalarType.BFloat16;
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

  /** x itself where its memory is dense in one of the two orders; else a contiguous copy. */
  static Tensor dense(Tensor x) {
    return x.is_contiguous() || isChannelsLast(x) ? x : x.contiguous();
  }

  /** A tensor in the order in which a dense x lies; itself where it has that already. */
  static Tensor ordered(Tensor tensor, Tensor x) {
    return tensor.contiguous(
        isChannelsLast(x) ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
  }

  /**
   * Where a backward pass that is element by element may write dx: over dy's own memory where
   * nothing else can ever read it, else new memory as dense as x.
   *
   * <p>Over dy, the pass moves three streams through the caches in place of four. That nothing else
   * holds dy is counted, and not assumed: one reference to the tensor (the pass's own) and to its
   * storage, none of them weak. A gradient that the caller gave or hooks keep, that goes to a
   * second node, is captured, retained or saved, or is a view of anything, has more. Memory that
   * LibTorch did not allocate is never written.
   *
   * @param x the input, for shape and format
   * @param dy the gradient as it came to {@link org.lslu.torch.AutogradFunction.Backward#gradients}
   * @param arriving dy, or its dense copy in x's format
   */
  static Tensor gradientMemory(Tensor x, Tensor dy, Tensor arriving) {
    final boolean isCopy = !arriving.is_same(dy);
    return isCopy || isUnshared(dy, 2) ? arriving : torch.empty_like(x);
  }

  /** Whether there are no more than so many references to a tensor, and one to its storage. */
  private static boolean isUnshared(Tensor tensor, int references) {
    return tensor.use_count() <= references
        && tensor.weak_use_count() == 1
        && !tensor.requires_grad()
        && tensor.storage().use_count() == 1
        && tensor.storage().resizable();
  }
}
