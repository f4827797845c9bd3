package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lslu.function.UserException;

/** The values are Pillow's: see {@link PillowAgreementTest}. */
class ResizedSetTest {
  private static final ImageFit BICUBIC = fit(Interpolation.BICUBIC, 1);
  private static final ImageSet SET = Fixtures.images(77, 7, new ImageShape(3, 10, 13), 3);

  @Test
  void resized_keepsLabelsAndClasses_throughSubsetsAndChannels() {
    ImageSet resized = SET.resized(16, BICUBIC);
    assertThat(resized.shape()).isEqualTo(new ImageShape(3, 16, 16));
    assertThat(resized.size()).isEqualTo(7);
    assertThat(resized.countsByClass()).isEqualTo(SET.countsByClass());
    assertThat(resized.subset(5, 2).image(0)).isEqualTo(resized.image(5));
    assertThat(resized.subset(5, 2).label(1)).isEqualTo(SET.label(2));
    ImageSet grey = resized.withChannels(1);
    assertThat(grey.shape()).isEqualTo(new ImageShape(1, 16, 16));
    assertThat(grey.image(3)).isEqualTo(Channels.convert(resized.image(3), resized.shape(), 1));
    assertThat(Normalisation.measuredOn(resized).channels()).isEqualTo(3);
  }

  @Test
  void resized_ofAResizedSet_isBothInTurn() {
    ImageSet once = SET.resized(20, fit(Interpolation.BICUBIC, 0.9));
    ImageSet stored =
        ImageSet.of(once.shape(), SET.classNames(), new byte[][] {once.image(4)}, new int[] {0});
    assertThat(once.resized(9, fit(Interpolation.BILINEAR, 1)).image(4))
        .isEqualTo(stored.resized(9, fit(Interpolation.BILINEAR, 1)).image(0));
  }

  @Test
  void resized_toTheSameSquare_isTheSameSet() {
    ImageSet square = Fixtures.images(78, 2, new ImageShape(1, 8, 8), 2);
    assertThat(square.resized(8, BICUBIC)).isSameAs(square);
    assertThat(square.resized(8, fit(Interpolation.BICUBIC, 0.5))).isNotSameAs(square);
  }

  @Test
  void dataSet_cutsHeldOutImagesOnly() {
    ImageSet square = Fixtures.images(79, 2, new ImageShape(1, 8, 8), 2);
    DataSet set = new DataSet("test", square, square).resized(8, fit(Interpolation.BICUBIC, 0.5));
    assertThat(set.train().image(0)).isEqualTo(square.image(0));
    assertThat(set.validation().image(0))
        .isEqualTo(square.resized(8, fit(Interpolation.BICUBIC, 0.5)).image(0))
        .isNotEqualTo(square.image(0));
    assertThat(set.shape()).isEqualTo(square.shape());
  }

  @Test
  void dataSet_keepsItsTestPartAndWhatIsKnownOfTheFiles() {
    ImageSet square = Fixtures.images(79, 2, new ImageShape(1, 8, 8), 2);
    ImageFit half = fit(Interpolation.BICUBIC, 0.5);
    DataSet set =
        new DataSet("test", square, square, Optional.of(square), List.of(), List.of("a note"))
            .resized(8, half);
    assertThat(set.part(DataPart.TEST).image(1)).isEqualTo(square.resized(8, half).image(1));
    assertThat(set.notes()).containsExactly("a note");
  }

  @Test
  void impossibleSize_isAUserMistake() {
    assertThatThrownBy(() -> SET.resized(0, BICUBIC))
        .isInstanceOf(UserException.class)
        .hasMessage("The image size must be at least 1; found 0.");
  }

  private static ImageFit fit(Interpolation interpolation, double cropPercentage) {
    return new ImageFit(interpolation, cropPercentage);
  }
}
