package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class ImageFolderTest {
  private static final LoadSettings SMALL = new LoadSettings(6, 0.25, 5);

  @TempDir Path directory;

  private Path plain(String name, int rgb) {
    String format = name.endsWith("png") ? "png" : "jpg";
    return Fixtures.write(
        directory.resolve(name), Fixtures.encode(Fixtures.plain(rgb, 9, 7), format));
  }

  private DataSet load() {
    return DataSource.parse("folder:" + directory).load(SMALL);
  }

  private static int firstPixel(ImageSet set, int index) {
    return set.image(index)[0] & 0xff;
  }

  @ParameterizedTest
  @ValueSource(strings = {"val", "validation", "valid", "test"})
  void twoParts_areReadByClassAndName(String heldOut) {
    plain("train/dog/b.png", 0x020202);
    plain("train/dog/a.png", 0x010101);
    plain("train/cat/deep/z.png", 0x030303);
    plain(heldOut + "/cat/x.JPEG", 0x808080);
    Fixtures.write(directory.resolve("train/dog/notes.txt"), "not a picture");
    Fixtures.write(directory.resolve("train/dog/.hidden.png"), "not a picture");
    Fixtures.write(directory.resolve("train/.cache/a.png"), "not a picture");
    DataSet set = load();
    assertThat(set.classNames()).containsExactly("cat", "dog");
    assertThat(set.shape()).isEqualTo(new ImageShape(3, 6, 6));
    assertThat(set.train().countsByClass()).containsExactly(1, 2);
    assertThat(firstPixel(set.train(), 0)).isEqualTo(3);
    assertThat(firstPixel(set.train(), 1)).isEqualTo(1);
    assertThat(firstPixel(set.train(), 2)).isEqualTo(2);
    assertThat(set.validation().countsByClass()).containsExactly(1, 0);
    assertThat(firstPixel(set.validation(), 0)).isEqualTo(0x80);
  }

  @Test
  void val_isTakenBeforeTest() {
    plain("train/a/1.png", 1);
    plain("train/b/1.png", 1);
    plain("val/a/1.png", 0x020202);
    plain("test/a/1.png", 0x030303);
    assertThat(firstPixel(load().validation(), 0)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train/"})
  void oneLevel_isSplitByClass_theSameEachTime(String above) {
    for (int i = 0; i < 8; i++) {
      plain(above + "a/" + i + ".png", 0x010101 * i);
      plain(above + "b/" + i + ".png", 0x010101 * (100 + i));
    }
    DataSet set = load();
    assertThat(set.train().countsByClass()).containsExactly(6, 6);
    assertThat(set.validation().countsByClass()).containsExactly(2, 2);
    DataSet again = load();
    for (int i = 0; i < 4; i++) {
      assertThat(again.validation().image(i)).isEqualTo(set.validation().image(i));
      int label = set.validation().label(i);
      assertThat(firstPixel(set.validation(), i) / 100).isEqualTo(label);
    }
  }

  @Test
  void brokenImage_isNamed() {
    plain("a/1.png", 1);
    plain("b/1.png", 1);
    byte[] whole = Fixtures.encode(Fixtures.picture(new Random(121), 20, 20), "png");
    Path broken =
        Fixtures.write(directory.resolve("b/2.png"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("The image %s cannot be read", broken);
  }

  @Test
  void pictureOfAnotherFormat_isNamed_andNotLeftOut() {
    plain("a/1.png", 1);
    plain("b/1.png", 1);
    Path other = Fixtures.write(directory.resolve("b/2.webp"), "RIFF");
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("The picture %s is neither JPEG nor PNG; convert it or take it away.", other);
  }

  @Test
  void classWithoutImages_isNamed() throws IOException {
    plain("a/1.png", 1);
    plain("b/1.png", 1);
    Path empty = Files.createDirectory(directory.resolve("c"));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The class folder %s holds no JPEG or PNG file; add some or remove the folder.", empty);
  }

  @Test
  void oneClass_isTooFew() {
    plain("a/1.png", 1);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s has 1 class folders; expected at least 2, one for each class.", directory);
  }

  @Test
  void heldOutClass_thatIsNotTrained_isNamed() {
    plain("train/a/1.png", 1);
    plain("train/b/1.png", 1);
    plain("val/a/1.png", 1);
    plain("val/c/1.png", 1);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has a class \"c\" that %s has not; expected the same classes in both.",
            directory.resolve("val"), directory.resolve("train"));
  }

  @Test
  void testFolderWithoutClasses_isPassedOver_butValIsNot() {
    for (int i = 0; i < 4; i++) {
      plain("train/a/" + i + ".png", 1);
      plain("train/b/" + i + ".png", 1);
    }
    plain("test/1.png", 1);
    assertThat(load().validation().countsByClass()).containsExactly(1, 1);
    plain("val/1.png", 1);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has no class folders; expected those of %s, or no folder val so that a part is"
                + " split off.",
            directory.resolve("val"), directory.resolve("train"));
  }

  @Test
  void tooFewImagesToSplit_areRejected() {
    plain("a/1.png", 1);
    plain("b/1.png", 1);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has too few images to hold out a share of 0.25 of each class")
        .hasMessageContaining("2 images in 2 classes");
  }
}
