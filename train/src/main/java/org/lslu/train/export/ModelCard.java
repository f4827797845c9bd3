package org.lslu.train.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lslu.function.UserException;
import org.lslu.train.data.ImageFit;
import org.lslu.train.data.Interpolation;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.TrainedRun;

/**
 * What stands beside the weights in an exported file, so that it can be used alone.
 *
 * @param model the network's name
 * @param activation its activation function
 * @param form {@code trained} or {@code deployed}
 * @param images what it takes and gives
 * @param fit how an image of another size is brought to the network's
 */
public record ModelCard(
    String model, String activation, String form, RunFile.Images images, ImageFit fit) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The card of a run's network. */
  public static ModelCard of(TrainedRun trained, boolean isDeployed) {
    return new ModelCard(
        trained.run().settings().network().model(),
        trained.model().function().id(),
        isDeployed ? "deployed" : "trained",
        trained.run().images(),
        trained.run().settings().data().fit());
  }

  /** As texts by name; lists are JSON. */
  public SequencedMap<String, String> metadata() {
    final SequencedMap<String, String> texts = new LinkedHashMap<>();
    texts.put("model", model);
    texts.put("activation", activation);
    texts.put("form", form);
    texts.put("data", images.name());
    texts.put("image_shape", json(List.of(images.channels(), images.height(), images.width())));
    texts.put("classes", json(images.classes()));
    texts.put("mean", json(images.mean()));
    texts.put("deviation", json(images.deviation()));
    texts.put("interpolation", fit.interpolation().toString());
    texts.put("crop_percentage", Double.toString(fit.cropPercentage()));
    texts.put(
        "input",
        "N×C×H×W float32: (pixel / 255 - mean[c]) / deviation[c], RGB or grey, row by row");
    return texts;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException problem) {
      throw new IllegalStateException("no JSON for " + value, problem);
    }
  }

  /**
   * Reads what {@link #metadata} gives.
   *
   * @param file the file to name where something is missing
   * @throws UserException if the texts are not those of an exported network
   */
  public static ModelCard read(Object file, Map<String, String> texts) {
    final int[] shape = list(file, texts, "image_shape", new TypeReference<int[]>() {});
    final List<String> classes = list(file, texts, "classes", new TypeReference<List<String>>() {});
    final double[] mean = list(file, texts, "mean", new TypeReference<double[]>() {});
    final double[] deviation = list(file, texts, "deviation", new TypeReference<double[]>() {});
    if (shape.length != 3 || mean.length != shape[0] || deviation.length != shape[0]) {
      throw UserException.failure(
          "%s is damaged: image shape, mean and deviation do not fit together".formatted(file));
    }
    return new ModelCard(
        texts.getOrDefault("model", "unknown"),
        texts.getOrDefault("activation", "unknown"),
        texts.getOrDefault("form", "unknown"),
        new RunFile.Images(
            texts.getOrDefault("data", "unknown"),
            "",
            shape[0],
            shape[1],
            shape[2],
            classes,
            mean,
            deviation),
        fit(file, texts));
  }

  /** Files of before say nothing of it: theirs is the usual one. */
  private static ImageFit fit(Object file, Map<String, String> texts) {
    try {
      return new ImageFit(
          Interpolation.parse(
              texts.getOrDefault("interpolation", ImageFit.DEFAULT.interpolation().toString())),
          Double.parseDouble(
              texts.getOrDefault(
                  "crop_percentage", Double.toString(ImageFit.DEFAULT.cropPercentage()))));
    } catch (NumberFormatException problem) {
      throw UserException.failure(
          "%s is damaged: its crop percentage is no number".formatted(file), problem);
    }
  }

  private static <T> T list(
      Object file, Map<String, String> texts, String key, TypeReference<T> type) {
    try {
      return JSON.readValue(texts.getOrDefault(key, ""), type);
    } catch (JsonProcessingException problem) {
      throw UserException.failure(
          "%s does not say its %s; a model that lslu export wrote is expected"
              .formatted(file, key.replace('_', ' ')),
          problem);
    }
  }
}
