package org.lslu.train.data;

import java.awt.image.BufferedImage;
import java.lang.foreign.ValueLayout;

/**
 * A picture of what the augmentation does: a row for each image, with the image itself, what the
 * network sees of it in one epoch after another, and mixed versions.
 *
 * <p>What is drawn went the whole way, normalised and back; values that no pixel has, as erasing
 * makes them, are cut to black and white.
 */
public final class ContactSheet {
  private static final int LEAST_CELL = 96; // small images are enlarged by a whole factor
  private static final int GAP = 4;
  private static final int WIDE_GAP = 20; // between the image, its versions and the mixed ones
  private static final int PAPER = 0xffffff;

  private final ImageSet set;
  private final Normalisation normalisation;
  private final long seed;
  private final int enlarged;
  private final BufferedImage sheet;
  private int x = GAP; // left edge of the next column

  private ContactSheet(ImageSet set, Normalisation normalisation, long seed, int columns) {
    this.set = set;
    this.normalisation = normalisation;
    this.seed = seed;
    ImageShape shape = set.shape();
    this.enlarged = Math.ceilDiv(LEAST_CELL, Math.max(shape.height(), shape.width()));
    this.sheet =
        new BufferedImage(
            columns * (enlarged * shape.width() + GAP) + 2 * WIDE_GAP + GAP,
            set.size() * (enlarged * shape.height() + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < sheet.getHeight(); row++) {
      for (int column = 0; column < sheet.getWidth(); column++) {
        sheet.setRGB(column, row, PAPER);
      }
    }
  }

  /**
   * Draws the sheet; the same arguments give the same picture.
   *
   * @param set the images, at least one, with one channel or three
   * @param normalisation as measured on the training images; its mean is the fill colour
   * @param augmentation what is done to each image
   * @param mixing adds a column of mixup and one of cutmix, where each is on; every row's partner
   *     is the row at the same place from below
   * @param versions number of augmented versions
   * @param seed seed of everything random
   */
  public static BufferedImage draw(
      ImageSet set,
      Normalisation normalisation,
      Augmentation augmentation,
      Mixing mixing,
      int versions,
      long seed) {
    boolean mixup = mixing.mixup() > 0 && !mixing.isNone();
    boolean cutmix = mixing.cutmix() > 0 && !mixing.isNone();
    int columns = 1 + versions + (mixup ? 1 : 0) + (cutmix ? 1 : 0);
    ContactSheet drawing = new ContactSheet(set, normalisation, seed, columns);
    drawing.column(Augmentation.NONE, Mixing.NONE, 0);
    drawing.x += WIDE_GAP;
    for (int epoch = 1; epoch <= versions; epoch++) {
      drawing.column(augmentation, Mixing.NONE, epoch);
    }
    drawing.x += WIDE_GAP;
    if (mixup) {
      drawing.column(augmentation, new Mixing(mixing.mixup(), 0, 0, 1), versions + 1);
    }
    if (cutmix) {
      drawing.column(augmentation, new Mixing(0, mixing.cutmix(), 1, 1), versions + 1);
    }
    return drawing.sheet;
  }

  private void column(Augmentation augmentation, Mixing mixing, int epoch) {
    BatchSettings settings =
        new BatchSettings(set.size(), false, false, augmentation, mixing, seed, 1, 1);
    try (Batches batches = Batches.of(set, normalisation, settings, epoch)) {
      float[] values = batches.next().images().toArray(ValueLayout.JAVA_FLOAT);
      for (int i = 0; i < set.size(); i++) {
        cell(values, i);
      }
    }
    x += enlarged * set.shape().width() + GAP;
  }

  private void cell(float[] values, int image) {
    ImageShape shape = set.shape();
    int y = GAP + image * (enlarged * shape.height() + GAP);
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        int at = image * shape.values() + row * shape.width() + column;
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          int channel = shape.channels() == 3 ? c : 0;
          rgb = rgb << 8 | pixel(values[at + channel * shape.plane()], channel);
        }
        for (int k = 0; k < enlarged * enlarged; k++) {
          sheet.setRGB(
              x + enlarged * column + k % enlarged, y + enlarged * row + k / enlarged, rgb);
        }
      }
    }
  }

  private int pixel(float value, int channel) {
    double share = value * normalisation.deviation()[channel] + normalisation.mean()[channel];
    return (int) Math.clamp(Math.rint(255 * share), 0, 255);
  }
}
