package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.DataSource;
import org.lslu.train.data.ImageFit;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.Interpolation;

class ImageSizeTest {

  @Test
  void imageSize_holdsForDataThatHasASizeOfItsOwn() {
    final DataSet own = DataSource.parse("sample").load();
    final DataSet wanted = data(40, 0.8).load();

    assertThat(wanted.shape()).isEqualTo(new ImageShape(1, 40, 40));
    assertThat(wanted.train().image(7))
        .isEqualTo(own.train().resized(40, new ImageFit(Interpolation.BICUBIC, 1)).image(7));
    assertThat(wanted.validation().image(7))
        .isEqualTo(own.validation().resized(40, new ImageFit(Interpolation.BICUBIC, 0.8)).image(7));
    assertThat(data(0, 1).load().validation().image(7)).isEqualTo(own.validation().image(7));
    assertThat(data(0, 0.8).load().validation().image(7))
        .as("a crop at the images' own size")
        .isEqualTo(own.validation().resized(28, new ImageFit(Interpolation.BICUBIC, 0.8)).image(7));
  }

  private static RunSettings.Data data(int imageSize, double cropPercentage) {
    return new RunSettings.Data(
        "sample", 0, imageSize, "bicubic", cropPercentage, 0.1, 0, false, 0);
  }
}
