package org.lslu.torch.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.lslu.function.UserException;

/**
 * At which of a network's positions the activation stands that the user asks for, and in which
 * form; at the others stands the network's own plain activation, point-wise.
 *
 * <p>{@link Network#activationPlaces()} names a network's positions.
 *
 * @param chosen {@value #ALL} for every position; {@value #STEM} for the first one; the name of a
 *     position, such as {@code layer1.0.act1}; or the beginning of names up to a dot, such as
 *     {@code layer4}
 * @param form what stands at a chosen position
 */
public record ActivationPlaces(List<String> chosen, Form form) {
  /** Every position of a network. */
  public static final String ALL = "all";

  /** The first position of a network. */
  public static final String STEM = "stem";

  private static final String INSIDE_SERIES = ".activation";

  /** What stands at a chosen position. */
  public enum Form {
    /** {@link #SERIES} in VanillaNet, {@link #POINTWISE} in the others, as they are published. */
    AUTO,
    /**
     * The activation, a depth-wise convolution and a batch norm: {@link
     * org.lslu.torch.layer.SeriesActivation}. This is what the LSLU paper calls an LSLU layer.
     */
    SERIES,
    /** The activation alone. */
    POINTWISE;

    /**
     * Reads {@code auto}, {@code series} or {@code pointwise}.
     *
     * @throws UserException if it is none of them
     */
    public static Form parse(String text) {
      return Choices.parse(Form.class, "form of activations", text);
    }

    /** The word that {@link #parse} reads. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Copies the list.
   *
   * @throws UserException if nothing is chosen
   */
  public ActivationPlaces {
    chosen = List.copyOf(chosen);
    if (chosen.isEmpty() || chosen.stream().anyMatch(String::isBlank)) {
      throw UserException.argument(
          "No place is named for the activation; say all, stem, or names such as layer1.0.act1.");
    }
  }

  /** Every position, in the network's usual form. */
  public static ActivationPlaces everywhere() {
    return new ActivationPlaces(List.of(ALL), Form.AUTO);
  }

  /**
   * Reads what a user writes.
   *
   * @param places {@code all}, {@code stem}, or names with commas between them
   * @param form {@code auto}, {@code series} or {@code pointwise}
   * @throws UserException if a name is empty or the form unknown; whether the network has the
   *     places is found out by {@link Networks#create}
   */
  public static ActivationPlaces parse(String places, String form) {
    return new ActivationPlaces(
        Arrays.stream(places.split(",", -1)).map(String::strip).toList(), Form.parse(form));
  }

  /** The places as {@link #parse} reads them. */
  public String text() {
    return String.join(",", chosen);
  }

  /** Whether the position is chosen. */
  boolean include(String position, boolean isFirst) {
    return chosen.stream().anyMatch(one -> names(one, position, isFirst));
  }

  /** What is chosen and names none of a network's positions. */
  List<String> unknown(List<String> positions) {
    return chosen.stream()
        .filter(one -> !one.equalsIgnoreCase(ALL)) // also where there are none at all
        .filter(
            one ->
                positions.stream()
                    .noneMatch(
                        position -> names(one, position, position.equals(positions.getFirst()))))
        .toList();
  }

  private static boolean names(String one, String position, boolean isFirst) {
    return switch (one.toLowerCase(Locale.ROOT)) {
      case ALL -> true;
      case STEM -> isFirst;
      default ->
          position.equals(one)
              || position.startsWith(one + ".")
              // The path of the layer itself, which reports show.
              || one.equals(position + INSIDE_SERIES);
    };
  }
}
