package org.lslu.torch.layer;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.lslu.function.UserException;

/** The numbers whose products a training step adds up. */
public enum Precision {
  /** 24 bits of each factor. */
  FLOAT32("float32"),

  /**
   * 8 bits of each factor, with the range of float32, and sums in float32. Weights, what stands
   * between the layers and gradients stay float32: each product rounds its factors for itself.
   */
  BFLOAT16("bf16");

  private final String word;

  Precision(String word) {
    this.word = word;
  }

  /**
   * Reads {@code float32} or {@code bf16}.
   *
   * @throws UserException if it is neither
   */
  public static Precision parse(String text) {
    return Arrays.stream(values())
        .filter(one -> one.word.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.argument(
                    "The precision \"%s\" is unknown; expected one of %s."
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(Precision::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** The word that {@link #parse} reads. */
  @Override
  public String toString() {
    return word;
  }
}
