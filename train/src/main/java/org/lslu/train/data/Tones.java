package org.lslu.train.data;

/**
 * Operations that give each pixel a new value by its old one alone, by a table of 256 values; with
 * the rounding of Pillow's {@code ImageOps}.
 */
final class Tones {
  private static final int LEVELS = 256;

  private Tones() {}

  static void invert(Canvas canvas) {
    byte[] pixels = canvas.pixels();
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = (byte) ~pixels[k];
    }
  }

  /** Keeps the highest {@code bits} bits of each value; black for none, unchanged for 8. */
  static void posterise(Canvas canvas, int bits) {
    int mask = -(1 << (8 - Math.clamp(bits, 0, 8)));
    byte[] pixels = canvas.pixels();
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] &= (byte) mask;
    }
  }

  /** Inverts the values of {@code threshold} and above. */
  static void solarise(Canvas canvas, int threshold) {
    byte[] table = new byte[LEVELS]; // no branch on a pixel, which nothing could predict
    for (int p = 0; p < LEVELS; p++) {
      table[p] = (byte) (p >= threshold ? ~p : p);
    }
    apply(canvas.pixels(), 0, canvas.pixels().length, table);
  }

  /** Adds to the values below 128. */
  static void solariseAdd(Canvas canvas, int amount) {
    byte[] table = new byte[LEVELS];
    for (int p = 0; p < LEVELS; p++) {
      table[p] = (byte) (p < 128 ? Math.min(255, p + amount) : p);
    }
    apply(canvas.pixels(), 0, canvas.pixels().length, table);
  }

  /** Stretches each channel so that its least value becomes 0 and its largest 255. */
  static void autoContrast(Canvas canvas) {
    for (int c = 0; c < canvas.shape().channels(); c++) {
      int[] counts = histogram(canvas, c);
      int least = 0;
      while (counts[least] == 0) {
        least++;
      }
      int largest = LEVELS - 1;
      while (counts[largest] == 0) {
        largest--;
      }
      if (largest > least) {
        double scale = 255.0 / (largest - least);
        double offset = -least * scale;
        byte[] table = new byte[LEVELS];
        for (int p = 0; p < LEVELS; p++) {
          table[p] = (byte) Math.clamp((int) (p * scale + offset), 0, 255);
        }
        apply(canvas, c, table);
      }
    }
  }

  /**
   * Spreads each channel's values so that about as many pixels lie in every part of the range; a
   * channel of one value, or with too few pixels for a step of 1, is left alone.
   */
  static void equalise(Canvas canvas) {
    for (int c = 0; c < canvas.shape().channels(); c++) {
      int[] counts = histogram(canvas, c);
      int largest = LEVELS - 1;
      while (counts[largest] == 0) {
        largest--;
      }
      int step = (canvas.shape().plane() - counts[largest]) / 255;
      if (step > 0) {
        byte[] table = new byte[LEVELS];
        int below = step / 2;
        for (int p = 0; p < LEVELS; p++) {
          table[p] = (byte) Math.min(255, below / step);
          below += counts[p];
        }
        apply(canvas, c, table);
      }
    }
  }

  private static int[] histogram(Canvas canvas, int channel) {
    int[] counts = new int[LEVELS];
    byte[] pixels = canvas.pixels();
    int plane = canvas.shape().plane();
    for (int k = channel * plane; k < (channel + 1) * plane; k++) {
      counts[pixels[k] & 0xff]++;
    }
    return counts;
  }

  private static void apply(Canvas canvas, int channel, byte[] table) {
    int plane = canvas.shape().plane();
    apply(canvas.pixels(), channel * plane, (channel + 1) * plane, table);
  }

  private static void apply(byte[] pixels, int from, int to, byte[] table) {
    for (int k = from; k < to; k++) {
      pixels[k] = table[pixels[k] & 0xff];
    }
  }
}
