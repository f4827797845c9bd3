package org.lslu.torch.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Reads the header of a safetensors file: JSON, of which only the form that the format prescribes
 * is accepted, so that nesting is bounded whatever the file holds.
 */
final class HeaderParser {
  private static final int SHOWN = 20;

  private final String text;
  private int at;

  private HeaderParser(String text) {
    this.text = text;
  }

  /**
   * Reads a header.
   *
   * @throws InvalidContentsException if the text is not a header
   */
  static Header parse(String text) throws InvalidContentsException {
    HeaderParser parser = new HeaderParser(text);
    Header header = parser.header();
    parser.skipSpace();
    if (parser.at < text.length()) {
      throw parser.unexpected("the end of the header");
    }
    return header;
  }

  private Header header() throws InvalidContentsException {
    SequencedMap<String, Header.Entry> entries = new LinkedHashMap<>();
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    boolean hasMetadata = false;
    expect('{');
    boolean more = !accept('}');
    while (more) {
      String name = string();
      expect(':');
      if (name.equals(Header.METADATA)) {
        if (hasMetadata) {
          throw duplicate(name);
        }
        hasMetadata = true;
        metadata(metadata);
      } else if (entries.put(name, entry(name)) != null) {
        throw duplicate(name);
      }
      more = moreBefore('}');
    }
    return new Header(entries, metadata);
  }

  private void metadata(SequencedMap<String, String> metadata) throws InvalidContentsException {
    expect('{');
    boolean more = !accept('}');
    while (more) {
      String name = string();
      expect(':');
      if (metadata.put(name, string()) != null) {
        throw duplicate(name);
      }
      more = moreBefore('}');
    }
  }

  private Header.Entry entry(String name) throws InvalidContentsException {
    Optional<ElementType> type = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    expect('{');
    boolean more = !accept('}');
    while (more) {
      String field = string();
      expect(':');
      switch (field) {
        case "dtype" -> {
          requireFirst(type, field, name);
          type = Optional.of(type(name));
        }
        case "shape" -> {
          requireFirst(shape, field, name);
          shape = Optional.of(numbers());
        }
        case "data_offsets" -> {
          requireFirst(offsets, field, name);
          offsets = Optional.of(numbers());
        }
        default ->
            throw new InvalidContentsException(
                "the tensor \"%s\" has an unknown field \"%s\"".formatted(name, field));
      }
      more = moreBefore('}');
    }
    if (type.isEmpty() || shape.isEmpty() || offsets.isEmpty() || offsets.get().size() != 2) {
      throw new InvalidContentsException(
          "the tensor \"%s\" lacks its dtype, its shape or its two data_offsets".formatted(name));
    }
    return new Header.Entry(
        type.get(), shape.get(), offsets.get().getFirst(), offsets.get().getLast());
  }

  private static void requireFirst(Optional<?> present, String field, String name)
      throws InvalidContentsException {
    if (present.isPresent()) {
      throw new InvalidContentsException(
          "the tensor \"%s\" has its %s twice".formatted(name, field));
    }
  }

  private ElementType type(String name) throws InvalidContentsException {
    String found = string();
    return ElementType.named(found)
        .orElseThrow(
            () ->
                new InvalidContentsException(
                    "the tensor \"%s\" has the dtype \"%s\", and only %s can be read"
                        .formatted(name, found, ElementType.names())));
  }

  private List<Long> numbers() throws InvalidContentsException {
    List<Long> numbers = new ArrayList<>();
    expect('[');
    boolean more = !accept(']');
    while (more) {
      numbers.add(number());
      more = moreBefore(']');
    }
    return List.copyOf(numbers);
  }

  private long number() throws InvalidContentsException {
    skipSpace();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      return Long.parseLong(text.substring(start, at));
    } catch (NumberFormatException e) {
      at = start;
      throw unexpected("a whole number of at least 0");
    }
  }

  private String string() throws InvalidContentsException {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) {
        at--;
        throw unexpected("a character of a string");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    if (at == text.length()) {
      throw unexpected("the end of a string");
    }
    at++;
    return string.toString();
  }

  private char escaped() throws InvalidContentsException {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> throw unexpected("an escaped character");
    };
  }

  private char hexadecimal() throws InvalidContentsException {
    int end = Math.min(text.length(), at + 4);
    String digits = text.substring(at, end);
    if (!digits.matches("[0-9a-fA-F]{4}")) {
      throw unexpected("four hexadecimal digits");
    }
    at = end;
    return (char) Integer.parseInt(digits, 16);
  }

  private boolean moreBefore(char end) throws InvalidContentsException {
    if (accept(',')) {
      return true;
    }
    expect(end);
    return false;
  }

  private boolean accept(char c) {
    skipSpace();
    boolean found = at < text.length() && text.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private void expect(char c) throws InvalidContentsException {
    if (!accept(c)) {
      throw unexpected("\"" + c + "\"");
    }
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private InvalidContentsException duplicate(String name) {
    return new InvalidContentsException("the name \"%s\" occurs twice".formatted(name));
  }

  private InvalidContentsException unexpected(String expected) {
    String found =
        at >= text.length()
            ? "the end of the header"
            : "\"" + text.substring(at, Math.min(text.length(), at + SHOWN)) + "\"";
    return new InvalidContentsException(
        "its header has %s at character %d where %s belongs".formatted(found, at, expected));
  }
}
