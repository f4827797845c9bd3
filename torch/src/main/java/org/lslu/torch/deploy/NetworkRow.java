package org.lslu.torch.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.ActivationFunction;
import org.lslu.torch.Scopes;
import org.lslu.torch.Shapes;
import org.lslu.torch.deploy.NetworkStep.Activation;
import org.lslu.torch.deploy.NetworkStep.AdaptivePool;
import org.lslu.torch.deploy.NetworkStep.Affine;
import org.lslu.torch.deploy.NetworkStep.Convolution;
import org.lslu.torch.deploy.NetworkStep.Flattened;
import org.lslu.torch.deploy.NetworkStep.Mean;
import org.lslu.torch.deploy.NetworkStep.Norm;
import org.lslu.torch.deploy.NetworkStep.Pool;
import org.lslu.torch.deploy.NetworkStep.Product;
import org.lslu.torch.deploy.NetworkStep.Slope;
import org.lslu.torch.deploy.NetworkStep.Sum;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.AdaptiveAveragePool;
import org.lslu.torch.layer.AdaptiveMaxPool2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Gated;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.Sequential;

/** Folded steps as layers, named by their kind and counted: {@code conv1}, {@code depthwise1}. */
final class NetworkRow extends Layer implements Chain {
  private final List<Layer> layers = new ArrayList<>();
  private final List<String> description = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  NetworkRow(List<NetworkStep> steps) {
    steps.forEach(this::add);
  }

  private void add(NetworkStep step) {
    switch (step) {
      case Convolution convolution ->
          add(
              convolution.groups() == 1 ? "conv" : "depthwise",
              new FoldedConvolution(convolution),
              "%s, stride %d, zeros around %d and %d, from %s"
                  .formatted(
                      Shapes.text(convolution.weight()),
                      convolution.geometry().stride(),
                      convolution.geometry().before(),
                      convolution.geometry().after(),
                      convolution.from()));
      case Norm norm -> throw new IllegalStateException("a batch norm was not folded: " + norm);
      case Slope(double slope) -> add("slope", new LeakySlope(slope), "slope " + slope);
      case Activation(ActivationLayer learned) -> add(learned);
      case Pool(int size, Conv2d.Geometry geometry) ->
          add(
              "pool",
              new MaxPool2d(size, geometry),
              "greatest of %d×%d, stride %d".formatted(size, size, geometry.stride()));
      case AdaptivePool(int size) ->
          add("pool", new AdaptiveMaxPool2d(size), "greatest of " + size + "×" + size + " windows");
      case Mean(int size) ->
          add(
              "mean",
              new AdaptiveAveragePool(size),
              size == 1 ? "mean of the map" : "means of " + size + "×" + size + " windows");
      case Flattened _ -> add("flatten", new Flatten(), "values in a row");
      case Affine affine -> {
        final Linear linear = new Linear(affine.weight().to(ScalarType.Float));
        linear.load(
            Map.of(
                "weight", affine.weight().to(ScalarType.Float),
                "bias", affine.bias().to(ScalarType.Float)));
        add("linear", linear, Shapes.text(affine.weight()) + ", from " + affine.from());
      }
      case Sum(List<NetworkStep> branch, List<NetworkStep> shortcut) -> {
        final Addition addition = new Addition(new NetworkRow(branch), new NetworkRow(shortcut));
        final String name = add("sum", addition, "branch + shortcut");
        addition.branch.description.forEach(line -> description.add(name + ".branch." + line));
        addition.shortcut.description.forEach(line -> description.add(name + ".shortcut." + line));
      }
      case Product(List<NetworkStep> steps) -> {
        final NetworkRow gate = new NetworkRow(steps);
        final String name = add("product", new Multiplication(gate), "x · gate");
        gate.description.forEach(line -> description.add(name + ".gate." + line));
      }
    }
  }

  /** One set of values goes into the formula; several stay parameters. */
  private void add(ActivationLayer learned) {
    final ActivationFunction function = learned.function();
    if (learned.sets() == 1) {
      final ActivationFunction fixed = FixedFunction.of(function, learned.values()[0]);
      add("activation", new ActivationLayer(fixed, learned.channels()), fixed.formula());
    } else {
      final ActivationLayer copy = new ActivationLayer(function, learned.channels());
      copy.load(learned.state());
      add("activation", copy, "%s, %d sets".formatted(function.formula(), learned.sets()));
    }
  }

  private String add(String kind, Layer layer, String text) {
    final String name = kind + counts.merge(kind, 1, Integer::sum);
    layers.add(child(name, layer));
    description.add(name + ": " + text);
    return name;
  }

  /** A line for each layer: its name, and what it does. */
  List<String> description() {
    return List.copyOf(description);
  }

  @Override
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Sequential.run(x, layers);
  }

  /** branch(x) + shortcut(x). */
  private static final class Addition extends Layer implements Residual {
    private final NetworkRow branch;
    private final NetworkRow shortcut;

    Addition(NetworkRow branch, NetworkRow shortcut) {
      this.branch = child("branch", branch);
      this.shortcut = child("shortcut", shortcut);
    }

    @Override
    public List<Layer> branch() {
      return branch.layers();
    }

    @Override
    public List<Layer> shortcut() {
      return shortcut.layers();
    }

    @Override
    public List<Layer> after() {
      return List.of();
    }

    @Override
    public Tensor forward(Tensor x) {
      return Scopes.inner(() -> branch.forward(x).add(shortcut.forward(x))); // N×C×H×W
    }
  }

  /** x·gate(x). */
  private static final class Multiplication extends Layer implements Gated {
    private final NetworkRow gate;

    Multiplication(NetworkRow gate) {
      this.gate = child("gate", gate);
    }

    @Override
    public List<Layer> gate() {
      return gate.layers();
    }

    @Override
    public Tensor forward(Tensor x) {
      return Scopes.inner(() -> x.mul(gate.forward(x))); // N×C×H×W · N×C×1×1
    }
  }
}
