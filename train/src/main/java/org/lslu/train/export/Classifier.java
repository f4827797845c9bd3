package org.lslu.train.export;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.lslu.torch.layer.Layer;
import org.lslu.train.data.ImageShape;

/** Something that gives logits for images, whatever runs it. */
@FunctionalInterface
public interface Classifier {
  /**
   * The logits of some images.
   *
   * @param images N×C×H×W normalised values
   * @param count N
   * @return N×classes
   */
  float[] logits(float[] images, int count);

  /** A network of LibTorch layers, put into evaluation mode. */
  static Classifier of(Layer network, ImageShape shape) {
    network.training(false);
    return (images, count) -> {
      try (NoGradGuard off = new NoGradGuard();
          PointerScope scope = new PointerScope()) {
        final Tensor x =
            Tensor.create(images, count, shape.channels(), shape.height(), shape.width());
        final Tensor logits =
            network.forward(x.contiguous(MemoryFormat.ChannelsLast)).contiguous(); // N×classes
        final float[] values = new float[Math.toIntExact(logits.numel())];
        logits.data_ptr_float().get(values);
        return values;
      }
    };
  }
}
