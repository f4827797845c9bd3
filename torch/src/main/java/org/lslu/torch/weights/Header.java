package org.lslu.torch.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.lslu.torch.Shapes;

/**
 * What a file says about its tensors.
 *
 * @param entries the tensors by name
 * @param metadata free texts by name
 */
record Header(SequencedMap<String, Entry> entries, SequencedMap<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /**
   * One tensor.
   *
   * @param type its element type
   * @param shape its sizes
   * @param begin its first byte, counted from the end of the header
   * @param end the byte after its last
   */
  record Entry(ElementType type, List<Long> shape, long begin, long end) {
    long[] sizes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * Checks that the shape fills the bytes exactly.
     *
     * @throws InvalidContentsException if it does not
     */
    void check(String name) throws InvalidContentsException {
      if (begin < 0 || end < begin) {
        throw new InvalidContentsException(
            "the tensor \"%s\" lies from byte %d to byte %d".formatted(name, begin, end));
      }
      long size;
      try {
        // Strides are counted as if a size of 0 were 1, and overflow like that too.
        long atLeastOne = type.bytes();
        for (long side : sizes()) {
          atLeastOne = Math.multiplyExact(atLeastOne, Math.max(1, side));
        }
        size = Math.multiplyExact(Shapes.elements(sizes()), type.bytes());
      } catch (ArithmeticException e) {
        throw new InvalidContentsException(
            "the tensor \"%s\" has more elements than can be counted (%s)"
                .formatted(name, Shapes.text(sizes())));
      }
      if (size != end - begin) {
        throw new InvalidContentsException(
            "the tensor \"%s\" has %d bytes, but its shape %s of %s needs %d"
                .formatted(name, end - begin, Shapes.text(sizes()), type, size));
      }
    }
  }

  /**
   * Checks that the tensors fill the data without gaps and overlaps.
   *
   * @param dataBytes how many bytes follow the header
   * @throws InvalidContentsException if they do not
   */
  void check(long dataBytes) throws InvalidContentsException {
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      entry.getValue().check(entry.getKey());
    }
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> entry) -> entry.getValue().begin())
            .thenComparingLong(entry -> entry.getValue().end()));
    long at = 0;
    for (Map.Entry<String, Entry> entry : inOrder) {
      if (entry.getValue().begin() != at) {
        throw new InvalidContentsException(
            "the tensor \"%s\" starts at byte %d, but the one before it ends at byte %d"
                .formatted(entry.getKey(), entry.getValue().begin(), at));
      }
      at = entry.getValue().end();
    }
    if (at != dataBytes) {
      throw new InvalidContentsException(
          at > dataBytes
              ? "it is cut off: its tensors need %d bytes, but there are %d"
                  .formatted(at, dataBytes)
              : "its tensors need %d bytes, but there are %d".formatted(at, dataBytes));
    }
  }

  /**
   * The header as JSON: metadata first, tensors in the order of {@link #entries}; padded with
   * spaces to a multiple of 8 bytes in UTF-8 by the caller.
   */
  String json() {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append(quoted(METADATA)).append(":{");
      String separator = "";
      for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
        json.append(separator).append(quoted(entry.getKey())).append(':');
        json.append(quoted(entry.getValue()));
        separator = ",";
      }
      json.append('}');
    }
    String separator = metadata.isEmpty() ? "" : ",";
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      json.append(separator).append(quoted(named.getKey()));
      json.append(":{\"dtype\":\"").append(entry.type()).append("\",\"shape\":[");
      String comma = "";
      for (long size : entry.shape()) {
        json.append(comma).append(size);
        comma = ",";
      }
      json.append("],\"data_offsets\":[").append(entry.begin()).append(',').append(entry.end());
      json.append("]}");
      separator = ",";
    }
    return json.append('}').toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** Lays tensors one behind the other, in the order given. */
  static Header laidOut(
      SequencedMap<String, ElementType> types,
      Map<String, long[]> shapes,
      Map<String, String> metadata) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, ElementType> named : types.entrySet()) {
      long[] shape = shapes.getOrDefault(named.getKey(), new long[0]);
      long size = Shapes.elements(shape) * named.getValue().bytes();
      List<Long> sizes = Arrays.stream(shape).boxed().toList();
      entries.put(named.getKey(), new Entry(named.getValue(), sizes, at, at + size));
      at += size;
    }
    return new Header(entries, new LinkedHashMap<>(metadata));
  }
}
