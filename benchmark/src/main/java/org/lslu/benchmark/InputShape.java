package org.lslu.benchmark;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.lslu.function.UserException;
import org.lslu.torch.Shapes;

/**
 * The shape of an activation's input: N×C×H×W, N×C or batch×tokens×features.
 *
 * @param sizes two to four sizes of at least 1
 */
public record InputShape(long... sizes) {
  /** One gibibyte of float32; the reference chains keep some twenty times as much. */
  private static final long MOST_ELEMENTS = 1L << 28;

  private static final Pattern SIZES = Pattern.compile("[0-9]{1,9}(?:[x×][0-9]{1,9}){1,3}");

  /** Keeps an own copy. */
  public InputShape {
    sizes = sizes.clone();
  }

  @Override
  public long[] sizes() {
    return sizes.clone();
  }

  /**
   * Reads {@code 64x128x28x28} or {@code 64×128×28×28}.
   *
   * @throws UserException where the text is no such shape, or too large
   */
  public static InputShape parse(String text) {
    final String plain = text.strip();
    if (SIZES.matcher(plain).matches()) {
      final long[] sizes =
          Arrays.stream(plain.split("[x×]", -1)).mapToLong(Long::parseLong).toArray();
      double elements = 1; // as double, so that it cannot overflow
      for (final long size : sizes) {
        elements *= size;
      }
      if (elements >= 1 && elements <= MOST_ELEMENTS) {
        return new InputShape(sizes);
      }
    }
    throw UserException.argument(
        "the shape is '%s'; expected are sizes such as 64x128x28x28, 512x1000 or 8x196x384 with %,d elements at most"
            .formatted(text, MOST_ELEMENTS));
  }

  /** C, the channels or features. */
  public int channels() {
    return Math.toIntExact(sizes.length == 3 ? sizes[2] : sizes[1]);
  }

  /** How many blocks of all channels there are. */
  long outer() {
    return sizes.length == 3 ? sizes[0] * sizes[1] : sizes[0];
  }

  /** The product of all sizes. */
  public long elements() {
    return Shapes.elements(sizes);
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof InputShape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** {@code 64×128×28×28}. */
  @Override
  public String toString() {
    return Shapes.text(sizes);
  }
}
