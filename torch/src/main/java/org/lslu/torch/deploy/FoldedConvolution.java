package org.lslu.torch.deploy;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.torch.layer.Conv2d;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.ParameterRole;

/**
 * y = W*x + b, a convolution that stands for several layers; plain or depth-wise.
 *
 * <p>Input N×C×H×W, output N×O×H'×W'. Parameters: {@code weight} O×(C/groups)×K×K, {@code bias} O.
 */
final class FoldedConvolution extends Layer {
  private final Tensor weight;
  private final TensorOptional bias;
  private final Conv2d.Geometry geometry;
  private final int groups;

  FoldedConvolution(NetworkStep.Convolution step) {
    weight = parameter("weight", step.weight().to(ScalarType.Float), ParameterRole.WEIGHT);
    bias = optional(parameter("bias", step.bias().to(ScalarType.Float), ParameterRole.BIAS));
    geometry = step.geometry();
    groups = step.groups();
  }

  Conv2d.Geometry geometry() {
    return geometry;
  }

  int groups() {
    return groups;
  }

  @Override
  public Tensor forward(Tensor x) {
    requireImage(x, weight.size(1) * groups);
    requireType(x, weight);
    final int before = geometry.before();
    final int after = geometry.after();
    Tensor padded = x;
    int padding = before;
    if (before != after) { // LibTorch's convolution pads both sides alike.
      padded = torch.constant_pad_nd(x, new long[] {before, after, before, after}, new Scalar(0.0));
      padding = 0;
    }
    final Tensor y =
        torch.conv2d( // N×O×H'×W'
            padded,
            weight,
            bias,
            new long[] {geometry.stride(), geometry.stride()},
            new long[] {padding, padding},
            new long[] {1, 1},
            groups);
    return counted(y, weight.numel() / weight.size(0));
  }
}
