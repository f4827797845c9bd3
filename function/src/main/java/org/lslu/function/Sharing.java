package org.lslu.function;

/** Who shares one set of parameter values: the whole layer, each channel, or groups of channels. */
public sealed interface Sharing {
  /** One set for the layer. */
  record Layer() implements Sharing {
    @Override
    public String toString() {
      return "layer";
    }
  }

  /** One set a channel. */
  record Channel() implements Sharing {
    @Override
    public String toString() {
      return "channel";
    }
  }

  /**
   * One set for each of {@code count} runs of neighbouring channels.
   *
   * @param count how many groups; must divide the channels
   */
  record Groups(int count) implements Sharing {
    /** Refuses fewer than one group. */
    public Groups {
      if (count < 1) {
        throw UserException.argument("sharing in " + count + " groups: at least 1 is expected");
      }
    }

    @Override
    public String toString() {
      return "group:" + count;
    }
  }

  /** One set for the layer. */
  static Sharing layer() {
    return new Layer();
  }

  /** One set a channel. */
  static Sharing channel() {
    return new Channel();
  }

  /** One set for each of {@code count} groups of channels. */
  static Sharing groups(int count) {
    return new Groups(count);
  }

  /**
   * Reads {@code layer}, {@code channel} or {@code group:8}.
   *
   * @throws UserException where the text is none of these
   */
  static Sharing parse(String text) {
    if (text.equals("layer")) {
      return layer();
    }
    if (text.equals("channel")) {
      return channel();
    }
    if (text.matches("group:[0-9]{1,6}")) {
      return groups(Integer.parseInt(text.substring("group:".length())));
    }
    throw UserException.argument(
        "sharing '"
            + text
            + "' is unknown: expected layer, channel or group:COUNT, such as group:8");
  }

  /**
   * How many sets a layer of that many channels has.
   *
   * @throws UserException where the groups do not divide the channels
   */
  default int sets(int channels) {
    return switch (this) {
      case Layer _ -> 1;
      case Channel _ -> channels;
      case Groups(int count) -> {
        if (channels % count != 0) {
          throw UserException.argument(
              "%d channels cannot be shared in %d groups: the groups must divide the channels"
                  .formatted(channels, count));
        }
        yield count;
      }
    };
  }
}
