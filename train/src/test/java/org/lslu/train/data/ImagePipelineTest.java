package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ImagePipelineTest {
  private static final long SEED = 76;
  private static final ImageShape SHAPE = new ImageShape(3, 13, 13);
  private static final Normalisation NORMALISATION =
      Normalisation.of(new double[] {0.5, 0.4, 0.3}, new double[] {0.2, 0.25, 0.3});
  private static final Augmentation PLACED = new Augmentation(2, true);
  private static final RandAugment POLICY = RandAugment.parse("rand-m7-mstd0.5-inc1");
  private static final Erasing ERASING = Erasing.of(0.5, Erasing.Mode.CONST);

  @Test
  void parts_followEachOther_inTheOrderOfTheRecipe() {
    Augmentation all = PLACED.with(POLICY).with(ColourJitter.of(0.4)).with(ERASING);
    for (int image = 0; image < 200; image++) {
      byte[] pixels = image(image);
      Canvas canvas = new Canvas(SHAPE, new int[] {128, 102, 77});
      Placement.draw(2, true, RandomStream.of(SEED, 3, image)).cut(pixels, SHAPE, canvas.pixels());
      POLICY.apply(canvas, RandomStream.of(SEED, 3, image, 1));
      ColourJitter.of(0.4).apply(canvas, RandomStream.of(SEED, 3, image, 2));
      float[] truth = NORMALISATION.apply(canvas.pixels(), SHAPE);
      ERASING.apply(truth, SHAPE, RandomStream.of(SEED, 3, image, 3));
      assertThat(prepared(all, image)).as("image %d", image).containsExactly(truth);
    }
  }

  @Test
  void onePart_changesNothingAboutWhatTheOthersDraw() {
    int erased = 0;
    for (int image = 0; image < 100; image++) {
      float[] with = prepared(PLACED.with(POLICY).with(ERASING), image);
      float[] without = prepared(PLACED.with(POLICY), image);
      for (int k = 0; k < with.length; k++) {
        if (with[k] == 0) {
          erased++;
        } else {
          assertThat(with[k]).as("image %d", image).isEqualTo(without[k]);
        }
      }
    }
    assertThat(erased).isPositive();
  }

  @Test
  void anImage_isLeftAsItIs_andTheMemoryOfTheOneBeforeDoesNotMatter() {
    Augmentation all =
        PLACED
            .with(Crop.Resized.usual(Interpolation.BICUBIC))
            .with(POLICY)
            .with(ColourJitter.of(0.4))
            .with(ERASING);
    ImagePipeline used = new ImagePipeline(all, NORMALISATION, SHAPE, SEED, 3);
    float[] out = new float[SHAPE.values()];
    for (int image = 0; image < 100; image++) {
      byte[] pixels = image(image);
      used.prepare(pixels, image, out);
      assertThat(pixels).containsExactly(image(image));
      assertThat(out).as("image %d", image).containsExactly(prepared(all, image));
    }
  }

  @Test
  void resizedCrop_isMirroredInHalfOfTheCases() {
    // One row of two colours: with the whole image as the window, only the flip is left.
    ImageShape shape = new ImageShape(1, 2, 2);
    byte[] image = {10, 20, 10, 20};
    Augmentation whole =
        new Augmentation(0, true).with(new Crop.Resized(1, 1, 1, 1, Interpolation.BILINEAR));
    Normalisation plain = Normalisation.of(new double[] {0}, new double[] {1});
    int mirrored = 0;
    for (int number = 0; number < 1000; number++) {
      float[] out = new float[4];
      new ImagePipeline(whole, plain, shape, SEED, 0).prepare(image, number, out);
      boolean turned = out[0] > out[1];
      assertThat(out)
          .containsExactly(plain.apply(turned ? new byte[] {20, 10, 20, 10} : image, shape));
      mirrored += turned ? 1 : 0;
    }
    assertThat(mirrored).as("half of 1000, deviation 16").isBetween(420, 580);
  }

  private static float[] prepared(Augmentation augmentation, int image) {
    float[] out = new float[SHAPE.values()];
    new ImagePipeline(augmentation, NORMALISATION, SHAPE, SEED, 3)
        .prepare(image(image), image, out);
    return out;
  }

  private static byte[] image(int number) {
    return Fixtures.bytes(new Random(number), SHAPE.values());
  }
}
