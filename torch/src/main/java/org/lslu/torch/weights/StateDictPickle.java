package org.lslu.torch.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.lslu.torch.Shapes;

/**
 * Writes the pickle of a dictionary of tensors, protocol 2, as {@code torch.save} does: for each
 * tensor a call of {@code torch._utils._rebuild_tensor_v2}, which makes a view of a storage.
 */
final class StateDictPickle {
  private static final int MARK = '(';
  private static final int TUPLE = 't';
  private static final int REDUCE = 'R';
  private static final int EMPTY_TUPLE = ')';
  private static final String ORDERED_DICT = "ccollections\nOrderedDict\n";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private StateDictPickle() {}

  static byte[] of(Map<String, Tensor> tensors) {
    final StateDictPickle pickle = new StateDictPickle();
    pickle.write(tensors);
    return pickle.bytes.toByteArray();
  }

  private void write(Map<String, Tensor> tensors) {
    bytes.write(0x80);
    bytes.write(2);
    emptyDictionary();
    bytes.write(MARK);
    int number = 0;
    for (final Map.Entry<String, Tensor> named : tensors.entrySet()) {
      text(named.getKey());
      tensor(number++, named.getKey(), named.getValue());
    }
    bytes.write('u'); // SETITEMS
    bytes.write('.'); // STOP
  }

  private void tensor(int number, String name, Tensor tensor) {
    final ElementType type =
        ElementType.of(tensor)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The tensor \"%s\" has elements of type %s, and only %s can be written."
                            .formatted(name, tensor.scalar_type(), ElementType.names())));
    final long[] shape = Shapes.of(tensor);
    ascii("ctorch._utils\n_rebuild_tensor_v2\n");
    bytes.write(MARK);
    bytes.write(MARK);
    text("storage");
    ascii("ctorch\n" + type.storage() + "\n");
    text(Integer.toString(number));
    text("cpu");
    number(Shapes.elements(shape));
    bytes.write(TUPLE);
    bytes.write('Q'); // BINPERSID: the storage
    number(0); // its first element
    numbers(shape);
    numbers(strides(shape));
    bytes.write(0x89); // NEWFALSE: requires no gradient
    emptyDictionary(); // no hooks
    bytes.write(TUPLE);
    bytes.write(REDUCE);
  }

  private static long[] strides(long[] shape) {
    final long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape[i]);
    }
    return strides;
  }

  private void emptyDictionary() {
    ascii(ORDERED_DICT);
    bytes.write(EMPTY_TUPLE);
    bytes.write(REDUCE);
  }

  private void numbers(long[] numbers) {
    bytes.write(MARK);
    for (final long number : numbers) {
      number(number);
    }
    bytes.write(TUPLE);
  }

  private void number(long number) {
    bytes.write(0x8a); // LONG1
    bytes.write(Long.BYTES);
    bytes.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }

  private void text(String text) {
    final byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.write('X'); // BINUNICODE
    bytes.writeBytes(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(encoded.length)
            .array());
    bytes.writeBytes(encoded);
  }

  private void ascii(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
