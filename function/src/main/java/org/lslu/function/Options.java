package org.lslu.function;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The options of one function of a family: {@code n=3}, checked against what the family knows. */
public final class Options {
  private final String id;
  private final Map<String, String> values = new LinkedHashMap<>();

  Options(String id, List<FunctionFamily.Option> known, Map<String, String> given) {
    this.id = id;
    known.forEach(option -> values.put(option.name(), option.standard()));
    given.forEach(
        (name, value) -> {
          if (!values.containsKey(name)) {
            throw UserException.argument(
                known.isEmpty()
                    ? "'%s' has no options, but %s=%s was given".formatted(id, name, value)
                    : "'%s' has no option '%s'; it has %s"
                        .formatted(id, name, String.join(", ", values.keySet())));
          }
          values.put(name, value);
        });
  }

  /** An option's text. */
  public String text(String name) {
    final String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + id + "' declares no option '" + name + "'");
    }
    return value;
  }

  /**
   * An option as a whole number.
   *
   * @throws UserException where it is none or out of range
   */
  public int whole(String name, int least, int most) {
    final String value = text(name);
    if (value.matches("[0-9]{1,6}")) {
      final int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw UserException.argument(
        "%s of '%s' is %s; a whole number from %d to %d is expected"
            .formatted(name, id, value, least, most));
  }

  /**
   * An option as a range, {@code -3..3}.
   *
   * @throws UserException where it is none
   */
  public double[] range(String name) {
    final String[] ends = text(name).split("\\.\\.", -1);
    try {
      if (ends.length == 2) {
        final double low = Double.parseDouble(ends[0]);
        final double high = Double.parseDouble(ends[1]);
        if (low < high && Double.isFinite(high - low)) {
          return new double[] {low, high};
        }
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw UserException.argument(
        "%s of '%s' is %s; a range such as -3..3 is expected".formatted(name, id, text(name)));
  }

  /** The function's full name: the family's, with every option. */
  public String fullName() {
    return values.isEmpty()
        ? id
        : values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(",", id + "(", ")"));
  }
}
