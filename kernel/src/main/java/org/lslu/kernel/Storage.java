package org.lslu.kernel;

import java.util.Locale;

/** How the elements of an array lie in memory; kernels compute in float32 whichever it is. */
public enum Storage {
  /** 32 bits. */
  FLOAT32(4),

  /** The upper half of a float32's bits, rounded to the nearest, to even ones in the middle. */
  BFLOAT16(2);

  private final int bytes;

  Storage(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element. */
  public int bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
