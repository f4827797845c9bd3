package org.lslu.torch.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element types of safetensors that LibTorch has as well, by the name that the file uses. */
enum ElementType {
  F64(8, ScalarType.Double),
  I64(8, ScalarType.Long),
  F32(4, ScalarType.Float),
  I32(4, ScalarType.Int),
  F16(2, ScalarType.Half),
  BF16(2, ScalarType.BFloat16),
  I16(2, ScalarType.Short),
  I8(1, ScalarType.Char),
  U8(1, ScalarType.Byte),
  BOOL(1, ScalarType.Bool);

  private final int bytes;
  private final ScalarType scalarType;

  ElementType(int bytes, ScalarType scalarType) {
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  int bytes() {
    return bytes;
  }

  ScalarType scalarType() {
    return scalarType;
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
