package org.lslu.train.atlas;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.lslu.function.UserException;

/**
 * What functions cost: the time of the fused forward and backward pass, divided by ReLU's.
 *
 * @param date when they were measured, such as {@code 2026-11-24}
 * @param machine where, in words
 * @param setting shape and threads, in words
 * @param timesRelu the ratio of each function by its id
 */
public record KernelCosts(
    String date, String machine, String setting, Map<String, Double> timesRelu) {
  private static final String EMBEDDED = "costs.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** No function was measured. */
  public static final KernelCosts NONE = new KernelCosts("", "", "", Map.of());

  /** Keeps a copy in the order given. */
  public KernelCosts {
    timesRelu = Collections.unmodifiableMap(new LinkedHashMap<>(timesRelu));
  }

  /** The table that the sources carry, as {@code lslu atlas --measure --costs FILE} wrote it. */
  public static KernelCosts embedded() {
    try (InputStream in = KernelCosts.class.getResourceAsStream(EMBEDDED)) {
      return in == null ? NONE : JSON.readValue(in, KernelCosts.class);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /**
   * Reads a table.
   *
   * @throws UserException if it cannot be read or holds something else
   */
  public static KernelCosts read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), KernelCosts.class);
    } catch (JacksonException problem) {
      throw UserException.failure(
          "%s holds no table of costs, as lslu atlas --measure --costs FILE writes it: %s"
              .formatted(file, problem.getOriginalMessage()),
          problem);
    } catch (IOException problem) {
      throw UserException.failure(
          "%s cannot be read (%s)".formatted(file, problem.getClass().getSimpleName()), problem);
    }
  }

  /**
   * Writes the table.
   *
   * @throws UserException if it cannot be written
   */
  public void write(Path file) {
    try {
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    } catch (IOException problem) {
      throw UserException.failure(
          "%s cannot be written (%s)".formatted(file, problem.getClass().getSimpleName()), problem);
    }
  }

  /** The ratio of one function; empty where it was not measured. */
  public OptionalDouble of(String id) {
    final Double ratio = timesRelu.get(id);
    return ratio == null ? OptionalDouble.empty() : OptionalDouble.of(ratio);
  }
}
