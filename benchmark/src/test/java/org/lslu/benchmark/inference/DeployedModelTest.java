package org.lslu.benchmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Catalogue;
import org.lslu.torch.LibTorch;

class DeployedModelTest {
  private static final long SEED = 11;

  @ParameterizedTest
  @ValueSource(strings = {"relu", "lslu(n=3)", "gelu"})
  void model_hasTheLogitsOfItsNetwork(String function) {
    LibTorch.start();
    final int count = 2;
    final Random random = new Random(SEED);
    final float[] images = new float[count * DeployedModel.values()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    try (DeployedModel model = DeployedModel.of(1.0 / 32, Catalogue.function(function), 1);
        PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      final Tensor expected = model.network().forward(Tensor.create(images, count, 3, 32, 32));
      final float[] found = model.logits(FloatBuffer.wrap(images), count);

      assertThat(found).hasSize(count * 10);
      for (int i = 0; i < found.length; i++) {
        final double logit = expected.view(-1).select(0, i).item_double();
        assertThat((double) found[i])
            .as("logit %d of %s, seed %d", i, function, SEED)
            .isCloseTo(logit, within(1e-4 * Math.max(1, Math.abs(logit))));
      }
    }
  }
}
