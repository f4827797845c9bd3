package org.lslu.train.report;

/**
 * HTML in the making; all text and all attribute values that go in are escaped.
 *
 * <p>Every element is closed, so that the page is well-formed XML as well and can be checked so.
 */
final class Markup {
  private final StringBuilder html = new StringBuilder();

  /**
   * Opens an element.
   *
   * @param tag the element's name
   * @param attributes names and values in turn
   */
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    html.append('>');
    return this;
  }

  Markup close(String tag) {
    html.append("</").append(tag).append(">\n");
    return this;
  }

  /** An element with nothing but text in it. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** An element that never has content, such as {@code meta}. */
  Markup empty(String tag, String... attributes) {
    start(tag, attributes);
    html.append("/>\n");
    return this;
  }

  Markup text(String text) {
    html.append(escaped(text));
    return this;
  }

  /** A style or script of our own or of a library: put in as it is. */
  Markup trusted(String tag, String content, String... attributes) {
    if (content.contains("</" + tag)) {
      throw new IllegalArgumentException("The %s would end its own element".formatted(tag));
    }
    open(tag, attributes);
    html.append(content);
    return close(tag);
  }

  /** Well-formed markup that was made elsewhere, such as a formula's: put in as it is. */
  Markup raw(String markup) {
    html.append(markup);
    return this;
  }

  static String escaped(String text) {
    final StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : '\uFFFD');
              }
            });
    return escaped.toString();
  }

  /** Control characters and lone surrogates have no place in a page. */
  private static boolean isAllowed(int c) {
    final boolean control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
    final boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
  }

  private void start(String tag, String... attributes) {
    html.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      html.append(' ').append(attributes[i]).append("=\"");
      html.append(escaped(attributes[i + 1])).append('"');
    }
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
