package org.lslu.benchmark.measure;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.lslu.function.UserException;
import org.lslu.torch.Shapes;

/**
 * The shape of an activation's input: N×C×H×W, N×C or batch×tokens×features.
 *
 * @param sizes two to four sizes of at least 1
 */
public record InputShape(List<Long> sizes) {
  /** One gibibyte of float32; the reference chains keep some twenty times as much. */
  private static final long MOST_ELEMENTS = 1L << 28;

  private static final Pattern SIZES = Pattern.compile("[0-9]{1,9}(?:[x×][0-9]{1,9}){1,3}");

  /** Keeps an unchangeable copy. */
  public InputShape {
    sizes = List.copyOf(sizes);
  }

  /**
   * Reads {@code 64x128x28x28} or {@code 64×128×28×28}.
   *
   * @throws UserException where the text is no such shape, or too large
   */
  public static InputShape parse(String text) {
    final String plain = text.strip();
    if (SIZES.matcher(plain).matches()) {
      final List<Long> sizes = Arrays.stream(plain.split("[x×]", -1)).map(Long::valueOf).toList();
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
    return Math.toIntExact(sizes.get(sizes.size() == 3 ? 2 : 1));
  }

  /** How many blocks of all channels there are. */
  public long outer() {
    return sizes.size() == 3 ? sizes.get(0) * sizes.get(1) : sizes.get(0);
  }

  /** The product of all sizes. */
  public long elements() {
    return Shapes.elements(array());
  }

  /** The sizes as LibTorch takes them. */
  public long[] array() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  /** {@code 64×128×28×28}. */
  @Override
  public String toString() {
    return Shapes.text(array());
  }
}
