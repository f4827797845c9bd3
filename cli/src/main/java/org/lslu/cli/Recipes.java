package org.lslu.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.lslu.function.UserException;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Defaults of options by name of a recipe: {@code --recipe lslu-paper}.
 *
 * <p>Each is a file of option names and values among the resources. An option that is given on the
 * command line goes before the recipe's, and the recipe's before the usual default.
 */
final class Recipes implements IDefaultValueProvider {
  static final String OPTION = "--recipe";

  /** The recipes that there are. */
  static final List<String> NAMES = List.of("lslu-paper", "lslu-best");

  private final Properties defaults;

  private Recipes(Properties defaults) {
    this.defaults = defaults;
  }

  /**
   * The recipe that the arguments name, or no defaults.
   *
   * @throws UserException where there is no recipe of that name
   */
  static Recipes of(String... arguments) {
    String name = "";
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
        name = arguments[i + 1];
      } else if (arguments[i].startsWith(OPTION + "=")) {
        name = arguments[i].substring(OPTION.length() + 1);
      }
    }
    final Properties defaults = new Properties();
    if (name.isEmpty()) {
      return new Recipes(defaults);
    }
    if (!NAMES.contains(name)) {
      throw UserException.argument(
          "there is no recipe '%s'; the recipes are %s".formatted(name, String.join(", ", NAMES)));
    }
    try (InputStream file = Recipes.class.getResourceAsStream("recipes/" + name + ".properties")) {
      if (file == null) {
        throw new IllegalStateException("The recipe " + name + " is missing from the jar.");
      }
      defaults.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Recipes(defaults);
  }

  /** The options that the recipe sets. */
  List<String> options() {
    return List.copyOf(defaults.stringPropertyNames());
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? defaults.getProperty(option.longestName())
        : null;
  }
}
