package org.lslu.torch.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.lslu.torch.Scopes;

/**
 * y = layerₙ(… layer₁(x)).
 *
 * <p>The children are named 0, 1, 2, … . Outputs in between are freed as soon as the next layer has
 * run, apart from what autograd needs.
 */
public final class Sequential extends Layer implements Chain {
  private final List<Layer> layers = new ArrayList<>();

  /**
   * Puts layers in a row.
   *
   * @param layers the first is called first; none for y = x
   */
  public Sequential(Layer... layers) {
    for (Layer layer : layers) {
      this.layers.add(child(Integer.toString(this.layers.size()), layer));
    }
  }

  @Override
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    return run(x, layers);
  }

  /**
   * layerₙ(… layer₁(x)), freeing what is in between as {@link Sequential} does.
   *
   * @return the last output, which belongs to the surrounding scope
   */
  public static Tensor run(Tensor x, List<Layer> layers) {
    return Scopes.chain(x, steps(flat(layers), false));
  }

  /**
   * after(layerₙ(… layer₁(x)) + shortcut(x)). A batch norm at the end of the row takes the sum and
   * what is behind it into its own passes.
   *
   * @param x the input of both sides
   * @param layers the row
   * @param shortcut what is beside it
   * @param after what the sum goes through
   * @return the last output, which belongs to the surrounding scope
   */
  public static Tensor residual(Tensor x, List<Layer> layers, Layer shortcut, Layer after) {
    return Scopes.inner(
        () -> {
          if (!layers.isEmpty() && layers.getLast() instanceof BatchNorm2d norm) {
            List<Layer> before = layers.subList(0, layers.size() - 1);
            Tensor branch = Scopes.chain(x, steps(flat(before), true));
            return norm.forward(branch, shortcut.forward(x), after);
          }
          return after.forward(run(x, layers).add(shortcut.forward(x)));
        });
  }

  /** The layers with those of rows within the row in their place. */
  private static List<Layer> flat(List<Layer> layers) {
    if (layers.stream().noneMatch(Sequential.class::isInstance)) {
      return layers;
    }
    List<Layer> flat = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Sequential row) {
        flat.addAll(flat(row.layers));
      } else {
        flat.add(layer);
      }
    }
    return flat;
  }

  /**
   * One step a layer; a batch norm takes the layer behind it into its own step, and what is before
   * it as it is.
   *
   * @param isBeforeNorm whether what is behind the row is a batch norm
   */
  private static List<UnaryOperator<Tensor>> steps(List<Layer> layers, boolean isBeforeNorm) {
    List<UnaryOperator<Tensor>> steps = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (layer instanceof BatchNorm2d norm
          && i + 1 < layers.size()
          && layers.get(i + 1) instanceof Pointwise) {
        Layer next = layers.get(++i);
        steps.add(x -> norm.forward(x, next));
      } else if (layer instanceof AffineLayer affine && isNorm(layers, i + 1, isBeforeNorm)) {
        steps.add(affine::narrow);
      } else {
        steps.add(layer::forward);
      }
    }
    return steps;
  }

  private static boolean isNorm(List<Layer> layers, int place, boolean isBeforeNorm) {
    return place == layers.size() ? isBeforeNorm : layers.get(place) instanceof BatchNorm2d;
  }
}
