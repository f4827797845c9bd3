package org.lslu.train.data;

import java.util.Arrays;
import java.util.List;
import org.lslu.function.UserException;

/**
 * N labelled images of one shape, each C×H×W unsigned bytes in planes (all of the first channel,
 * row by row, then the next). Immutable.
 *
 * <p>Each image is an array of its own, so that subsets share pixels instead of copying them and no
 * set is too large for one array.
 */
public final class ImageSet {
  /** What an image is made of each time it is read. */
  private interface View {
    byte[] of(byte[] stored);
  }

  private static final View AS_STORED = stored -> stored;

  private final ImageShape shape;
  private final List<String> classNames;
  private final byte[][] images; // N × (C·H·W), before the view
  private final int[] labels;
  private final View view;

  /** Where each image comes from; empty where that is not known. */
  private final List<String> origins;

  private ImageSet(
      ImageShape shape,
      List<String> classNames,
      byte[][] images,
      int[] labels,
      List<String> origins,
      View view) {
    this.shape = shape;
    this.classNames = classNames;
    this.images = images;
    this.labels = labels;
    this.origins = origins;
    this.view = view;
  }

  /**
   * A set of the given images; the pixel arrays are kept, not copied, and must not be changed
   * afterwards.
   *
   * @param shape shape of every image
   * @param classNames name of each class; a label is a place in this list
   * @param images N arrays of C·H·W unsigned bytes
   * @param labels N labels from 0 to the number of classes − 1
   * @throws IllegalArgumentException if the numbers of images and labels differ, an image has
   *     another number of values than the shape, or a label is no class
   */
  public static ImageSet of(
      ImageShape shape, List<String> classNames, byte[][] images, int[] labels) {
    if (images.length != labels.length) {
      throw new IllegalArgumentException(
          "Each image needs one label; found "
              + images.length
              + " images and "
              + labels.length
              + " labels.");
    }
    for (int i = 0; i < images.length; i++) {
      if (images[i].length != shape.values()) {
        throw new IllegalArgumentException(
            "Image "
                + i
                + " has "
                + images[i].length
                + " values; "
                + shape
                + " needs "
                + shape.values()
                + ".");
      }
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "Image "
                + i
                + " has label "
                + labels[i]
                + "; there are "
                + classNames.size()
                + " classes.");
      }
    }
    return new ImageSet(
        shape, List.copyOf(classNames), images.clone(), labels.clone(), List.of(), AS_STORED);
  }

  /**
   * The same images with the names of the files that they come from.
   *
   * @throws IllegalArgumentException if there is not one for each image
   */
  ImageSet withOrigins(List<String> files) {
    if (files.size() != images.length) {
      throw new IllegalArgumentException(
          "Each image needs one origin; found "
              + images.length
              + " images and "
              + files.size()
              + " origins.");
    }
    return new ImageSet(shape, classNames, images, labels, List.copyOf(files), view);
  }

  /** Number of images N. */
  public int size() {
    return images.length;
  }

  /** Shape of every image. */
  public ImageShape shape() {
    return shape;
  }

  /** Number of classes. */
  public int classes() {
    return classNames.size();
  }

  /** Name of each class, in the order of the labels. */
  public List<String> classNames() {
    return classNames;
  }

  /** Label of image {@code index}, from 0 to {@link #classes()} − 1. */
  public int label(int index) {
    return labels[index];
  }

  /**
   * Where image {@code index} comes from: its file within the data's directory, or {@code image 17}
   * where there is no file of its own.
   */
  public String origin(int index) {
    return origins.isEmpty() ? "image " + index : origins.get(index);
  }

  /** A copy of the C·H·W unsigned bytes of image {@code index}. */
  public byte[] image(int index) {
    return pixels(index).clone();
  }

  /**
   * The bytes of image {@code index}, themselves where they are stored as they are read; readers in
   * this package must not write to them.
   */
  byte[] pixels(int index) {
    return view.of(images[index]);
  }

  /** Number of images of each class. */
  public int[] countsByClass() {
    int[] counts = new int[classes()];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** The images at the given places, in the given order; pixels are shared with this set. */
  public ImageSet subset(int... indices) {
    byte[][] chosen = new byte[indices.length][];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = images[indices[i]];
      chosenLabels[i] = labels[indices[i]];
    }
    final List<String> chosenOrigins =
        origins.isEmpty() ? origins : Arrays.stream(indices).mapToObj(origins::get).toList();
    return new ImageSet(shape, classNames, chosen, chosenLabels, chosenOrigins, view);
  }

  /**
   * The same images with another number of channels: grey repeated three times, or colour as its
   * luma 0.299 R + 0.587 G + 0.114 B.
   *
   * @param channels 1 or 3, or the number that the images have
   * @throws UserException if there is no such conversion
   */
  public ImageSet withChannels(int channels) {
    if (channels == shape.channels()) {
      return this;
    }
    ImageShape other = shape.withChannels(channels);
    if (view != AS_STORED) {
      return viewed(other, image -> Channels.convert(image, shape, channels));
    }
    byte[][] converted = new byte[images.length][];
    for (int i = 0; i < images.length; i++) {
      converted[i] = Channels.convert(images[i], shape, channels);
    }
    return new ImageSet(other, classNames, converted, labels, origins, AS_STORED);
  }

  /**
   * The same images as squares of another size: scaled by one factor so that the shorter side
   * becomes ⌊size / p⌋ for a crop percentage p, then cut around the centre; to the byte as Pillow
   * does it.
   *
   * <p>Images are scaled each time they are read and not kept: 50,000 images of 3×224×224 would
   * take 7.5 GB.
   *
   * @param size height and width, at least 1
   * @param fit filter and crop percentage; {@link ImageFit#whole()} for images to train on
   * @throws UserException if the size is below 1
   */
  public ImageSet resized(int size, ImageFit fit) {
    CentreCrop crop = new CentreCrop(shape, size, fit);
    return crop.isNone() ? this : viewed(crop.shape(), crop::apply);
  }

  private ImageSet viewed(ImageShape other, View next) {
    return new ImageSet(
        other, classNames, images, labels, origins, stored -> next.of(view.of(stored)));
  }
}
