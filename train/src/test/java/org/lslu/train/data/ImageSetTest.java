package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.UserException;

class ImageSetTest {
  private static final List<String> NAMES = List.of("a", "b");

  @Test
  void grey_asColour_isRepeatedInEachPlane() {
    ImageSet grey =
        ImageSet.of(
            new ImageShape(1, 1, 3), NAMES, new byte[][] {{1, (byte) 200, 3}}, new int[] {1});
    ImageSet colour = grey.withChannels(3);
    assertThat(colour.shape()).isEqualTo(new ImageShape(3, 1, 3));
    assertThat(colour.image(0))
        .containsExactly(1, (byte) 200, 3, 1, (byte) 200, 3, 1, (byte) 200, 3);
    assertThat(colour.label(0)).isEqualTo(1);
    assertThat(colour.withChannels(1).image(0)).containsExactly(grey.image(0));
    assertThat(grey.withChannels(1)).isSameAs(grey);
  }

  @Test
  void colour_asGrey_isItsLuma() {
    byte[] image = {(byte) 255, 0, 0, 10, 0, (byte) 255, 0, 20, 0, 0, (byte) 255, 30};
    ImageSet colour =
        ImageSet.of(new ImageShape(3, 2, 2), NAMES, new byte[][] {image}, new int[] {0});
    byte[] grey = colour.withChannels(1).image(0);
    // 0.299·255 = 76.2, 0.587·255 = 149.7, 0.114·255 = 29.1, 2.99 + 11.74 + 3.42 = 18.15
    assertThat(grey).containsExactly(76, (byte) 150, 29, 18);
  }

  @Test
  void otherChannels_areAUserMistake() {
    ImageSet grey = ImageSet.of(new ImageShape(1, 1, 1), NAMES, new byte[][] {{1}}, new int[] {0});
    assertThatThrownBy(() -> grey.withChannels(2))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Images of 1 channel cannot be given as 2; only grey (1) and colour (3) are turned into"
                + " each other.");
  }

  @Test
  void image_isACopy() {
    ImageSet set = ImageSet.of(new ImageShape(1, 1, 1), NAMES, new byte[][] {{7}}, new int[] {0});
    set.image(0)[0] = 9;
    assertThat(set.image(0)).containsExactly(7);
  }

  @Test
  void of_rejectsWhatDoesNotFit() {
    ImageShape shape = new ImageShape(1, 1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageSet.of(shape, NAMES, new byte[][] {{1, 2}}, new int[0]))
        .withMessage("Each image needs one label; found 1 images and 0 labels.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageSet.of(shape, NAMES, new byte[][] {{1}}, new int[1]))
        .withMessage("Image 0 has 1 values; 1×1×2 needs 2.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageSet.of(shape, NAMES, new byte[][] {{1, 2}}, new int[] {2}))
        .withMessage("Image 0 has label 2; there are 2 classes.");
  }

  @Test
  void shape_rejectsEmptyAndHugeSides() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ImageShape(0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ImageShape(1, -1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageShape(3, 40_000, 40_000))
        .withMessage("An image of 3×40000×40000 is too large for one array.");
    assertThat(new ImageShape(3, 5, 7).values()).isEqualTo(105);
    assertThat(new ImageShape(3, 5, 7)).hasToString("3×5×7");
  }

  @Test
  void dataSet_rejectsPartsThatDiffer() {
    ImageSet two = Fixtures.images(1, 3, new ImageShape(1, 2, 2), 2);
    ImageSet three = Fixtures.images(1, 3, new ImageShape(1, 2, 2), 3);
    ImageSet wide = Fixtures.images(1, 3, new ImageShape(1, 2, 3), 2);
    assertThatIllegalArgumentException().isThrownBy(() -> new DataSet("x", two, three));
    assertThatIllegalArgumentException().isThrownBy(() -> new DataSet("x", two, wide));
    DataSet set = new DataSet("x", two, two.subset(2, 0));
    assertThat(set.description())
        .isEqualTo(
            "3 training and 2 held-out images of 1×2×2, 2 classes of 1 to 2 training images"
                + " (2.0:1)");
    assertThat(set.withChannels(3).shape()).isEqualTo(new ImageShape(3, 2, 2));
  }
}
