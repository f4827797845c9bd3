package org.lslu.train.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.train.data.DataPart;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.ImageSet;

/**
 * A run whose network is used and no longer trained.
 *
 * @param run its settings
 * @param model its network with the weights of the best epoch, or of the last where there is no
 *     best
 */
public record TrainedRun(RunFile run, Model model) {
  /** Which of a run's weights: those of the best epoch, or of the last where there is no best. */
  public static final String BEST = "best";

  /** Which of a run's weights: those of the last checkpoint. */
  public static final String LAST = "last";

  /** Which of a run's weights: the best of a moving average, such as {@code average-0.9999}. */
  private static final String AVERAGE = "average-";

  /**
   * Reads a run with its best weights.
   *
   * @throws UserException where it is no run, has no weights, or they are of another network
   */
  public static TrainedRun open(Path path) {
    return open(path, BEST);
  }

  /**
   * Reads a run.
   *
   * @param which {@value #BEST}, {@value #LAST}, or a moving average such as {@code average-0.9999}
   * @throws UserException where it is no run, has no such weights, or they are of another network
   */
  public static TrainedRun open(Path path, String which) {
    LibTorch.start();
    final RunDirectory directory = RunDirectory.open(path);
    final RunFile run = directory.read();
    final Path weights = weights(directory, run, which);
    if (!Files.exists(weights)) {
      throw UserException.failure(
          "%s has no weights yet: let lslu train finish an epoch first".formatted(path));
    }
    final Model model = Model.create(run.settings(), run.images());
    final Progress progress = Checkpoint.readWeights(weights, model);
    // Weights from before the end of deep training belong to the slope of their epoch.
    model.slope(LearningRates.slope(run.settings().training(), progress.trainedEpoch()));
    return new TrainedRun(run, model);
  }

  private static Path weights(RunDirectory directory, RunFile run, String which) {
    if (which.equals(BEST)) {
      return Files.exists(directory.best()) ? directory.best() : directory.last();
    }
    if (which.equals(LAST)) {
      return directory.last();
    }
    final List<String> known = new ArrayList<>(List.of(BEST, LAST));
    for (final double decay : run.settings().evaluation().averages()) {
      if (which.equals(AVERAGE + decay)) {
        return directory.average(decay);
      }
      known.add(AVERAGE + decay);
    }
    throw UserException.argument(
        "%s has no weights '%s': %s are expected"
            .formatted(directory.path(), which, String.join(", ", known)));
  }

  /**
   * Evaluates the network on held-out images.
   *
   * @param source as {@code --data} takes it; empty for the images that the run was held against
   * @throws UserException where the images are not of the run's shape and classes
   */
  public Evaluation evaluate(String source) {
    return Evaluation.of(model, heldOut(source), run.images().normalisation());
  }

  /**
   * Asks the network for the class of every image of a part.
   *
   * @param source as {@code --data} takes it; empty for the run's own images
   * @throws UserException where there is no such part, or the images are not of the run's shape and
   *     classes
   */
  public Answers answers(String source, DataPart part) {
    return Answers.of(model, data(source).part(part), run.images().normalisation());
  }

  /**
   * Reads held-out images.
   *
   * @param source as {@code --data} takes it; empty for the images that the run was held against
   * @throws UserException where the images are not of the run's shape and classes
   */
  public ImageSet heldOut(String source) {
    return data(source).validation();
  }

  /**
   * Reads images.
   *
   * @param source as {@code --data} takes it; empty for the run's own images
   * @throws UserException where the images are not of the run's shape and classes
   */
  public DataSet data(String source) {
    final RunSettings.Data own = run.settings().data();
    DataSet data = source.isEmpty() ? own.load() : own.load(source);
    if (data.shape().channels() != run.images().channels()) {
      data = data.withChannels(run.images().channels());
    }
    if (!data.shape().equals(run.images().shape())
        || data.classes() != run.images().classes().size()) {
      throw UserException.argument(
          "the run's network takes %s and knows %d classes, but %s holds %s with %d classes"
              .formatted(
                  run.images().shape(),
                  run.images().classes().size(),
                  data.name(),
                  data.shape(),
                  data.classes()));
    }
    if (!data.classNames().equals(run.images().classes())) {
      throw UserException.argument(
          "the run's network knows the classes %s, but %s holds %s; rename them or give other images"
              .formatted(named(run.images().classes()), data.name(), named(data.classNames())));
    }
    return data;
  }

  private static String named(List<String> classes) {
    final int shown = 6;
    return String.join(", ", classes.subList(0, Math.min(shown, classes.size())))
        + (classes.size() > shown ? " and %d more".formatted(classes.size() - shown) : "");
  }
}
