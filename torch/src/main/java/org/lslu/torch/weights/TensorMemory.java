package org.lslu.torch.weights;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Moves the values of tensors between memory and files, a portion at a time. */
final class TensorMemory {
  /** How much is read or written at once. */
  private static final long PORTION = 64 << 20;

  private TensorMemory() {}

  /**
   * A new tensor with the next values of a channel.
   *
   * @param name what messages call it
   * @throws InvalidContentsException if a truth value is neither 0 nor 1
   */
  static Tensor read(ReadableByteChannel channel, String name, ElementType type, long... shape)
      throws IOException, InvalidContentsException {
    final Tensor tensor =
        torch.empty(shape, new TensorOptions(type.scalarType()), new MemoryFormatOptional());
    final long bytes = tensor.nbytes();
    for (long at = 0; at < bytes; at += PORTION) {
      readFully(channel, portion(tensor, at, bytes));
    }
    if (type == ElementType.BOOL && bytes > 0) {
      checkTruthValues(name, memory(tensor, bytes));
    }
    return tensor;
  }

  /** A truth value that is neither 0 nor 1 is undefined behaviour in native code. */
  private static void checkTruthValues(String name, MemorySegment memory)
      throws InvalidContentsException {
    for (long i = 0; i < memory.byteSize(); i++) {
      byte value = memory.get(ValueLayout.JAVA_BYTE, i);
      if (value != 0 && value != 1) {
        throw new InvalidContentsException(
            "the tensor \"%s\" of BOOL has the value %d".formatted(name, value & 0xff));
      }
    }
  }

  static void readFully(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("it became shorter while it was read");
      }
    }
  }

  /** Takes a portion of a tensor's values. */
  @FunctionalInterface
  interface Consumer {
    void accept(ByteBuffer portion) throws IOException;
  }

  /** Hands over the values of a tensor, row by row. */
  static void forEachPortion(Tensor tensor, Consumer consumer) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      final Tensor plain = tensor.detach().cpu().contiguous();
      final long bytes = plain.nbytes();
      for (long at = 0; at < bytes; at += PORTION) {
        consumer.accept(portion(plain, at, bytes));
      }
    }
  }

  static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static ByteBuffer portion(Tensor tensor, long at, long bytes) {
    return memory(tensor, bytes).asSlice(at, Math.min(PORTION, bytes - at)).asByteBuffer();
  }

  private static MemorySegment memory(Tensor tensor, long bytes) {
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(bytes);
  }
}
