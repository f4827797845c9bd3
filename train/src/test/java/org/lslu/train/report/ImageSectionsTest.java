package org.lslu.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.ImageShape;
import org.lslu.train.data.PngPicture;
import org.lslu.train.data.SkippedFile;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The sections about images, on pages that are left in target/reports to look at. */
class ImageSectionsTest {
  private static final long SEED = 41;
  private static final Path RENDERED = Path.of("target", "reports");

  /** A page of sections alone; every element is closed, so an XML parser reads it. */
  private static Document page(String name, Section... sections) throws Exception {
    final String html =
        Page.of(
            name,
            (page, charts) -> {
              page.element("h1", name);
              for (final Section section : sections) {
                section.write(page, charts);
              }
            });
    Files.createDirectories(RENDERED);
    Files.writeString(RENDERED.resolve(name + ".html"), html);
    final String plain =
        html.replaceAll("(?s)(<(script|style)[^>]*>).*?(</\\2>)", "$1$3")
            .replace("<!DOCTYPE html>", "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(plain)));
  }

  private static List<String> texts(Document page, String tag) {
    final NodeList found = page.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }

  private static List<String> names(int count) {
    final String[] some = {"silkworm <day 1>", "moth", "cocoon & silk", "mulberry-leaf-with-spots"};
    return IntStream.range(0, count)
        .mapToObj(i -> i < some.length ? some[i] : "class " + i)
        .toList();
  }

  /** Pictures with a bright corner, so that one can see them. */
  private static ImageSet images(List<String> classes, int each, int channels, boolean even) {
    final Random random = new Random(SEED);
    final ImageShape shape = new ImageShape(channels, 24, 24);
    final List<byte[]> pixels = new ArrayList<>();
    final List<Integer> labels = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      final int count = even ? each : Math.max(1, each * (classes.size() - c) / classes.size());
      for (int i = 0; i < count; i++) {
        final byte[] image = new byte[shape.values()];
        final int tone = random.nextInt(256);
        for (int k = 0; k < image.length; k++) {
          final int y = k % 576 / 24;
          final int x = k % 24;
          image[k] = (byte) (x * y * (1 + k / 576) / 3 + tone + random.nextInt(20));
        }
        pixels.add(image);
        labels.add(c);
      }
    }
    return ImageSet.of(
        shape,
        classes,
        pixels.toArray(byte[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private static AnswersSection answers(ImageSet images, int shown) {
    final Random random = new Random(SEED);
    final int[] labels = IntStream.range(0, images.size()).map(images::label).toArray();
    final int[] predicted =
        IntStream.of(labels)
            .map(
                label ->
                    switch (random.nextInt(10)) {
                      case 0 -> random.nextInt(images.classes());
                      case 1, 2 -> (label + 1) % images.classes();
                      default -> label;
                    })
            .toArray();
    final List<AnswersSection.Picture> pictures =
        IntStream.range(0, images.size())
            .filter(i -> predicted[i] != labels[i])
            .limit(shown)
            .mapToObj(
                i ->
                    new AnswersSection.Picture(
                        new Mistake(
                            i,
                            "val/" + images.classNames().get(labels[i]) + "/IMG_" + i + ".jpg",
                            images.classNames().get(labels[i]),
                            images.classNames().get(predicted[i]),
                            0.99 - 0.01 * (i % 50)),
                        PngPicture.of(images, i)))
            .toList();
    return new AnswersSection(
        "Held-out images",
        "A note.",
        ConfusionMatrix.of(images.classNames(), labels, predicted),
        pictures);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void fewClasses_haveNamesNumbersAndPictures(int channels) throws Exception {
    final List<String> classes = names(8);
    final ImageSet train = images(classes, 90, channels, false);
    final ImageSet heldOut = images(classes, 20, channels, false);
    final DataSet data =
        new DataSet(
            "photos",
            train,
            heldOut,
            Optional.of(images(classes, 10, channels, true)),
            List.of(new SkippedFile("train/moth/<b>.jpg", "cannot be read: no idea & why")),
            List.of("1 of 500 pictures cannot be read and is left out: train/moth/<b>.jpg"));
    final Document page = page("images-" + channels, new DataSection(data), answers(heldOut, 24));

    assertThat(texts(page, "h2")).containsExactly("Images", "Held-out images");
    assertThat(texts(page, "h3")).containsExactly("Surest mistakes");
    assertThat(texts(page, "p").getFirst())
        .isEqualTo(
            "8 classes of 11 to 90 images (8.2:1). 1 of 500 pictures cannot be read and is left"
                + " out: train/moth/<b>.jpg.");
    assertThat(texts(page, "li").getFirst()).contains("silkworm <day 1>", "90 + 20 + 10");
    assertThat(texts(page, "summary")).containsExactly("Files that cannot be read (1)");
    assertThat(texts(page, "td")).contains("cannot be read: no idea & why", "cocoon & silk");
    assertThat(texts(page, "text")).anyMatch(text -> text.contains("mulberry…"));
    assertThat(page.getElementsByTagName("img").getLength()).isBetween(10, 24);
    assertThat(texts(page, "figcaption")).hasSize(2);
  }

  @Test
  void manyClasses_haveASmallMap_andTheWorstAndTheBest() throws Exception {
    final List<String> classes = names(120);
    final ImageSet heldOut = images(classes, 12, 3, true);
    final Document page =
        page(
            "images-many",
            new DataSection(new DataSet("many", heldOut, heldOut)),
            answers(heldOut, 24));

    assertThat(texts(page, "summary"))
        .containsExactly("Images of each class (120)", "All classes (120)");
    assertThat(texts(page, "figcaption"))
        .hasSize(4)
        .element(0)
        .satisfies(caption -> assertThat(caption).contains("3 neighbours a cell"));
    assertThat(page.getElementsByTagName("rect").getLength()).isLessThanOrEqualTo(1 + 40 * 40);
    assertThat(texts(page, "h2")).containsExactly("Images", "Held-out images");
  }

  @Test
  void partWithoutImages_isNotShown() throws Exception {
    final ImageSet none = images(names(3), 2, 1, true).subset();
    assertThat(texts(page("images-none", answers(none, 24)), "h2")).isEmpty();
  }

  @Test
  void png_keepsEveryPixel() throws IOException {
    for (final int channels : new int[] {1, 3}) {
      final ImageSet images = images(names(2), 1, channels, true);
      final java.awt.image.BufferedImage read =
          javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(PngPicture.of(images, 1)));
      final byte[] expected = images.image(1);
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < 576; i++) {
          assertThat(read.getRaster().getSample(i % 24, i / 24, c))
              .isEqualTo(expected[c * 576 + i] & 0xff);
        }
      }
    }
  }
}
