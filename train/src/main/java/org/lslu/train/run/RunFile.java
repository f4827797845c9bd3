package org.lslu.train.run;

import java.util.List;
import java.util.Map;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.Normalisation;

/**
 * What {@code run.toml} holds: enough to repeat the run, and to use its network without its data.
 *
 * @param settings every setting
 * @param images what the network takes and gives
 * @param environment where and when it ran
 */
public record RunFile(RunSettings settings, Images images, Environment environment) {

  /**
   * What a network trained on some images needs to know of them.
   *
   * @param name the data set
   * @param description its sizes
   * @param channels C
   * @param height H
   * @param width W
   * @param classes the name of each class in the order of the labels
   * @param mean of each channel of the training images, on the scale 0 to 1
   * @param deviation of each channel of the training images
   */
  public record Images(
      String name,
      String description,
      int channels,
      int height,
      int width,
      List<String> classes,
      double[] mean,
      double[] deviation) {
    /** Measures the training images. */
    static Images of(DataSet data) {
      final Normalisation normalisation = Normalisation.measuredOn(data.train());
      return new Images(
          data.name(),
          data.description(),
          data.shape().channels(),
          data.shape().height(),
          data.shape().width(),
          data.classNames(),
          normalisation.mean(),
          normalisation.deviation());
    }

    /** C×H×W. */
    public ImageShape shape() {
      return new ImageShape(channels, height, width);
    }

    /** How images are brought to mean 0 and deviation 1. */
    public Normalisation normalisation() {
      return Normalisation.of(mean, deviation);
    }
  }

  /**
   * Where and when a run ran.
   *
   * @param started the time of its start, ISO 8601
   * @param command the command line
   * @param machine processor, threads and memory
   * @param versions of Java and the libraries
   */
  public record Environment(
      String started, String command, String machine, Map<String, String> versions) {}
}
