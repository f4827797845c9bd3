package org.lslu.torch.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element types of weight files that LibTorch has as well, by their names in safetensors. */
enum ElementType {
  F64(8, ScalarType.Double, "DoubleStorage"),
  I64(8, ScalarType.Long, "LongStorage"),
  F32(4, ScalarType.Float, "FloatStorage"),
  I32(4, ScalarType.Int, "IntStorage"),
  F16(2, ScalarType.Half, "HalfStorage"),
  BF16(2, ScalarType.BFloat16, "BFloat16Storage"),
  I16(2, ScalarType.Short, "ShortStorage"),
  I8(1, ScalarType.Char, "CharStorage"),
  U8(1, ScalarType.Byte, "ByteStorage"),
  BOOL(1, ScalarType.Bool, "BoolStorage");

  private final int bytes;
  private final ScalarType scalarType;
  private final String storage;

  ElementType(int bytes, ScalarType scalarType, String storage) {
    this.bytes = bytes;
    this.scalarType = scalarType;
    this.storage = storage;
  }

  int bytes() {
    return bytes;
  }

  ScalarType scalarType() {
    return scalarType;
  }

  /** The name of PyTorch's class of storages of such elements, in {@code torch}. */
  String storage() {
    return storage;
  }

  static Optional<ElementType> ofStorage(String name) {
    return Arrays.stream(values()).filter(type -> type.storage.equals(name)).findFirst();
  }

  static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  static Optional<ElementType> of(Tensor tensor) {
    byte value = tensor.scalar_type().value;
    return Arrays.stream(values()).filter(type -> type.scalarType.value == value).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(ElementType::name).collect(Collectors.joining(", "));
  }
}
