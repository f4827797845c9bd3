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
    return Scopes.chain(x, layers.stream().map(Sequential::step).toList());
  }

  private static UnaryOperator<Tensor> step(Layer layer) {
    return layer::forward;
  }
}
