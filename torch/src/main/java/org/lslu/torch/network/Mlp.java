package org.lslu.torch.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.Catalogue;
import org.lslu.function.UserException;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Flatten;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.Sequential;

/**
 * Linear maps with activations in between: y = W₂·A(W₁·x + b₁) + b₂ for one hidden layer.
 *
 * <p>Images are flattened. Each activation is followed by dropout. Weights before an activation
 * start by He's rule, the last ones normal with deviation 1/√features, biases at 0. Names in the
 * state: {@code linear1}, {@code act1}, {@code linear2}, …, {@code head}.
 */
public final class Mlp extends Network implements Chain {
  private static final ActivationPositions.Usual USUAL =
      new ActivationPositions.Usual(Catalogue.function("relu"), ActivationPlaces.Form.POINTWISE);

  private final List<Layer> layers = new ArrayList<>();

  /**
   * Makes a network.
   *
   * @param settings all but the name, the stem's stride and the series is used
   * @param activations makes its activations, for N×features
   * @throws UserException if the series form is wanted
   */
  Mlp(NetworkSettings settings, ActivationFactory activations) {
    super(settings, activations, USUAL);
    if (settings.places().form() == ActivationPlaces.Form.SERIES) {
      throw UserException.argument(
          "An MLP has no maps for the depth-wise convolution of a series; use the pointwise form.");
    }
    Initialiser initialiser = initialiser();
    int features =
        Math.multiplyExact(
            settings.inputChannels(),
            Math.multiplyExact(settings.imageSize(), settings.imageSize()));
    add("flatten", new Flatten());
    for (int i = 0; i < settings.hidden().size(); i++) {
      int next = settings.scaled(settings.hidden().get(i));
      String number = Integer.toString(i + 1);
      add("linear" + number, new Linear(initialiser.heNormal(features, next, features)));
      add("act" + number, positions().next("act" + number, next));
      add("dropout" + number, new Dropout(settings.dropout()));
      features = next;
    }
    add(
        "head",
        new Linear(
            initialiser.truncatedNormal(1 / Math.sqrt(features), settings.classes(), features)));
  }

  private void add(String name, Layer layer) {
    layers.add(child(name, layer));
  }

  @Override
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Sequential.run(x, layers); // N×C×H×W → N×classes
  }
}
