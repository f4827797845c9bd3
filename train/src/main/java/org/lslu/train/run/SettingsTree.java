package org.lslu.train.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lslu.function.UserException;

/** Settings as a tree of names and values, in the order in which their records declare them. */
final class SettingsTree {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<SequencedMap<String, Object>> TREE = new TypeReference<>() {};

  private SettingsTree() {}

  static SequencedMap<String, Object> of(RunSettings settings) {
    return MAPPER.convertValue(settings, TREE);
  }

  /** The settings with another value at a dotted name. */
  static RunSettings with(RunSettings settings, String key, Object value) {
    final SequencedMap<String, Object> tree = of(settings);
    set(tree, List.of(key.split("\\.", -1)).iterator(), key, value);
    try {
      return MAPPER.convertValue(tree, RunSettings.class);
    } catch (IllegalArgumentException problem) {
      // Jackson wraps what the records' constructors refuse.
      for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof UserException refused) {
          throw refused;
        }
      }
      throw problem;
    }
  }

  private static void set(
      Map<String, Object> tree, Iterator<String> path, String key, Object value) {
    final String name = path.next();
    final Object old = tree.get(name);
    if (path.hasNext() && old instanceof Map<?, ?> inner) {
      final SequencedMap<String, Object> copy = MAPPER.convertValue(inner, TREE);
      set(copy, path, key, value);
      tree.put(name, copy);
    } else if (path.hasNext() || !tree.containsKey(name)) {
      throw new IllegalArgumentException("There is no setting " + key + ".");
    } else {
      tree.put(name, value);
    }
  }
}
