package org.lslu.torch.deploy;

import java.util.List;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Chain;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.DepthwiseConv2d;
import org.lslu.torch.layer.Dropout;
import org.lslu.torch.layer.Gated;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.MaxPool2d;
import org.lslu.torch.layer.Residual;
import org.lslu.torch.layer.StochasticDepth;
import org.lslu.torch.layer.Summary;

/**
 * How large a network is.
 *
 * @param layers all that do something in evaluation
 * @param convolutions of these, convolutions and linear maps
 * @param norms of these, batch norms
 * @param parameters trainable values; in a deployed network the weights, biases and the activation
 *     parameters that are left
 * @param multiplyAdds of convolutions and linear maps, for one image
 */
public record NetworkSize(
    int layers, int convolutions, int norms, long parameters, long multiplyAdds) {
  /**
   * Measures a network.
   *
   * @param network the network
   * @param shape shape of its input, such as 1×3×32×32
   */
  public static NetworkSize of(Layer network, long... shape) {
    final List<Layer> all = network.walk().filter(NetworkSize::works).toList();
    final Summary summary = Summary.of(network, shape);
    return new NetworkSize(
        all.size(),
        (int) all.stream().filter(NetworkSize::isLinear).count(),
        (int) all.stream().filter(BatchNorm2d.class::isInstance).count(),
        summary.parameters(),
        summary.multiplyAdds());
  }

  private static boolean works(Layer layer) {
    return switch (layer) {
      case Chain _, Residual _, Gated _, Dropout _, StochasticDepth _ -> false;
      case LeakySlope slope -> slope.slope() != 1;
      case MaxPool2d pool -> !pool.changesNothing();
      default -> true;
    };
  }

  private static boolean isLinear(Layer layer) {
    return layer instanceof Conv2d
        || layer instanceof DepthwiseConv2d
        || layer instanceof FoldedConvolution
        || layer instanceof Linear;
  }
}
