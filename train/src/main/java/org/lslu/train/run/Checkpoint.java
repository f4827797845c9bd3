package org.lslu.train.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.optimiser.Optimiser;
import org.lslu.torch.weights.Safetensors;

/**
 * A training's state in a file: the network's tensors under their own names, the optimiser's behind
 * {@value #OPTIMISER}, the moving averages' behind {@value #AVERAGE}, the inputs' statistics behind
 * {@value #INPUTS}, and how far it had come as metadata.
 */
final class Checkpoint {
  private static final String OPTIMISER = "optimiser.";
  private static final String AVERAGE = "average.";
  private static final String INPUTS = "inputs.";

  private Checkpoint() {}

  /** Writes everything that a run needs to go on; the file is whole or the one before. */
  static void write(
      Path file,
      Progress progress,
      Model model,
      Optimiser optimiser,
      MovingAverages averages,
      Realignment realignment) {
    final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(model.network().state());
    try (PointerScope scope = new PointerScope()) {
      optimiser.state().forEach((name, tensor) -> tensors.put(OPTIMISER + name, tensor));
      averages.state().forEach((name, tensor) -> tensors.put(AVERAGE + name, tensor));
      realignment
          .state(progress.epoch())
          .forEach((name, tensor) -> tensors.put(INPUTS + name, tensor));
      Safetensors.write(file, tensors, progress.metadata());
    }
  }

  /** Writes the network alone. */
  static void writeWeights(Path file, Progress progress, Model model) {
    Safetensors.write(file, model.network().state(), progress.metadata());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @return how far the training had come
   * @throws UserException where the file is damaged or of another network
   */
  static Progress read(
      Path file,
      Model model,
      Optimiser optimiser,
      MovingAverages averages,
      Realignment realignment) {
    try (PointerScope scope = new PointerScope()) {
      final Safetensors.Contents content = Safetensors.read(file);
      final Progress progress = Progress.of(content.metadata(), file);
      load(file, content.tensors(), model);
      try {
        optimiser.load(below(OPTIMISER, content.tensors()));
        averages.load(below(AVERAGE, content.tensors()));
        realignment.load(below(INPUTS, content.tensors()), progress.epoch());
      } catch (UserException problem) {
        throw UserException.failure(file + ": " + problem.getMessage(), problem);
      }
      return progress;
    }
  }

  /**
   * Reads the network alone.
   *
   * @return how far the training had come
   * @throws UserException where the file is damaged or of another network
   */
  static Progress readWeights(Path file, Model model) {
    try (PointerScope scope = new PointerScope()) {
      final Safetensors.Contents content = Safetensors.read(file);
      load(file, content.tensors(), model);
      return Progress.of(content.metadata(), file);
    }
  }

  private static Map<String, Tensor> below(String prefix, Map<String, Tensor> tensors) {
    final Map<String, Tensor> found = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), tensor);
          }
        });
    return found;
  }

  private static void load(Path file, Map<String, Tensor> tensors, Model model) {
    final Map<String, Tensor> own = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (List.of(OPTIMISER, AVERAGE, INPUTS).stream().noneMatch(name::startsWith)) {
            own.put(name, tensor);
          }
        });
    try {
      model.network().load(own);
    } catch (UserException problem) {
      throw UserException.failure(file + ": " + problem.getMessage(), problem);
    }
  }
}
