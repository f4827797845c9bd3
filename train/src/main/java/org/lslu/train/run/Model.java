package org.lslu.train.run;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Precision;
import org.lslu.torch.network.ActivationFactory;
import org.lslu.torch.network.ActivationPlaces;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;
import org.lslu.torch.network.VariancePreservation;
import org.lslu.train.data.Batch;
import org.lslu.train.data.ImageShape;

/** A run's network with its activation function. */
public final class Model {
  private static final int USUAL_RADIUS = 3;

  private final Network network;
  private final ActivationFunction function;

  private Model(Network network, ActivationFunction function) {
    this.network = network;
    this.function = function;
  }

  /**
   * The network that the settings name, with initial weights.
   *
   * @throws UserException if there is no such network or function, or the images do not suit it
   */
  public static Model create(RunSettings settings, RunFile.Images images) {
    final ActivationFunction function = settings.activation().function();
    return create(
        settings,
        images,
        settings.activation().recurs()
            ? recurrent(function)
            : (_, channels) -> new ActivationLayer(function, channels));
  }

  /** The first layer owns the parameters that all have. */
  private static ActivationFactory recurrent(ActivationFunction function) {
    final List<ActivationLayer> made = new ArrayList<>();
    return (_, channels) -> {
      made.add(
          made.isEmpty()
              ? new ActivationLayer(function, channels)
              : made.getFirst().recurring(channels));
      return made.getLast();
    };
  }

  /** The network that the settings name, with other activations at the chosen places. */
  static Model create(RunSettings settings, RunFile.Images images, ActivationFactory activations) {
    if (images.height() != images.width()) {
      throw UserException.argument(
          "the images are %s; networks take square ones".formatted(images.shape()));
    }
    final ActivationFunction function = settings.activation().function();
    final RunSettings.Network wanted = settings.network();
    NetworkSettings network =
        NetworkSettings.of(
                wanted.model(), images.classes().size(), images.channels(), images.height())
            .withWidth(wanted.width())
            .withDropout(wanted.dropout())
            .withSeed(settings.training().seed())
            .withBlockDropout(wanted.blockDropout())
            .withStochasticDepth(wanted.stochasticDepth())
            .withStem(NetworkSettings.Stem.parse(wanted.stem()))
            .withPlaces(ActivationPlaces.parse(wanted.places(), wanted.form()))
            .withSeriesRadius(wanted.radius() >= 0 ? wanted.radius() : radius(function, settings));
    if (wanted.stemStride() > 0) {
      network = network.withStemStride(wanted.stemStride());
    }
    final Network made = Networks.create(network, activations);
    made.precision(Precision.parse(settings.training().precision()));
    final Model model = new Model(made, function);
    if (wanted.init().equals("auto")) {
      model.slope(LearningRates.slope(settings.training(), 1));
      VariancePreservation.apply(made, settings.training().seed());
      model.slope(1); // as every network starts; training and evaluation set their own
    }
    return model;
  }

  /**
   * As in the reference, where one number is both the chain's length and the radius: 3 if not n.
   */
  private static int radius(ActivationFunction function, RunSettings settings) {
    final int n = settings.activation().n();
    if (n > 0) {
      return n;
    }
    return function.parameters().stream()
        .filter(parameter -> parameter.name().equals("theta"))
        .mapToInt(Parameter::length)
        .findFirst()
        .orElse(USUAL_RADIUS);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** The activation function. */
  public ActivationFunction function() {
    return function;
  }

  /** The activation layers where the function was put, from input to output. */
  public List<ActivationLayer> activations() {
    return network.chosenActivations().stream()
        .filter(ActivationLayer.class::isInstance)
        .map(ActivationLayer.class::cast)
        .toList();
  }

  /** Sets the slope between paired convolutions, where the network has any. */
  void slope(double slope) {
    LeakySlope.setAll(network, slope);
  }

  /** N×C×H×W logits of a batch; its memory is read where it lies or copied once. */
  Tensor logits(Batch batch) {
    return network.forward(images(batch));
  }

  /** N×C×H×W images of a batch, as the network takes them. */
  static Tensor images(Batch batch) {
    final ImageShape shape = batch.shape();
    return channelsLast(
        wrapped(
            batch.images(),
            ScalarType.Float,
            batch.count(),
            shape.channels(),
            shape.height(),
            shape.width()));
  }

  /** The labels of a batch, N. */
  static Tensor labels(Batch batch) {
    return wrapped(batch.labels(), ScalarType.Long, batch.count());
  }

  private static Tensor wrapped(MemorySegment memory, ScalarType type, long... shape) {
    return torch.from_blob(
        new Pointer() {
          {
            address = memory.address();
          }
        },
        shape,
        new TensorOptions(type));
  }

  /**
   * The same images, channels innermost. Convolutions keep that order throughout the network, and
   * depth-wise ones run several times as fast in it: vectors then lie across channels and not
   * across rows that are shorter than a vector.
   */
  static Tensor channelsLast(Tensor x) {
    if (x.size(1) > 1) {
      return x.contiguous(MemoryFormat.ChannelsLast);
    }
    // With one channel both orders are the same memory; only the strides say which is meant.
    final long height = x.size(2);
    final long width = x.size(3);
    return x.contiguous()
        .as_strided(
            new long[] {x.size(0), 1, height, width}, new long[] {height * width, 1, width, 1});
  }
}
