package org.lslu.torch.deploy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.UserException;
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
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.onnx.OnnxAttribute;
import org.lslu.torch.onnx.OnnxFunction;
import org.lslu.torch.onnx.OnnxGraph;
import org.lslu.torch.onnx.OnnxModel;

/**
 * A network in evaluation as an ONNX model of standard operators, from {@value #INPUT} N×C×H×W to
 * {@value #OUTPUT} N×classes with any N.
 *
 * <p>Takes networks as they were trained, layer by layer, and {@linkplain DeployedNetwork deployed}
 * ones.
 */
public final class OnnxNetwork {
  /** The model's input: normalised images. */
  public static final String INPUT = "images";

  /** The model's output. */
  public static final String OUTPUT = "logits";

  private final OnnxGraph graph;
  private int behind = 2; // dimensions after that of the channels
  private int activations;
  private Extent map; // of what the next step takes

  private OnnxNetwork(OnnxGraph graph, Extent map) {
    this.graph = graph;
    this.map = map;
  }

  private record Extent(int height, int width) {
    Extent after(Conv2d.Geometry geometry, int kernel) {
      return new Extent(geometry.output(height, kernel), geometry.output(width, kernel));
    }
  }

  /**
   * What goes in and comes out.
   *
   * @param channels C
   * @param height H
   * @param width W
   * @param classes the number of logits
   */
  public record Signature(int channels, int height, int width, int classes) {}

