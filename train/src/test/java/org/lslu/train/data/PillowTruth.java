package org.lslu.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * A line of pillow.txt, which pillow.py beside it has written.
 *
 * @param image name of the image it began with
 * @param operation name of the operation, {@code image} for the image itself
 * @param numbers what the operation was given
 * @param shape shape of the result
 * @param pixels the result
 */
record PillowTruth(
    String image, String operation, List<Double> numbers, ImageShape shape, byte[] pixels) {

  static List<PillowTruth> all() {
    try (InputStream in =
        Objects.requireNonNull(PillowTruth.class.getResourceAsStream("pillow.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(PillowTruth::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PillowTruth of(String line) {
    String[] parts = line.split(" ");
    List<Double> numbers =
        parts[2].equals("-")
            ? List.of()
            : Arrays.stream(parts[2].split(",")).map(Double::valueOf).toList();
    byte[] pixels = Base64.getDecoder().decode(parts[5]);
    int height = Integer.parseInt(parts[3]);
    int width = Integer.parseInt(parts[4]);
    ImageShape shape = new ImageShape(pixels.length / height / width, height, width);
    return new PillowTruth(parts[0], parts[1], numbers, shape, pixels);
  }

  /** The image that this operation was applied to. */
  PillowTruth original() {
    return all().stream()
        .filter(truth -> truth.operation.equals("image") && truth.image.equals(image))
        .findFirst()
        .orElseThrow();
  }

  double number() {
    return numbers.getFirst();
  }

  /** The part of the operation's name before a hyphen. */
  String kind() {
    return operation.split("-")[0];
  }

  Interpolation interpolation() {
    return Interpolation.parse(operation.split("-")[1]);
  }

  @Override
  public String toString() {
    return image + " " + operation + " " + numbers + " " + shape;
  }
}
