package org.lslu.train.report;

/**
 * How a network does on one class.
 *
 * @param name the class
 * @param images images of the class
 * @param answers images that the network takes for the class
 * @param right images of the class that it takes for it
 */
public record ClassFigures(String name, int images, int answers, int right) {
  /** right / answers: the share of its answers that are right; NaN where it never answers so. */
  public double precision() {
    return (double) right / answers;
  }

  /** right / images: the share of the class that it knows; NaN where there are no images. */
  public double recall() {
    return (double) right / images;
  }

  /** 2·right / (images + answers), the harmonic mean of both; NaN where there is neither. */
  public double f1() {
    return 2.0 * right / (images + answers);
  }
}
