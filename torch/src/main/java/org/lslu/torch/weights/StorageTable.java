package org.lslu.torch.weights;

import java.util.List;
import org.lslu.torch.weights.PicklePart.Storage;
import org.lslu.torch.weights.PicklePart.StorageClass;
import org.lslu.torch.weights.PickledValue.Sequence;
import org.lslu.torch.weights.PickledValue.StoredTensor;
import org.lslu.torch.weights.PickledValue.Text;
import org.lslu.torch.weights.PickledValue.Whole;

/**
 * Turns what a pickle says of storages and of views of them into tensors of the file; believes none
 * of its numbers unchecked, since they become addresses.
 */
final class StorageTable {
  /** As LibTorch has it. */
  private static final int MOST_DIMENSIONS = 64;

  private static final int REFERENCE = 5;
  private static final int LEAST_TENSOR = 4;

  private final StorageSizes sizes;

  /** How many bytes the file has for a storage. */
  @FunctionalInterface
  interface StorageSizes {
    long bytes(String key) throws InvalidContentsException;
  }

  /**
   * Makes a table.
   *
   * @param sizes tells the size of a storage in the file
   */
  StorageTable(StorageSizes sizes) {
    this.sizes = sizes;
  }

  /**
   * ("storage", class, key, device, elements): a storage.
   *
   * @throws InvalidContentsException if it is something else or the file has it otherwise
   */
  Storage storage(List<PickledValue> reference) throws InvalidContentsException {
    if (reference.size() != REFERENCE || !reference.getFirst().equals(new Text("storage"))) {
      throw new InvalidContentsException(
          "its pickle refers to something outside that is no storage");
    }
    final ElementType type = PickleStack.as(StorageClass.class, reference.get(1)).type();
    final String key = PickleStack.as(Text.class, reference.get(2)).value();
    final long elements = number(reference.get(4), "number of elements");
    final long found = sizes.bytes(key);
    if (elements > Long.MAX_VALUE / type.bytes() || found != elements * type.bytes()) {
      throw new InvalidContentsException(
          "the storage %s has %d bytes, but %d elements of %s need %s"
              .formatted(
                  RestrictedUnpickler.shown(key),
                  found,
                  elements,
                  type,
                  elements > Long.MAX_VALUE / type.bytes()
                      ? "more than can be counted"
                      : elements * type.bytes()));
    }
    return new Storage(key, type, elements);
  }

  /**
   * (storage, offset, sizes, strides, …): a view of it.
   *
   * @throws InvalidContentsException if it reaches beyond its storage
   */
  static StoredTensor tensor(List<PickledValue> arguments) throws InvalidContentsException {
    if (arguments.size() < LEAST_TENSOR) {
      throw new InvalidContentsException(
          "a tensor has %d arguments instead of %d or more"
              .formatted(arguments.size(), LEAST_TENSOR));
    }
    final Storage storage = PickleStack.as(Storage.class, arguments.getFirst());
    final long offset = number(arguments.get(1), "offset");
    final long[] shape = numbers(arguments.get(2), "size");
    final long[] strides = numbers(arguments.get(3), "stride");
    if (shape.length != strides.length) {
      throw new InvalidContentsException(
          "a tensor has %d sizes and %d strides".formatted(shape.length, strides.length));
    }
    checkInside(storage, offset, shape, strides);
    return new StoredTensor(storage.key(), storage.type(), offset, shape, strides);
  }

  private static void checkInside(Storage storage, long offset, long[] shape, long[] strides)
      throws InvalidContentsException {
    boolean isEmpty = false;
    long elements = 1;
    long last = 0;
    try {
      for (int i = 0; i < shape.length; i++) {
        isEmpty |= shape[i] == 0;
        // As if a size of 0 were 1: LibTorch computes strides in this way.
        final long size = Math.max(1, shape[i]);
        elements = Math.multiplyExact(elements, size);
        last = Math.addExact(last, Math.multiplyExact(size - 1, strides[i]));
      }
      last = Math.addExact(last, offset);
      Math.multiplyExact(elements, storage.type().bytes());
    } catch (ArithmeticException e) {
      throw new InvalidContentsException(
          "a tensor of the storage %s has more elements than can be counted"
              .formatted(RestrictedUnpickler.shown(storage.key())));
    }
    if (isEmpty) {
      return;
    }
    if (last >= storage.elements()) {
      throw new InvalidContentsException(
          "a tensor reaches to element %d of the storage %s, which has %d"
              .formatted(last, RestrictedUnpickler.shown(storage.key()), storage.elements()));
    }
    // A stride of 0 makes any number of elements out of one; nobody trains such a weight.
    if (elements > storage.elements()) {
      throw new InvalidContentsException(
          "a tensor has %d elements that overlap in the storage %s of %d"
              .formatted(elements, RestrictedUnpickler.shown(storage.key()), storage.elements()));
    }
  }

  private static long[] numbers(PickledValue value, String what) throws InvalidContentsException {
    final List<PickledValue> elements = PickleStack.as(Sequence.class, value).elements();
    if (elements.size() > MOST_DIMENSIONS) {
      throw new InvalidContentsException(
          "a tensor has %d dimensions, and at most %d are allowed"
              .formatted(elements.size(), MOST_DIMENSIONS));
    }
    final long[] numbers = new long[elements.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(elements.get(i), what);
    }
    return numbers;
  }

  private static long number(PickledValue value, String what) throws InvalidContentsException {
    final Whole whole = PickleStack.as(Whole.class, value);
    if (whole.value().signum() < 0 || whole.value().bitLength() > 63) {
      throw new InvalidContentsException("a tensor has an impossible " + what);
    }
    return whole.value().longValueExact();
  }
}
