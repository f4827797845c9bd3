package org.lslu.train.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lslu.function.UserException;
import org.lslu.train.data.ImageFit;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.Interpolation;
import org.lslu.train.data.Normalisation;
import org.lslu.train.run.RunFile;

class AgreementTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);

  /** Two pixels are two logits; so many images that the last batch is a short one. */
  private static ImageSet images() {
    final int count = 501;
    final byte[][] pixels = new byte[count][];
    final int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = new byte[] {(byte) (i % 2 * 100), 50};
      labels[i] = i % 3 == 0 ? 0 : 1;
    }
    return ImageSet.of(SHAPE, List.of("a", "b"), pixels, labels);
  }

  private static float[] shifted(float[] images, float shift) {
    final float[] logits = images.clone();
    for (int i = 0; i < logits.length; i += 2) {
      logits[i] += shift;
    }
    return logits;
  }

  private static Agreement.OnImages compare(float shift) {
    return Agreement.on(
        images(),
        Normalisation.of(new double[] {0}, new double[] {1.0 / 255}),
        (images, _) -> images,
        (images, _) -> shifted(images, shift));
  }

  @Test
  void sameLogits_agree() {
    final Agreement.OnImages found = compare(0);
    assertThat(found.agreement()).isEqualTo(new Agreement(501, 0, 100, 0));
    assertThat(found.agreement().holds()).isTrue();
    // Class 0 wins for odd i; of 501 labels every third is 0.
    assertThat(found.top1()).isEqualTo((83.0 + 167) / 501, within(1e-12));
    assertThat(found.otherTop1()).isEqualTo(found.top1());
  }

  @Test
  void anotherClass_isCounted() {
    final Agreement.OnImages found = compare(60);
    assertThat(found.agreement().classifiedDifferently()).isEqualTo(251);
    assertThat(found.agreement().largestDifference()).isEqualTo(60);
    assertThat(found.agreement().holds()).isFalse();
    assertThat(found.otherTop1()).isEqualTo(167.0 / 501, within(1e-12));
  }

  @Test
  void bound_isRelativeAboveOneAlone() {
    assertThat(new Agreement(9, 9e-5, 0.1, 0).holds()).isTrue();
    assertThat(new Agreement(9, 1.1e-4, 0.1, 0).holds()).isFalse();
    assertThat(new Agreement(9, 1.9e-3, 20, 0).holds()).isTrue();
    assertThat(new Agreement(9, 2.1e-3, 20, 0).holds()).isFalse();
    assertThat(new Agreement(9, 0, 1, 1).holds()).isFalse();
  }

  @Test
  void notANumber_doesNotAgree() {
    final Agreement found =
        Agreement.onNoise(SHAPE, (images, _) -> images, (images, _) -> shifted(images, Float.NaN));
    assertThat(found.isClose()).isFalse();
  }

  @Test
  void noise_comesInBatchesOfSeveralSizes() {
    final List<Integer> sizes = new ArrayList<>();
    final Classifier first =
        (images, count) -> {
          sizes.add(count);
          return images;
        };
    assertThat(Agreement.onNoise(SHAPE, first, first).images()).isEqualTo(16);
    assertThat(sizes).containsExactly(1, 1, 2, 2, 13, 13);
  }

  @Test
  void card_isReadAsItWasWritten() {
    final ModelCard card =
        new ModelCard(
            "mlp",
            "relu",
            "deployed",
            new RunFile.Images(
                "birds",
                "",
                3,
                5,
                7,
                List.of("tit, great", "\"owl\"", "köd"),
                new double[] {0.1, 0.2, 1.0 / 3},
                new double[] {1, 2, 3}),
            new ImageFit(Interpolation.BICUBIC, 0.875));
    final ModelCard read = ModelCard.read("x.onnx", card.metadata());
    assertThat(read.metadata()).isEqualTo(card.metadata());
    assertThat(read.images().classes()).isEqualTo(card.images().classes());
    assertThat(read.images().mean()).isEqualTo(card.images().mean());
    assertThat(read.fit()).isEqualTo(card.fit());
  }

  @Test
  void foreignFile_isToldApart() {
    assertThatThrownBy(() -> ModelCard.read("x.onnx", Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("x.onnx does not say its image shape");
  }
}
