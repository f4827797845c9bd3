package org.lslu.benchmark.step;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.lslu.torch.Scopes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.SeriesActivation;

/*
 * Backward, in the whole step and not in isolation: a hook on the output y of every layer notes
 * when the gradient of y is about to be used. On the processor autograd runs its nodes one after the
 * other in this thread, the node of the latest forward first, and a node's parameter gradients are
 * taken up at once; so from one such moment to the next the layer of the first was at work. What
 * belongs to no layer (the sum of a residual block) counts for the layer whose gradient was used
 * last.
 */
/** Where the time of forward and backward goes, by kind of layer. */
final class LayerTimes {
  private static final String LOSS = "loss";

  private final SequencedMap<String, Long> forward = new LinkedHashMap<>();
  private final SequencedMap<String, Long> backward = new LinkedHashMap<>();
  private final Map<Layer, Arrival> arrivals = new IdentityHashMap<>();
  private String working = LOSS;
  private long since;

  /** Notes when the gradient of a layer's output arrives; one for a layer, kept for all steps. */
  private final class Arrival extends VoidTensorHook {
    private final String kind;

    Arrival(String kind) {
      super();
      this.kind = kind;
    }

    @Override
    public void call(TensorBase gradient) {
      gradientUsed(kind);
    }
  }

  private void gradientUsed(String kind) {
    final long now = System.nanoTime();
    backward.merge(working, now - since, Long::sum);
    working = kind;
    since = now;
  }

  /** The network's output, its layers called one by one as it would call them. */
  Tensor forward(Layer network, Tensor x) {
    forward.clear();
    return through(network, x);
  }

  private Tensor through(Layer layer, Tensor x) {
    return switch (layer) {
      case SeriesActivation whole -> timed(whole, x); // one operation, whatever it is made of
      case Chain chain -> inTurn(chain.layers(), x);
      case Residual block -> {
        final Tensor sum =
            Scopes.inner(() -> inTurn(block.branch(), x).add(inTurn(block.shortcut(), x)));
        yield inTurn(block.after(), sum);
      }
      default -> timed(layer, x);
    };
  }

  private Tensor inTurn(List<Layer> layers, Tensor x) {
    final List<UnaryOperator<Tensor>> steps = new ArrayList<>();
    for (final Layer layer : layers) {
      steps.add(input -> through(layer, input));
    }
    return Scopes.chain(x, steps);
  }

  private Tensor timed(Layer layer, Tensor x) {
    final long start = System.nanoTime();
    final Tensor y = layer.forward(x);
    forward.merge(kind(layer), System.nanoTime() - start, Long::sum);
    if (y != x && y.requires_grad()) {
      y.register_hook(arrivals.computeIfAbsent(layer, this::kept));
    }
    return y;
  }

  /** Not freed with the step's tensors. */
  private Arrival kept(Layer layer) {
    return Scopes.outside(() -> new Arrival(kind(layer)));
  }

  /** What a layer is called in the table. */
  static String kind(Layer layer) {
    return switch (layer) {
      case Conv2d convolution -> {
        final Tensor weight = convolution.tensor("weight");
        yield "Conv2d %d×%d".formatted(weight.size(2), weight.size(3));
      }
      case ActivationLayer activation -> activation.function().id();
      default -> layer.getClass().getSimpleName();
    };
  }

  /** Runs a backward pass and notes what it spends on which layers. */
  void backward(Runnable pass) {
    backward.clear();
    working = LOSS;
    since = System.nanoTime();
    pass.run();
    gradientUsed(LOSS);
  }

  /** Nanoseconds of the last forward pass by kind of layer. */
  Map<String, Long> forward() {
    return forward;
  }

  /** Nanoseconds of the last backward pass by kind of layer. */
  Map<String, Long> backward() {
    return backward;
  }
}
