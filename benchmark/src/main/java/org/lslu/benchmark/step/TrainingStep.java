package org.lslu.benchmark.step;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.lslu.benchmark.reference.ReferenceVanillaNet;
import org.lslu.torch.Autograd;
import org.lslu.torch.Scopes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.network.Network;
import org.lslu.torch.optimiser.Optimiser;
import org.lslu.torch.optimiser.ParameterGroup;

/**
 * One step of training on a batch that stays the same: logits, cross entropy, its value, gradients,
 * AdamW, gradients dropped. Both sides begin with the same contiguous N×C×H×W images.
 */
public sealed interface TrainingStep extends Runnable {
  /** AdamW's learning rate: small, so that many steps on one batch stay finite. */
  double LEARNING_RATE = 1e-4;

  /** AdamW's weight decay. */
  double WEIGHT_DECAY = 0.05;

  /**
   * What is trained on.
   *
   * @param images N×C×H×W, contiguous
   * @param labels N
   */
  record Examples(Tensor images, Tensor labels) {
    /** Random images and labels, kept. */
    public static Examples random(int count, int channels, int side, int classes) {
      return new Examples(
          Scopes.outside(() -> torch.randn(count, channels, side, side)),
          Scopes.outside(
              () -> torch.randint(0, classes, new long[] {count}).to(torch.ScalarType.Long)));
    }
  }

  /** The loss of the step before, as the training loop reads it in every step. */
  double loss();

  /** A step of a network of this project, as its training loop does it. */
  final class Own implements TrainingStep {
    private final Network network;
    private final Examples examples;
    private final Optimiser optimiser;
    private final List<ActivationLayer> activations;
    private double loss = Double.NaN;

    /** Prepares the step. */
    public Own(Network network, Examples examples) {
      this.network = network;
      this.examples = examples;
      optimiser = optimiser(network);
      activations = activations(network);
    }

    static Optimiser optimiser(Network network) {
      return new org.lslu.torch.optimiser.AdamW(
          ParameterGroup.of(network, new ParameterGroup.Rules(WEIGHT_DECAY, 1, 0, 1)),
          LEARNING_RATE);
    }

    static List<ActivationLayer> activations(Layer network) {
      return network
          .walk()
          .filter(ActivationLayer.class::isInstance)
          .map(ActivationLayer.class::cast)
          .toList();
    }

    @Override
    public double loss() {
      return loss;
    }

    @Override
    public void run() {
      try (PointerScope scope = new PointerScope()) {
        final Tensor x = examples.images().contiguous(MemoryFormat.ChannelsLast); // N×C×H×W
        final Tensor value = torch.cross_entropy_loss(network.forward(x), examples.labels());
        loss = value.item_double();
        Autograd.backward(value);
        optimiser.step();
        optimiser.zeroGradients();
        activations.forEach(ActivationLayer::project);
      }
    }
  }

  /** A step of the reference operations, with LibTorch's own AdamW. */
  final class Reference implements TrainingStep {
    private final ReferenceVanillaNet network;
    private final Examples examples;
    private final AdamW optimiser;
    private double loss = Double.NaN;

    /** Prepares the step. */
    public Reference(ReferenceVanillaNet network, Examples examples) {
      this.network = network;
      this.examples = examples;
      optimiser = Scopes.outside(() -> optimiser(network));
    }

    private static AdamW optimiser(ReferenceVanillaNet network) {
      final AdamWOptions options = new AdamWOptions(LEARNING_RATE);
      options.weight_decay().put(WEIGHT_DECAY);
      return new AdamW(new TensorVector(network.parameters().toArray(Tensor[]::new)), options);
    }

    @Override
    public double loss() {
      return loss;
    }

    @Override
    public void run() {
      try (PointerScope scope = new PointerScope()) {
        final Tensor value =
            torch.cross_entropy_loss(network.forward(examples.images()), examples.labels());
        loss = value.item_double();
        value.backward();
        optimiser.step();
        optimiser.zero_grad();
      }
    }
  }
}
