package org.lslu.function;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The named activation functions.
 *
 * <p>Families from elsewhere join by {@link ServiceLoader}, after those of the catalogue itself.
 *
 * <p>A name is an id, with options where the family has them: {@code relu}, {@code lslu(n=4)},
 * {@code rational(version=B,like=gelu)}.
 */
public final class Catalogue {
  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]*)(?:\\(([^()]*)\\))?");
  private static final Pattern OPTION = Pattern.compile("\\s*([a-z]+)\\s*=\\s*([^=,]+?)\\s*");
  private static final SequencedMap<String, FunctionFamily> FAMILIES = register();

  private Catalogue() {}

  private static SequencedMap<String, FunctionFamily> register() {
    final SequencedMap<String, FunctionFamily> families = new LinkedHashMap<>();
    for (final ActivationFunction function : ClassicFunctions.all()) {
      families.put(function.id(), new Plain(function));
    }
    for (final FunctionFamily family :
        List.of(
            new SeriesChain(),
            new SeriesSum(),
            new RationalFamily(),
            new PiecewiseLinearFamily())) {
      families.put(family.id(), family);
    }
    for (final FunctionFamily family : ServiceLoader.load(FunctionFamily.class)) {
      if (families.putIfAbsent(family.id(), family) != null) {
        throw UserException.argument(
            "the function '%s' of %s has a name that is taken; give it another id"
                .formatted(family.id(), family.getClass().getName()));
      }
    }
    return families;
  }

  /** All families in the order of the catalogue. */
  public static List<FunctionFamily> families() {
    return List.copyOf(FAMILIES.values());
  }

  /**
   * Whether a text begins with the id of a family, so that it is meant as a name and not a formula.
   */
  public static boolean isName(String text) {
    final Matcher matcher = NAME.matcher(text.strip());
    if (!matcher.matches() || !FAMILIES.containsKey(matcher.group(1))) {
      return false;
    }
    final String options = matcher.group(2);
    return options == null || options.isBlank() || options.contains("=");
  }

  /** The family of that id, where there is one. */
  public static Optional<FunctionFamily> family(String id) {
    return Optional.ofNullable(FAMILIES.get(id));
  }

  /**
   * The function of that name.
   *
   * @param name an id, with options in parentheses where wanted
   * @throws UserException where the name or an option is unknown
   */
  public static ActivationFunction function(String name) {
    return function(name, Map.of());
  }

  /**
   * The function of that name, with options beside those that the name gives.
   *
   * @param more options that hold where the name does not give them
   * @throws UserException where the name or an option is unknown
   */
  public static ActivationFunction function(String name, Map<String, String> more) {
    return member(name, more).function();
  }

  /**
   * The function of that name as a member of its family, not made yet: for looking at it without
   * the time that its initial values may take.
   *
   * @param name an id, with options in parentheses where wanted
   * @throws UserException where the name or an option is unknown
   */
  public static FamilyMember member(String name) {
    return member(name, Map.of());
  }

  private static FamilyMember member(String name, Map<String, String> more) {
    final Matcher matcher = NAME.matcher(name.strip());
    final FunctionFamily family = matcher.matches() ? FAMILIES.get(matcher.group(1)) : null;
    if (family == null) {
      throw UserException.argument(
          "there is no activation function '%s'; known are %s, or give a formula such as \"x * sigmoid(x)\""
              .formatted(name, String.join(", ", FAMILIES.keySet())));
    }
    final Map<String, String> given = new LinkedHashMap<>(more);
    given.putAll(options(name, matcher.group(2)));
    return new FamilyMember(family, new Options(family.id(), family.options(), given));
  }

  /** Every representative function of every family. */
  public static List<ActivationFunction> representatives() {
    return FAMILIES.values().stream()
        .flatMap(family -> family.representatives().stream())
        .map(Catalogue::function)
        .toList();
  }

  private static Map<String, String> options(
      String name, @org.jspecify.annotations.Nullable String text) {
    final Map<String, String> options = new LinkedHashMap<>();
    if (text == null || text.isBlank()) {
      return options;
    }
    for (final String part : text.split(",", -1)) {
      final Matcher option = OPTION.matcher(part);
      if (!option.matches()) {
        throw UserException.argument(
            "'%s' in '%s' is no option; expected name=value".formatted(part.strip(), name));
      }
      options.put(option.group(1), option.group(2));
    }
    return options;
  }

  /** A function without options. */
  private record Plain(ActivationFunction function) implements FunctionFamily {
    @Override
    public String id() {
      return function.id();
    }

    @Override
    public List<Option> options() {
      return List.of();
    }

    @Override
    public ActivationFunction create(Options options) {
      return function;
    }
  }
}
