package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
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
  @ValueSource(strings = {"val", "validation", "valid", "Val"})
  void twoParts_areReadByClassAndName(String heldOut) {
    plain("train/dog/b.png", 0x020202);
    plain("train/dog/a.png", 0x010101);
    plain("train/cat/deep/z.png", 0x030303);
    plain(heldOut + "/cat/x.JPEG", 0x808080);
    Fixtures.write(directory.resolve("train/dog/notes.txt"), "not a picture");
    Fixtures.write(directory.resolve("train/dog/Thumbs.db"), "not a picture");
    Fixtures.write(directory.resolve("train/dog/.DS_Store"), "not a picture");
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

  @ParameterizedTest
  @ValueSource(strings = {"test", "testing"})
  void threeParts_areReadEachForItself(String test) {
    plain("train/a/1.png", 0x010101);
    plain("train/b/1.png", 0x020202);
    plain("val/a/1.png", 0x030303);
    plain("val/b/1.png", 0x040404);
    plain(test + "/a/1.png", 0x050505);
    plain(test + "/b/1.png", 0x060606);
    plain(test + "/b/2.png", 0x070707);
    DataSet set = load();
    assertThat(firstPixel(set.validation(), 1)).isEqualTo(4);
    ImageSet found = set.part(DataPart.TEST);
    assertThat(found.countsByClass()).containsExactly(1, 2);
    assertThat(firstPixel(found, 2)).isEqualTo(7);
    assertThat(found.origin(2)).isEqualTo(test + "/b/2.png");
    assertThat(set.description())
        .isEqualTo("2 training, 2 held-out and 3 test images of 3×6×6, 2 classes");
    assertThat(set.notes()).isEmpty();
    assertThat(set.withChannels(1).part(DataPart.TEST).shape().channels()).isEqualTo(1);
  }

  @Test
  void testPart_isNotHeldOut_butATenthOfTheTrainingImagesIs() {
    for (int i = 0; i < 8; i++) {
      plain("train/a/" + i + ".png", 0x010101 * i);
      plain("train/b/" + i + ".png", 0x010101 * (100 + i));
    }
    plain("test/a/1.png", 0x505050);
    plain("test/b/1.png", 0x606060);
    DataSet set = load();
    assertThat(set.train().size()).isEqualTo(12);
    assertThat(set.validation().size()).isEqualTo(4);
    assertThat(set.part(DataPart.TEST).size()).isEqualTo(2);
  }

  @Test
  void missingPart_isNamed() {
    for (int i = 0; i < 4; i++) {
      plain("a/" + i + ".png", i);
      plain("b/" + i + ".png", 9 + i);
    }
    DataSet set = load();
    assertThat(set.part(DataPart.TRAIN)).isSameAs(set.train());
    assertThat(set.part(DataPart.VAL)).isSameAs(set.validation());
    assertThatThrownBy(() -> set.part(DataPart.TEST))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            " has no test part; a folder of images has one where it has a folder test.");
    assertThatThrownBy(() -> DataPart.parse("holdout"))
        .isInstanceOf(UserException.class)
        .hasMessage("The part \"holdout\" is unknown; expected train, val or test.");
  }

  @Test
  void foldersForOnePart_mustBeOne_andTrainMustBeThere() throws IOException {
    plain("val/a/1.png", 1);
    plain("val/b/1.png", 1);
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has a folder val but no folder train; expected class folders in train, or alone.",
            directory);
    plain("train/a/1.png", 1);
    plain("train/b/1.png", 1);
    Files.createDirectory(directory.resolve("valid"));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s has a folder val and a folder valid; expected one of them.", directory);
  }

  @Test
  void cropPercentage_isForHeldOutImages_andNotForThoseToTrainOn() {
    // A white picture with a black border of an eighth of its side.
    BufferedImage framed = Fixtures.plain(0, 48, 48);
    for (int y = 6; y < 42; y++) {
      for (int x = 6; x < 42; x++) {
        framed.setRGB(x, y, 0xffffff);
      }
    }
    byte[] png = Fixtures.encode(framed, "png");
    for (String name : new String[] {"a/1", "a/2", "b/1", "b/2"}) {
      Fixtures.write(directory.resolve(name + ".png"), png);
    }
    LoadSettings cut =
        new LoadSettings(6, 0.5, 5, new ImageFit(Interpolation.BILINEAR, 0.75), false);
    DataSet set = DataSource.parse("folder:" + directory).load(cut);
    assertThat(firstPixel(set.train(), 0)).isLessThan(100);
    assertThat(firstPixel(set.validation(), 0)).isGreaterThan(150);
    assertThat(set.validation().origin(0)).matches("a/[12]\\.png");
    assertThat(set.validation().image(0))
        .isEqualTo(
            ImageFile.read(directory.resolve("a/1.png"), new ImageShape(3, 6, 6), cut.fit()));
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

  private Path broken(String name) {
    byte[] whole = Fixtures.encode(Fixtures.picture(new Random(121), 20, 20), "png");
    return Fixtures.write(directory.resolve(name), Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void brokenImages_areLeftOut_andListed() {
    for (int i = 0; i < 4; i++) {
      plain("a/" + i + ".png", i);
      plain("b/" + i + ".png", 9 + i);
    }
    broken("b/broken.png");
    Fixtures.write(directory.resolve("a/text.jpg"), "not an image");
    Fixtures.write(directory.resolve("a/scan.tif"), "II*");
    Fixtures.write(directory.resolve("a/empty.webp"), "");
    DataSet set = load();
    assertThat(set.train().size() + set.validation().size()).isEqualTo(8);
    assertThat(set.skipped())
        .extracting(SkippedFile::file)
        .containsExactly("a/empty.webp", "a/scan.tif", "a/text.jpg", "b/broken.png");
    assertThat(set.skipped().get(1).reason())
        .isEqualTo(
            "is of a format that is not read here; convert it to JPEG, PNG, WebP, BMP or GIF");
    assertThat(set.skipped().get(2).reason())
        .isEqualTo("is none of JPEG, PNG, WebP, BMP and GIF; convert it or take it away");
    assertThat(set.skipped().get(3).reason()).startsWith("cannot be read: ");
    assertThat(set.notes()).hasSize(1);
    assertThat(set.notes().getFirst())
        .startsWith("4 of 12 pictures cannot be read and are left out: a/empty.webp (")
        .contains(" and 1 more")
        .endsWith("; --strict stops at such a file");
  }

  @Test
  void brokenImage_stopsAStrictReader() {
    for (int i = 0; i < 4; i++) {
      plain("a/" + i + ".png", i);
      plain("b/" + i + ".png", 9 + i);
    }
    Path broken = broken("b/broken.png");
    assertThatThrownBy(() -> DataSource.parse("folder:" + directory).load(SMALL.strictly()))
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageStartingWith("The image %s cannot be read", broken);
  }

  @Test
  void moreThanHalfBroken_isAnError() {
    for (int i = 0; i < 3; i++) {
      plain("train/a/" + i + ".png", i);
      plain("train/b/" + i + ".png", 9 + i);
      broken("test/a/" + i + ".png");
      broken("test/b/" + i + ".png");
    }
    assertThat(load().skipped()).hasSize(6); // of twelve
    broken("test/b/7.png");
    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(UserException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageStartingWith(
            "%s: 7 of 13 pictures cannot be read, more than half: test/a/0.png (", directory);
  }

  @Test
  void classWithoutHeldOutImages_isSaid() {
    plain("train/a/1.png", 1);
    plain("train/b/1.png", 2);
    plain("val/a/1.png", 3);
    assertThat(load().notes())
        .containsExactly(
            "there are no held-out images of class b: how the network does on it is not measured");
  }

  @Test
  void imageInTwoParts_isSaid() {
    plain("train/a/1.png", 1);
    plain("train/b/1.png", 2);
    plain("val/a/x.png", 1);
    plain("val/b/y.png", 3);
    assertThat(load().notes())
        .containsExactly(
            "1 held-out image is a training image too, and flatters the figures: val/a/x.png ="
                + " train/a/1.png");
  }

  @Test
  void classWithoutImages_isNamed() throws IOException {
    plain("a/1.png", 1);
    plain("b/1.png", 1);
    Path empty = Files.createDirectory(directory.resolve("c"));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The class folder %s holds no readable JPEG, PNG, WebP, BMP or GIF file; add some or"
                + " remove the folder.",
            empty);
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
