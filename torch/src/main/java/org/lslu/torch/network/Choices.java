package org.lslu.torch.network;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lslu.function.UserException;

/** Reads the constants of an enum as users write them: in small letters. */
final class Choices {
  private Choices() {}

  /**
   * The constant of that name.
   *
   * @throws UserException if there is none
   */
  static <E extends Enum<E>> E parse(Class<E> kind, String what, String text) {
    return Arrays.stream(kind.getEnumConstants())
        .filter(one -> one.name().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.argument(
                    "The %s \"%s\" is unknown; expected one of %s."
                        .formatted(
                            what,
                            text,
                            Arrays.stream(kind.getEnumConstants())
                                .map(one -> one.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")))));
  }
}
