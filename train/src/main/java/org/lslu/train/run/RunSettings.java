package org.lslu.train.run;

import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;

/**
 * Everything that decides about a run; the same settings on the same machine and number of threads
 * give the same run.
 *
 * @param data where the images come from and how they are varied
 * @param network what is trained
 * @param activation the activation function in it
 * @param training how
 */
public record RunSettings(
    Data data, Network network, FunctionChoice activation, Schedule training) {

  /**
   * The images.
   *
   * @param source as {@code --data} takes it
   * @param imageSize side to which the images of a folder are brought
   * @param heldOut share of each class that is held out where a folder has no part of its own
   * @param channels 1 or 3; 0 for the images' own
   * @param padding black border from which random crops are cut, in pixels
   * @param flip whether images are mirrored at random
   */
  public record Data(
      String source, int imageSize, double heldOut, int channels, int padding, boolean flip) {
    /** Refuses impossible sizes. */
    public Data {
      if (channels != 0 && channels != 1 && channels != 3) {
        throw UserException.argument(
            "%d image channels: expected 1 (grey), 3 (colour) or 0 (as the images are)"
                .formatted(channels));
      }
    }
  }

  /**
   * The network.
   *
   * @param model its name
   * @param width factor on all widths
   * @param stemStride stride of the first convolution; 0 for what suits the image's size
   * @param radius radius of the series' depth-wise convolution; −1 for the activation's n, as in
   *     the reference
   * @param dropout share of the classifier's inputs that is dropped in training
   */
  public record Network(String model, double width, int stemStride, int radius, double dropout) {
    /** Refuses what no network can have. */
    public Network {
      requireWithin("the width factor", width, 1e-3, 16);
      requireWithin("the dropout rate", dropout, 0, 0.99);
    }
  }

  /**
   * The training.
   *
   * @param epochs how often each image is seen
   * @param batch images a step
   * @param optimiser {@code adamw} or {@code sgd}
   * @param learningRate highest learning rate
   * @param momentum of SGD, with Nesterov's correction
   * @param weightDecay pull of the weights towards 0; biases, norms and activations are left alone
   * @param activationRate factor on the learning rate of activation parameters
   * @param warmUp epochs over which the learning rate rises from 0
   * @param decayEpochs epochs over which the slope between paired convolutions goes from 0 to 1, as
   *     VanillaNet's deep training has it; 0 for a slope of 1 from the start
   * @param labelSmoothing share of the target that is spread over all classes
   * @param seed of weights, order, augmentation and dropout
   */
  public record Schedule(
      int epochs,
      int batch,
      String optimiser,
      double learningRate,
      double momentum,
      double weightDecay,
      double activationRate,
      double warmUp,
      double decayEpochs,
      double labelSmoothing,
      long seed) {
    /** Refuses what makes no sense. */
    public Schedule {
      requireWithin("the number of epochs", epochs, 1, 1_000_000);
      requireWithin("the batch size", batch, 2, 1_000_000);
      requireWithin("the learning rate", learningRate, 0, 1000);
      requireWithin("the momentum", momentum, 0, 0.9999);
      requireWithin("the weight decay", weightDecay, 0, 100);
      requireWithin("the activations' learning-rate factor", activationRate, 0, 1e6);
      requireWithin("the warm-up", warmUp, 0, epochs);
      requireWithin("the label smoothing", labelSmoothing, 0, 0.9);
      if (!optimiser.equals("adamw") && !optimiser.equals("sgd")) {
        throw UserException.argument(
            "optimiser '" + optimiser + "' is unknown: expected adamw or sgd");
      }
      if (decayEpochs < 0) {
        throw UserException.argument(
            "%s decay epochs: a number of at least 0 is expected".formatted(decayEpochs));
      }
    }

    /** The same schedule with another seed. */
    public Schedule withSeed(long other) {
      return new Schedule(
          epochs,
          batch,
          optimiser,
          learningRate,
          momentum,
          weightDecay,
          activationRate,
          warmUp,
          decayEpochs,
          labelSmoothing,
          other);
    }
  }

  private static void requireWithin(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw UserException.argument(
          "%s is %s: expected from %s to %s"
              .formatted(what, number(value), number(least), number(most)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
