package org.lslu.torch.deploy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.weights.Safetensors;

/**
 * A trained network reduced to what it computes in evaluation: the same logits up to rounding, with
 * fewer layers.
 *
 * <ul>
 *   <li>Every batch norm is folded into the convolution before it; that of a series activation into
 *       the depth-wise kernel and a bias.
 *   <li>Two convolutions with nothing between them, the second 1×1, are one, where that does not
 *       cost more. So VanillaNet's pairs are merged once their slope is 1; at another slope they
 *       stay apart, with it between them.
 *   <li>An activation whose parameters the layer shares becomes a formula of x alone; LSLU of any
 *       length becomes one line with at most two kinks. It stays in front of the depth-wise
 *       convolution: ω cannot be moved behind it into the bias, since the padding is 0 and not ω.
 *       With several parameter sets, per channel or group, they stay parameters.
 *   <li>Dropout is gone.
 * </ul>
 *
 * <p>All of this is computed in double precision and rounded to float32 once.
 */
public final class DeployedNetwork extends Layer implements Chain {
  private final NetworkRow row;

  private DeployedNetwork(NetworkRow row) {
    this.row = child("", row);
    training(false);
  }

  /**
   * Reduces a network, as it stands; later changes of the network do not reach the result.
   *
   * @param network a {@link Chain} of convolutions, norms, activations, pools and linear maps
   * @throws UserException if it has a layer of a kind that is not known here
   */
  public static DeployedNetwork of(Layer network) {
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      return new DeployedNetwork(new NetworkRow(Folding.fold(NetworkStep.of(network))));
    }
  }

  /** A line for each layer: its name, what it does, and the layers that it stands for. */
  public List<String> description() {
    return row.description();
  }

  /**
   * Writes the weights as safetensors, whole or not at all; {@link #description()} goes with them,
   * as {@code layers}, and {@code form=deployed}.
   *
   * @param file the file
   * @param metadata more that the file is to say, such as the names of the classes
   * @throws UserException if it cannot be written
   */
  public void write(Path file, Map<String, String> metadata) {
    final Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put("form", "deployed");
    all.put("layers", String.join("\n", description()));
    Safetensors.write(file, state(), all);
  }

  @Override
  public List<Layer> layers() {
    return List.of(row);
  }

  @Override
  public Tensor forward(Tensor x) {
    return row.forward(x);
  }
}
