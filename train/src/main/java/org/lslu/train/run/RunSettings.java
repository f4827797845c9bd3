package org.lslu.train.run;

import java.util.List;
import java.util.Set;
import org.lslu.function.FunctionChoice;
import org.lslu.function.SlopeBound;
import org.lslu.function.UserException;
import org.lslu.train.data.ColourJitter;
import org.lslu.train.data.Crop;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.DataSource;
import org.lslu.train.data.Erasing;
import org.lslu.train.data.ImageFit;
import org.lslu.train.data.Interpolation;
import org.lslu.train.data.LoadSettings;
import org.lslu.train.data.Mixing;
import org.lslu.train.data.RandAugment;

/**
 * Everything that decides about a run; the same settings on the same machine and number of threads
 * give the same run.
 *
 * @param data where the images come from
 * @param augmentation how training images are varied
 * @param network what is trained
 * @param activation the activation function in it
 * @param loss what is made small
 * @param optimiser by what steps
 * @param activations how the activation's parameters are trained
 * @param training for how long, in which order
 * @param evaluation how it is watched
 */
public record RunSettings(
    Data data,
    Augmentation augmentation,
    Network network,
    FunctionChoice activation,
    Loss loss,
    Optimiser optimiser,
    Activations activations,
    Schedule training,
    Watch evaluation) {
  /** Refuses what contradicts itself. */
  public RunSettings {
    if (activation.recurs() && activations.realign() > 0) {
      throw UserException.argument(
          "--realign puts each layer's boundaries where its own inputs are, but with the sharing"
              + " recurrent all layers have the same: choose one of them");
    }
  }

  /**
   * The images.
   *
   * @param source as {@code --data} takes it
   * @param trainImages how many of the training images are used, drawn class by class so that the
   *     classes keep their shares; 0 for all
   * @param imageSize side to which images are brought; 0 for their own, or 32 for a folder's
   * @param interpolation {@code bilinear} or {@code bicubic}
   * @param cropPercentage share of the side that is left of a held-out image, cut from its centre
   * @param heldOut share of each class that is held out where a folder has no part of its own
   * @param splitSeed chooses the held-out images
   * @param strict whether a file that cannot be read ends the run
   * @param channels 1 or 3; 0 for the images' own
   */
  public record Data(
      String source,
      int trainImages,
      int imageSize,
      String interpolation,
      double cropPercentage,
      double heldOut,
      long splitSeed,
      boolean strict,
      int channels) {
    /** Refuses impossible sizes. */
    public Data {
      requireWithin("the number of training images", trainImages, 0, Integer.MAX_VALUE);
      requireWithin("the image size", imageSize, 0, 16_384);
      requireWithin("the centre crop's share", cropPercentage, 0.05, 1);
      requireOneOf("interpolation", interpolation, "bilinear", "bicubic");
      if (channels != 0 && channels != 1 && channels != 3) {
        throw UserException.argument(
            "%d image channels: expected 1 (grey), 3 (colour) or 0 (as the images are)"
                .formatted(channels));
      }
    }

    /**
     * Reads the images.
     *
     * @throws UserException where they are not there or do not serve
     */
    DataSet load() {
      final DataSet whole = load(source);
      return trainImages == 0 ? whole : whole.withTrainingImages(trainImages);
    }

    /** How an image is brought to the network's size. */
    public ImageFit fit() {
      return new ImageFit(Interpolation.parse(interpolation), cropPercentage);
    }

    /** Reads all images of another source in the same way. */
    DataSet load(String other) {
      final DataSource from = DataSource.parse(other);
      final DataSet loaded =
          from.load(
              new LoadSettings(
                  imageSize == 0 ? LoadSettings.DEFAULT.imageSize() : imageSize,
                  heldOut,
                  splitSeed,
                  fit(),
                  strict));
      // A folder's images have no size of their own: they come in the one that is wanted.
      final boolean isFitted = from.text().startsWith("folder:");
      final boolean isWanted = imageSize > 0 || cropPercentage < 1;
      final DataSet data =
          isFitted || !isWanted
              ? loaded
              : loaded.resized(imageSize > 0 ? imageSize : loaded.shape().height(), fit());
      return channels == 0 ? data : data.withChannels(channels);
    }
  }

  /**
   * The variation of training images.
   *
   * @param padding black border from which random crops are cut, in pixels
   * @param flip whether images are mirrored at random
   * @param resizedCrop whether a part of random size and shape takes the padded crop's place
   * @param randAugment a RandAugment policy such as {@code rand-m7-mstd0.5-inc1}; empty for none
   * @param colourJitter strength of random brightness, contrast and saturation
   * @param erase probability with which a rectangle is erased
   * @param eraseMode what it is filled with
   * @param mixup α of mixup's Beta distribution; 0 for none
   * @param cutmix α of cutmix's Beta distribution; 0 for none
   * @param mixSwitch probability of cutmix where both are on
   * @param mixProbability probability that a batch is mixed at all
   */
  public record Augmentation(
      int padding,
      boolean flip,
      boolean resizedCrop,
      String randAugment,
      double colourJitter,
      double erase,
      String eraseMode,
      double mixup,
      double cutmix,
      double mixSwitch,
      double mixProbability) {
    /** Refuses what makes no sense. */
    public Augmentation {
      forImages(padding, flip, resizedCrop, randAugment, colourJitter, erase, eraseMode);
      new Mixing(mixup, cutmix, mixSwitch, mixProbability);
    }

    /** What is done to each image. */
    public org.lslu.train.data.Augmentation forImages() {
      return forImages(padding, flip, resizedCrop, randAugment, colourJitter, erase, eraseMode);
    }

    /** What is done to whole batches. */
    public Mixing mixing() {
      return new Mixing(mixup, cutmix, mixSwitch, mixProbability);
    }

    private static org.lslu.train.data.Augmentation forImages(
        int padding,
        boolean flip,
        boolean resizedCrop,
        String randAugment,
        double colourJitter,
        double erase,
        String eraseMode) {
      org.lslu.train.data.Augmentation whole =
          new org.lslu.train.data.Augmentation(padding, flip)
              .with(ColourJitter.of(colourJitter))
              .with(Erasing.of(erase, Erasing.Mode.parse(eraseMode)));
      if (resizedCrop) {
        whole = whole.with(Crop.Resized.usual(Interpolation.BICUBIC));
      }
      return randAugment.isEmpty() ? whole : whole.with(RandAugment.parse(randAugment));
    }
  }

  /**
   * The network.
   *
   * @param model its name
   * @param width factor on all widths
   * @param stem a ResNet's stem: {@code imagenet}, {@code cifar}, or {@code auto} for what suits
   *     the image's size
   * @param stemStride stride of VanillaNet's first convolution; 0 for what suits the image's size
   * @param radius radius of the series' depth-wise convolution; −1 for the activation's n, as in
   *     the reference
   * @param form {@code series} for the activation with a depth-wise convolution and a batch norm
   *     behind it, {@code pointwise} for the activation alone
   * @param places where the activation goes: {@code all}, {@code stem}, or positions by name
   * @param dropout share of the classifier's inputs that is dropped in training
   * @param blockDropout share of a residual branch's outputs that is dropped in training
   * @param stochasticDepth probability with which EfficientNetV2's last branch is left out for an
   *     image in training
   * @param init how new weights are drawn: {@code usual} for the network's own rule, {@code auto}
   *     for the gain of the activation
   * @param finetune file of weights to start from; empty for new ones
   */
  public record Network(
      String model,
      double width,
      String stem,
      int stemStride,
      int radius,
      String form,
      String places,
      double dropout,
      double blockDropout,
      double stochasticDepth,
      String init,
      String finetune) {
    /** Refuses what no network can have. */
    public Network {
      requireWithin("the width factor", width, 1e-3, 16);
      requireOneOf("stem", stem, "auto", "imagenet", "cifar");
      requireOneOf("activation form", form, "series", "pointwise");
      requireWithin("the radius", radius, -1, 64);
      if (!Set.of(0, 1, 2, 4).contains(stemStride)) {
        throw UserException.argument(
            "the stem's stride is %d: expected 1, 2 or 4, or 0 for what suits the images"
                .formatted(stemStride));
      }
      requireWithin("the dropout rate", dropout, 0, 0.99);
      requireWithin("the dropout rate in blocks", blockDropout, 0, 0.99);
      requireWithin("the rate of stochastic depth", stochasticDepth, 0, 0.99);
      requireOneOf("initialisation", init, "usual", "auto");
    }
  }

  /**
   * The loss.
   *
   * @param kind {@code ce} for cross entropy, {@code bce} for binary cross entropy of each class
   * @param labelSmoothing share of the target that is spread over all classes
   */
  public record Loss(String kind, double labelSmoothing) {
    /** Refuses what makes no sense. */
    public Loss {
      requireOneOf("loss", kind, "ce", "bce");
      requireWithin("the label smoothing", labelSmoothing, 0, 0.9);
    }
  }

  /**
   * The optimiser and its rates.
   *
   * @param name {@code adamw}, {@code lamb} or {@code sgd}
   * @param learningRate highest learning rate
   * @param minimumRate learning rate at the end
   * @param momentum of SGD, with Nesterov's correction
   * @param weightDecay pull of the weights towards 0; biases and norms are left alone
   * @param finalWeightDecay its value at the end, reached by a cosine; −1 for the same throughout
   * @param layerDecay factor on the learning rate from each layer to the one before it
   * @param activationRate factor on the learning rate of activation parameters
   * @param activationDecay pull of activation parameters towards 0
   * @param epsilon what AdamW and LAMB add to the root before they divide by it; 0 for their own
   * @param clip greatest norm of all gradients together; 0 for no bound
   */
  public record Optimiser(
      String name,
      double learningRate,
      double minimumRate,
      double momentum,
      double weightDecay,
      double finalWeightDecay,
      double layerDecay,
      double activationRate,
      double activationDecay,
      double epsilon,
      double clip) {
    /** Refuses what makes no sense. */
    public Optimiser {
      requireOneOf("optimiser", name, "adamw", "lamb", "sgd");
      requireWithin("the learning rate", learningRate, 0, 1000);
      requireWithin("the least learning rate", minimumRate, 0, learningRate);
      requireWithin("the momentum", momentum, 0, 0.9999);
      requireWithin("the weight decay", weightDecay, 0, 100);
      requireWithin("the final weight decay", finalWeightDecay, -1, 100);
      if (finalWeightDecay < 0 && finalWeightDecay != -1) {
        throw UserException.argument(
            "the final weight decay is %s: expected one of at least 0, or -1 for the same throughout"
                .formatted(number(finalWeightDecay)));
      }
      if (weightDecay == 0 && finalWeightDecay > 0) {
        throw UserException.argument(
            "the final weight decay is %s and the first one 0: expected one above 0 to go from"
                .formatted(number(finalWeightDecay)));
      }
      requireWithin("the layer decay", layerDecay, 1e-3, 1);
      requireWithin("the activations' learning-rate factor", activationRate, 0, 1e6);
      requireWithin("the activations' weight decay", activationDecay, 0, 100);
      requireWithin("the optimiser's epsilon", epsilon, 0, 1);
      requireWithin("the gradients' bound", clip, 0, 1e9);
    }
  }

  /**
   * How the parameters of activations are trained, beside their learning rate and decay.
   *
   * @param freeze epochs at the start for which they keep their initial values
   * @param clip greatest norm of their gradients together, before {@link Optimiser#clip} looks at
   *     all; 0 for no bound
   * @param realign epochs after which the boundaries of a piecewise linear table go to mean ± 3
   *     deviations of its inputs; until then it keeps its initial values; 0 for never
   * @param slope bounds that every slope is brought back to after each step: {@code monotone}, the
   *     greatest steepness, or both with a comma; empty for none
   * @param poles {@code warn} or {@code fail}: what is done where a function gets a pole within its
   *     inputs
   */
  public record Activations(int freeze, double clip, int realign, String slope, String poles) {
    /** Refuses what makes no sense. */
    public Activations {
      requireWithin("the number of epochs without activation training", freeze, 0, 1_000_000);
      requireWithin("the bound of the activations' gradients", clip, 0, 1e9);
      requireWithin("the number of epochs before the realignment", realign, 0, 1_000_000);
      requireOneOf("answer to poles", poles, "warn", "fail");
      if (!slope.isEmpty()) {
        SlopeBound.parse(slope);
      }
    }
  }

  /**
   * The course of the training.
   *
   * @param epochs how often each image is seen
   * @param batch images that go through the network together
   * @param accumulate batches whose gradients make one step
   * @param warmUp epochs over which the learning rate rises from 0
   * @param decayEpochs epochs over which the slope between paired convolutions goes from 0 to 1, as
   *     VanillaNet's deep training has it; 0 for a slope of 1 from the start
   * @param decayShape {@code linear} or {@code cosine}: how the slope goes
   * @param precision {@code float32} or {@code bf16}: the numbers whose products are added up
   * @param seed of weights, order, augmentation and dropout
   */
  public record Schedule(
      int epochs,
      int batch,
      int accumulate,
      double warmUp,
      double decayEpochs,
      String decayShape,
      String precision,
      long seed) {
    /** Refuses what makes no sense. */
    public Schedule {
      requireWithin("the number of epochs", epochs, 1, 1_000_000);
      requireWithin("the batch size", batch, 2, 1_000_000);
      requireWithin("the number of batches a step", accumulate, 1, 1_000_000);
      requireWithin("the warm-up", warmUp, 0, epochs);
      requireWithin("the number of decay epochs", decayEpochs, 0, 1_000_000);
      requireOneOf("decay shape", decayShape, "linear", "cosine");
      requireOneOf("precision", precision, "float32", "bf16");
    }
  }

  /**
   * The evaluations on held-out images.
   *
   * @param every epochs between evaluations; the last epoch is evaluated always
   * @param allFrom the epoch from which on each is evaluated; 0 for none
   * @param earlyStop evaluations without a new best that end the training; 0 for no early end
   * @param averages decays of the moving averages of the weights that are kept and evaluated beside
   *     the network
   */
  public record Watch(int every, int allFrom, int earlyStop, List<Double> averages) {
    /** Refuses what makes no sense. */
    public Watch {
      requireWithin("the number of epochs between evaluations", every, 1, 1_000_000);
      requireWithin("the epoch of the first of all evaluations", allFrom, 0, 1_000_000);
      requireWithin("the number of evaluations without a new best", earlyStop, 0, 1_000_000);
      for (final double decay : averages) {
        requireWithin("the decay of a moving average", decay, 0, 0.9999999);
      }
      if (Set.copyOf(averages).size() < averages.size()) {
        throw UserException.argument(
            "the moving averages' decays %s: each is expected once".formatted(averages));
      }
      averages = List.copyOf(averages);
    }

    /** Whether an epoch is evaluated. */
    boolean evaluates(int epoch, int epochs) {
      return epoch % every == 0 || epoch == epochs || allFrom > 0 && epoch >= allFrom;
    }
  }

  /**
   * The same settings but for one.
   *
   * @param key record and component, such as {@code optimiser.learningRate}
   * @param value its other value, a number or a text as the component has it
   * @throws UserException where the value is refused
   * @throws IllegalArgumentException where there is no such setting
   */
  public RunSettings with(String key, Object value) {
    return SettingsTree.with(this, key, value);
  }

  private static void requireWithin(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw UserException.argument(
          "%s is %s: expected from %s to %s"
              .formatted(what, number(value), number(least), number(most)));
    }
  }

  private static void requireOneOf(String what, String value, String... known) {
    if (!List.of(known).contains(value)) {
      throw UserException.argument(
          "%s '%s' is unknown: expected %s".formatted(what, value, String.join(" or ", known)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
