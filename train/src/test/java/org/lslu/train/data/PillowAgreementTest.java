package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation on bytes beside Pillow's, on a colour and a grey image of odd size. */
class PillowAgreementTest {
  private static final Set<String> SCALING = Set.of("resize", "window", "centre");

  static List<PillowTruth> truths() {
    return PillowTruth.all().stream().filter(one -> !one.operation().equals("image")).toList();
  }

  @ParameterizedTest
  @MethodSource("truths")
  void operation_givesPillowsBytes(PillowTruth truth) {
    PillowTruth original = truth.original();
    byte[] found =
        SCALING.contains(truth.kind()) ? scaled(original, truth) : changed(original, truth);
    assertThat(found).containsExactly(truth.pixels());
  }

  @Test
  void operations_changeTheImage_soThatAgreementSaysSomething() {
    Set<String> unchanged =
        truths().stream()
            .filter(one -> Arrays.equals(one.pixels(), one.original().pixels()))
            .map(one -> one.image() + " " + one.operation() + " " + one.numbers())
            .collect(Collectors.toSet());
    assertThat(unchanged)
        .containsExactlyInAnyOrder(
            "colour solarise [256.0]",
            "grey solarise [256.0]",
            "grey colour [0.1]",
            "grey colour [0.37]",
            "grey colour [1.63]",
            "grey colour [1.9]");
  }

  private static byte[] scaled(PillowTruth original, PillowTruth truth) {
    ImageShape from = original.shape();
    ImageShape to = truth.shape();
    if (truth.kind().equals("centre")) {
      ImageSet set =
          ImageSet.of(from, List.of("one"), new byte[][] {original.pixels()}, new int[] {0})
              .resized(
                  (int) truth.number(),
                  new ImageFit(truth.interpolation(), truth.numbers().get(1)));
      assertThat(set.shape()).isEqualTo(to);
      return set.image(0);
    }
    byte[] out = new byte[to.values()];
    if (truth.kind().equals("window")) {
      int[] window = truth.numbers().stream().mapToInt(Double::intValue).toArray();
      new Resize(window[2], window[3], to.height(), to.width(), truth.interpolation())
          .apply(original.pixels(), from, window[0], window[1], out);
    } else {
      new Resize(from.height(), from.width(), to.height(), to.width(), truth.interpolation())
          .apply(original.pixels(), from, 0, 0, out);
    }
    return out;
  }

  private static byte[] changed(PillowTruth original, PillowTruth truth) {
    ImageShape shape = original.shape();
    int[] fill = shape.channels() == 3 ? new int[] {130, 121, 97} : new int[] {77};
    Canvas canvas = new Canvas(shape, fill);
    System.arraycopy(original.pixels(), 0, canvas.pixels(), 0, shape.values());
    switch (truth.kind()) {
      case "autocontrast" -> Tones.autoContrast(canvas);
      case "equalise" -> Tones.equalise(canvas);
      case "invert" -> Tones.invert(canvas);
      case "posterise" -> Tones.posterise(canvas, (int) truth.number());
      case "solarise" -> Tones.solarise(canvas, (int) truth.number());
      case "solariseadd" -> Tones.solariseAdd(canvas, (int) truth.number());
      case "colour" -> Enhancement.colour(canvas, truth.number());
      case "contrast" -> Enhancement.contrast(canvas, truth.number());
      case "brightness" -> Enhancement.brightness(canvas, truth.number());
      case "sharpness" -> Enhancement.sharpness(canvas, truth.number());
      default -> warp(truth, shape).apply(canvas, truth.interpolation());
    }
    return canvas.pixels();
  }

  private static Warp warp(PillowTruth truth, ImageShape shape) {
    double number = truth.number();
    return switch (truth.kind()) {
      case "rotate" -> Warp.rotate(number, shape.height(), shape.width());
      case "shearx" -> Warp.shearX(number);
      case "sheary" -> Warp.shearY(number);
      case "translatex" -> Warp.translate(number, 0);
      case "translatey" -> Warp.translate(0, number);
      default -> throw new IllegalArgumentException(truth.operation());
    };
  }
}
