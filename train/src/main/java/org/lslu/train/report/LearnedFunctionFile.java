package org.lslu.train.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.lslu.function.UserException;

/**
 * The file {@code functions.json}: each layer's function before and after, with the distribution of
 * its inputs.
 *
 * <p>It is an array with one {@link LearnedFunction} for each layer, whose components are its keys;
 * NaN and infinite values are the strings "NaN", "Infinity" and "-Infinity".
 */
public final class LearnedFunctionFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private LearnedFunctionFile() {}

  /**
   * Writes the functions; a file that is there is replaced once the new one is whole.
   *
   * @throws UserException if the file cannot be written
   */
  public static void write(Path path, List<LearnedFunction> functions) {
    AtomicFile.write(path, out -> out.write(JSON.writeValueAsString(functions)));
  }

  /**
   * Reads the functions.
   *
   * @throws UserException if there is no such file or it holds something else
   */
  public static List<LearnedFunction> read(Path path) {
    if (Files.notExists(path)) {
      throw UserException.failure(
          "There is no file '%s'; name a run directory that a training run wrote".formatted(path));
    }
    try (var in = Files.newBufferedReader(path)) {
      return Arrays.asList(JSON.readValue(in, LearnedFunction[].class));
    } catch (JacksonException e) {
      throw UserException.failure(
          "'%s' holds no learned functions: %s".formatted(path, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw UserException.failure(
          "'%s' cannot be read: %s".formatted(path, AtomicFile.reason(e)), e);
    }
  }
}
