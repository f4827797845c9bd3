package org.lslu.train.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.SequencedMap;

/** Settings as a tree of names and values, in the order in which their records declare them. */
final class SettingsTree {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SettingsTree() {}

  static SequencedMap<String, Object> of(RunSettings settings) {
    return MAPPER.convertValue(settings, new TypeReference<SequencedMap<String, Object>>() {});
  }
}
