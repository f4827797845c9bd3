package org.lslu.kernel;

/**
 * How a batch of images lies in memory.
 *
 * @param images N
 * @param channels C
 * @param height H
 * @param width W
 * @param channelsLast whether the order is N×H×W×C instead of N×C×H×W
 */
public record ImageLayout(int images, int channels, int height, int width, boolean channelsLast) {
  /** Refuses sizes that no image has. */
  public ImageLayout {
    if (images < 0 || channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "%d images of %d×%d×%d; no size may be negative, nor height, width or channels 0"
              .formatted(images, channels, height, width));
    }
  }

  /** How many values there are. */
  public long elements() {
    return (long) images * channels * height * width;
  }

  /** H·W. */
  int places() {
    return height * width;
  }

  /** Whether neighbouring channels of a place are neighbours in memory. */
  boolean isChannelInnermost() {
    return channelsLast || places() == 1;
  }

  /** Where a channel of an image begins, in elements. */
  long start(int image, int channel) {
    return isChannelInnermost()
        ? (long) image * places() * channels + channel
        : ((long) image * channels + channel) * places();
  }
}
