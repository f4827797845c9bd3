package org.lslu.torch.layer;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.torch.Shapes;

/**
 * What each layer of a network holds and costs.
 *
 * @param rows the layers that hold parameters or multiply, in the order of {@link Layer#walk}
 */
public record Summary(List<Row> rows) {
  private static final ScopedValue<Map<Layer, Cost>> COSTS = ScopedValue.newInstance();

  /** Copies the rows. */
  public Summary {
    rows = List.copyOf(rows);
  }

  /**
   * One layer.
   *
   * @param layer its kind and place, such as {@code Conv2d stem1.0}
   * @param parameters trainable values in the layer itself, without those below it
   * @param multiplyAdds multiply-adds of convolutions and linear maps for one call; activations,
   *     norms and pools are not counted
   * @param output shape of its last output, such as {@code 1×64×16×16}; empty where it counts none
   */
  public record Row(String layer, long parameters, long multiplyAdds, String output) {}

  private record Cost(long multiplyAdds, String output) {
    Cost plus(Cost other) {
      return new Cost(multiplyAdds + other.multiplyAdds(), other.output());
    }
  }

  /**
   * Calls a network once, in evaluation and with zeros, and adds up.
   *
   * @param network the network; its state and its mode stay as they are
   * @param shape shape of its input, such as 1×3×32×32
   */
  public static Summary of(Layer network, long... shape) {
    Map<Layer, Cost> costs = new IdentityHashMap<>();
    List<Layer> trained = network.walk().filter(Layer::training).toList();
    network.training(false);
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      ScopedValue.where(COSTS, costs).run(() -> network.forward(torch.zeros(shape)));
    } finally {
      trained.forEach(layer -> layer.trainingHere(true));
    }
    List<Row> rows = new ArrayList<>();
    network
        .walk()
        .forEach(
            layer -> {
              Cost cost = costs.getOrDefault(layer, new Cost(0, ""));
              long parameters = layer.ownParameterCount();
              if (parameters > 0 || cost.multiplyAdds() > 0) {
                rows.add(new Row(layer.toString(), parameters, cost.multiplyAdds(), cost.output()));
              }
            });
    return new Summary(rows);
  }

  /** All trainable values. */
  public long parameters() {
    return rows.stream().mapToLong(Row::parameters).sum();
  }

  /** All multiply-adds of one call. */
  public long multiplyAdds() {
    return rows.stream().mapToLong(Row::multiplyAdds).sum();
  }

  static void count(Layer layer, Tensor y, long terms) {
    if (COSTS.isBound()) {
      COSTS.get().merge(layer, new Cost(y.numel() * terms, Shapes.text(y)), Cost::plus);
    }
  }
}
