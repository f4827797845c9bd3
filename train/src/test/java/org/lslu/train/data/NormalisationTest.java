package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalisationTest {

  @ParameterizedTest
  @CsvSource({"1,1,1,2", "3,5,7,11", "2,13,1,3", "3,32,32,17"})
  void measured_equalsTwoPassesInDouble(int channels, int height, int width, int count) {
    long seed = 31;
    ImageShape shape = new ImageShape(channels, height, width);
    ImageSet set = Fixtures.images(seed, count, shape, 1);
    Normalisation measured = Normalisation.measuredOn(set);
    for (int c = 0; c < channels; c++) {
      double mean = 0;
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < shape.plane(); k++) {
          mean += (set.image(i)[c * shape.plane() + k] & 0xff) / 255.0;
        }
      }
      mean /= (double) count * shape.plane();
      double variance = 0;
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < shape.plane(); k++) {
          double value = (set.image(i)[c * shape.plane() + k] & 0xff) / 255.0;
          variance += (value - mean) * (value - mean);
        }
      }
      variance /= (double) count * shape.plane();
      assertThat(measured.mean()[c]).as("seed %d", seed).isCloseTo(mean, within(1e-12));
      assertThat(measured.deviation()[c])
          .as("seed %d", seed)
          .isCloseTo(Math.sqrt(variance), within(1e-12));
    }
  }

  @Test
  void apply_isTheFormulaRoundedOnce_forEveryPixelValue() {
    double[] mean = {0.1, 0.5};
    double[] deviation = {0.3, 1.7};
    Normalisation normalisation = Normalisation.of(mean, deviation);
    byte[] image = new byte[512];
    for (int p = 0; p < 256; p++) {
      image[p] = (byte) p;
      image[256 + p] = (byte) p;
    }
    float[] out = normalisation.apply(image, new ImageShape(2, 16, 16));
    for (int c = 0; c < 2; c++) {
      for (int p = 0; p < 256; p++) {
        assertThat(out[256 * c + p]).isEqualTo((float) ((p / 255.0 - mean[c]) / deviation[c]));
      }
    }
  }

  @Test
  void measured_makesMeanZeroAndDeviationOne() {
    ImageShape shape = new ImageShape(3, 7, 9);
    ImageSet set = Fixtures.images(32, 50, shape, 1);
    Normalisation normalisation = Normalisation.measuredOn(set);
    for (int c = 0; c < 3; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < set.size(); i++) {
        float[] out = normalisation.apply(set.image(i), shape);
        for (int k = c * 63; k < (c + 1) * 63; k++) {
          sum += out[k];
          squares += (double) out[k] * out[k];
        }
      }
      assertThat(sum / (50 * 63)).isCloseTo(0, within(1e-6));
      assertThat(squares / (50 * 63)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void constantChannel_hasDeviationOne() {
    ImageSet set =
        ImageSet.of(
            new ImageShape(1, 1, 3), List.of("a"), new byte[][] {{51, 51, 51}}, new int[] {0});
    Normalisation normalisation = Normalisation.measuredOn(set);
    assertThat(normalisation.mean()).containsExactly(0.2);
    assertThat(normalisation.deviation()).containsExactly(1);
    assertThat(normalisation.apply(set.image(0), set.shape())).containsExactly(0, 0, 0);
  }

  @Test
  void arrays_giveTheSameNormalisationBack() {
    Normalisation measured =
        Normalisation.measuredOn(Fixtures.images(33, 5, new ImageShape(3, 3, 5), 1));
    Normalisation again = Normalisation.of(measured.mean(), measured.deviation());
    assertThat(again).isEqualTo(measured).hasSameHashCodeAs(measured);
    measured.mean()[0] = 99;
    assertThat(measured).isEqualTo(again);
    assertThat(Normalisation.of(new double[] {0.5}, new double[] {1})).isNotEqualTo(measured);
  }

  @Test
  void of_rejectsWhatCannotNormalise() {
    double[] one = {1};
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Normalisation.of(one, new double[] {bad}))
          .withMessageContaining("channel 0 has mean 1.0 and deviation " + bad);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Normalisation.of(new double[] {Double.NaN}, one));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Normalisation.of(new double[2], one))
        .withMessageContaining("found 2 means and 1 deviations");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Normalisation.of(new double[0], new double[0]));
  }

  @Test
  void apply_rejectsOtherShapes() {
    Normalisation grey = Normalisation.of(new double[] {0}, new double[] {1});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grey.apply(new byte[12], new ImageShape(3, 2, 2)))
        .withMessage("This normalisation is for 1 channels; the images are 3×2×2.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grey.apply(new byte[3], new ImageShape(1, 2, 2)))
        .withMessage("The image has 3 values; 1×2×2 needs 4.");
  }

  @Test
  void measuredOn_noImages_isRejected() {
    ImageSet none = Fixtures.images(34, 4, new ImageShape(1, 2, 2), 1).subset();
    assertThatIllegalArgumentException().isThrownBy(() -> Normalisation.measuredOn(none));
  }
}