  /**
   * Makes the model.
   *
   * @param network the network; its weights are copied
   * @param name what readers of the model show as its name
   * @param signature the shapes of input and output
   * @param metadata what else the file is to say, such as the names of the classes
   * @throws UserException if it has a layer of a kind that cannot be exported
   */
  public static OnnxModel of(
      Layer network, String name, Signature signature, Map<String, String> metadata) {
    final OnnxGraph graph = new OnnxGraph(name);
    metadata.forEach(graph::metadata);
    final String images =
        graph.input(
            INPUT,
            "N",
            Integer.toString(signature.channels()),
            Integer.toString(signature.height()),
            Integer.toString(signature.width()));
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      final Extent map = new Extent(signature.height(), signature.width());
      final String logits = new OnnxNetwork(graph, map).add(NetworkStep.of(network), images);
      graph.output(OUTPUT, logits, "N", Integer.toString(signature.classes()));
    }
    return graph.model();
  }

  private String add(List<NetworkStep> steps, String x) {
    String value = x;
    for (final NetworkStep step : boundsBeforePools(steps)) {
      value = add(step, value);
    }
    return value;
  }

  /**
   * The same function, with bounds in front of a max pool and not behind it, where they come to the
   * same: right behind a convolution ONNX Runtime has them from it for nothing.
   */
  private static List<NetworkStep> boundsBeforePools(List<NetworkStep> steps) {
    final List<NetworkStep> ordered = new ArrayList<>(steps);
    for (int i = 1; i + 1 < ordered.size(); i++) {
      if (ordered.get(i - 1) instanceof Convolution
          && (ordered.get(i) instanceof Pool || ordered.get(i) instanceof AdaptivePool)
          && ordered.get(i + 1) instanceof Activation(ActivationLayer layer)
          && bounds(layer).isPresent()) {
        Collections.swap(ordered, i, i + 1);
      }
    }
    return ordered;
  }

  /** The bounds that an activation consists of; empty where it is more than that. */
  private static Optional<ClampedLine> bounds(ActivationLayer layer) {
    return ClampedLine.of(layer.function()).filter(ClampedLine::isPlain);
  }

  private String add(NetworkStep step, String x) {
    return switch (step) {
      case Convolution convolution -> convolution(convolution, x);
      case Norm norm ->
          graph.node(
              "BatchNormalization",
              List.of(
                  x,
                  tensor(norm.from(), "weight", norm.scale()),
                  tensor(norm.from(), "bias", norm.shift()),
                  tensor(norm.from(), "running_mean", norm.mean()),
                  tensor(norm.from(), "running_var", norm.variance())),
              OnnxAttribute.number("epsilon", (float) norm.epsilon()));
      case Slope(double slope) ->
          slope == 0
              ? graph.node("Relu", List.of(x))
              : graph.node("LeakyRelu", List.of(x), OnnxAttribute.number("alpha", (float) slope));
      case Activation(ActivationLayer layer) -> activation(layer, x);
      case Pool(int size, Conv2d.Geometry geometry) -> {
        map = map.after(geometry, size);
        yield maxPool(x, size, geometry);
      }
      case AdaptivePool(int size) -> adaptivePool(x, size);
      case Mean(int size) -> {
        if (size != 1) {
          throw UserException.failure(
              "ONNX has no mean over %d×%d windows of an image of any size; only 1×1 is exported."
                  .formatted(size, size));
        }
        map = new Extent(size, size);
        yield graph.node("GlobalAveragePool", List.of(x));
      }
      case Flattened _ -> {
        behind = 0;
        yield graph.node("Flatten", List.of(x), OnnxAttribute.integer("axis", 1));
      }
      case Affine affine ->
          graph.node(
              "Gemm",
              List.of(
                  x,
                  tensor(affine.from(), "weight", affine.weight()),
                  tensor(affine.from(), "bias", affine.bias())),
              OnnxAttribute.integer("transB", 1));
      case Sum(List<NetworkStep> branch, List<NetworkStep> shortcut) -> {
        final Extent before = map;
        final String other = add(shortcut, x);
        map = before;
        yield graph.node("Add", List.of(add(branch, x), other));
      }
      case Product(List<NetworkStep> gate) -> {
        final Extent before = map;
        final String factors = add(gate, x);
        map = before;
        yield graph.node("Mul", List.of(x, factors));
      }
    };
  }

  private String maxPool(String x, int size, Conv2d.Geometry geometry) {
    return graph.node(
        "MaxPool",
        List.of(x),
        OnnxAttribute.integers("kernel_shape", size, size),
        OnnxAttribute.integers(
            "pads", geometry.before(), geometry.before(), geometry.after(), geometry.after()),
        OnnxAttribute.integers("strides", geometry.stride(), geometry.stride()));
  }

  /**
   * ONNX has no adaptive pool. Where the windows lie side by side it is a pool of their size; where
   * they overlap, the rows and columns of all windows are first put side by side.
   */
  private String adaptivePool(String x, int size) {
    final int height = map.height();
    final int width = map.width();
    map = new Extent(size, size);
    if (height == size && width == size) {
      return x;
    }
    if (height % size == 0 && height == width) {
      return maxPool(x, height / size, Conv2d.Geometry.of(height / size, 0));
    }
    final int window = Math.max(longestWindow(height, size), longestWindow(width, size));
    final String rows =
        graph.node(
            "Gather",
            List.of(x, graph.integers("rows", windows(height, size, window))),
            OnnxAttribute.integer("axis", 2));
    final String both =
        graph.node(
            "Gather",
            List.of(rows, graph.integers("columns", windows(width, size, window))),
            OnnxAttribute.integer("axis", 3));
    return maxPool(both, window, Conv2d.Geometry.of(window, 0));
  }

  private static int longestWindow(int length, int count) {
    int longest = 0;
    for (int i = 0; i < count; i++) {
      longest = Math.max(longest, windowEnd(i, length, count) - i * length / count);
    }
    return longest;
  }

  /** Behind the last row of window i: ⌈(i+1)·length/count⌉. */
  private static int windowEnd(int i, int length, int count) {
    return Math.ceilDiv((i + 1) * length, count);
  }

  /** The rows of each window, the last one again where the window is shorter than the longest. */
  private static long[] windows(int length, int count, int longest) {
    final long[] rows = new long[count * longest];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < longest; k++) {
        rows[i * longest + k] = Math.min(i * length / count + k, windowEnd(i, length, count) - 1);
      }
    }
    return rows;
  }

  private String convolution(Convolution convolution, String x) {
    final Conv2d.Geometry geometry = convolution.geometry();
    final Tensor weight = convolution.weight();
    map = map.after(geometry, (int) weight.size(2));
    return graph.node(
        "Conv",
        List.of(
            x,
            tensor(convolution.from(), "weight", weight),
            tensor(convolution.from(), "bias", convolution.bias())),
        OnnxAttribute.integers("kernel_shape", weight.size(2), weight.size(3)),
        OnnxAttribute.integers(
            "pads", geometry.before(), geometry.before(), geometry.after(), geometry.after()),
        OnnxAttribute.integers("strides", geometry.stride(), geometry.stride()),
        OnnxAttribute.integer("group", convolution.groups()));
  }

  private String activation(ActivationLayer layer, String x) {
    final Optional<ClampedLine> bounds = bounds(layer);
    if (bounds.isPresent()) {
      return clamp(bounds.get(), x);
    }
    final String name = layer.path().isEmpty() ? "activation" + ++activations : layer.path();
    // One set needs no channels: its values are scalars.
    final int channels = layer.sets() == 1 ? 1 : layer.channels();
    return OnnxFunction.of(layer.function())
        .append(graph, x, new OnnxFunction.Values(name, layer.values(), channels, behind));
  }

  /** One node, which ONNX Runtime takes into the convolution before it. */
  private String clamp(ClampedLine bounds, String x) {
    if (bounds.least() == 0 && bounds.most() == Double.POSITIVE_INFINITY) {
      return graph.node("Relu", List.of(x));
    }
    final List<String> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.add(bounds.least() == Double.NEGATIVE_INFINITY ? "" : graph.scalar(bounds.least()));
    if (bounds.most() < Double.POSITIVE_INFINITY) {
      inputs.add(graph.scalar(bounds.most()));
    }
    return graph.node("Clip", inputs);
  }

  private String tensor(String from, String name, Tensor values) {
    final Tensor plain = values.to(ScalarType.Float).contiguous();
    final float[] all = new float[Math.toIntExact(plain.numel())];
    plain.data_ptr_float().get(all);
    return graph.initializer(from + "." + name, all, Shapes.of(values));
  }
}
