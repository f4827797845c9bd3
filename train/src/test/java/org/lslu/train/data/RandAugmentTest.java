package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.train.data.AugmentOperation.Strength;

class RandAugmentTest {
  private static final long SEED = 71;
  private static final ImageShape SHAPE = new ImageShape(3, 19, 21);
  private static final Interpolation BILINEAR = Interpolation.BILINEAR;

  @Test
  void parse_ofThePapersPolicy_takesEveryPart() {
    assertThat(RandAugment.parse("rand-m7-mstd0.5-inc1"))
        .isEqualTo(new RandAugment(7, 2, 0.5, 0.5, true, 10, Interpolation.BICUBIC));
    assertThat(RandAugment.parse(" rand-inc0-p1-n3-mmax20-m15 "))
        .isEqualTo(new RandAugment(15, 3, 0, 1, false, 20, Interpolation.BICUBIC));
    assertThat(RandAugment.parse("rand"))
        .isEqualTo(new RandAugment(10, 2, 0, 0.5, false, 10, Interpolation.BICUBIC));
    for (String evenly : new String[] {"rand-mstdinf", "rand-mstd101"}) {
      assertThat(RandAugment.parse(evenly).deviation()).isEqualTo(Double.POSITIVE_INFINITY);
    }
    assertThat(RandAugment.parse("")).isEqualTo(RandAugment.NONE);
    assertThat(RandAugment.parse("none").isNone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "rand-m7-n2-mstd0.5-inc1",
        "rand-m10-n2",
        "rand-m15-n3-mstdinf-p1-mmax20",
        "rand-m0.25-n1-p0.125"
      })
  void text_isWhatParseTakes(String text) {
    assertThat(RandAugment.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "augmix-m3 | begins with \"augmix\"; only rand is known, as in rand-m7-mstd0.5-inc1.",
        "rand-m7-w0 | has the part \"w0\"; expected m, n, mstd, p, inc or mmax with a number",
        "rand--m7 | has the part \"\"; expected",
        "rand-m | has the part \"m\"; expected",
        "rand-m7-n2-m8 | gives m twice.",
        "rand-m1.2.3 | has \"1.2.3\" for m; a number is expected.",
        "rand-minf | has \"inf\" for m; a number is expected.",
        "rand-n0 | has n0; n is a whole number from 1 to 100.",
        "rand-n2.5 | has n2.5; n is a whole number from 1 to 100.",
        "rand-inc2 | has inc2; inc is a whole number from 0 to 1.",
        "rand-m11 | RandAugment's magnitude (m) must be from 0 to 10; found 11.",
        "rand-p2 | RandAugment's probability (p) must be from 0 to 1; found 2."
      })
  void parse_ofWhatIsNoPolicy_saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> RandAugment.parse(text))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message.strip());
  }

  /** By hand from timm's ranges, at level 8 of 10. */
  @Test
  void operations_ofLevel8_doWhatTheLevelMeans() {
    expect(AugmentOperation.AUTO_CONTRAST, false, Tones::autoContrast);
    expect(AugmentOperation.EQUALISE, false, Tones::equalise);
    expect(AugmentOperation.INVERT, false, Tones::invert);
    expect(AugmentOperation.POSTERISE, false, canvas -> Tones.posterise(canvas, 3));
    expect(AugmentOperation.POSTERISE, true, canvas -> Tones.posterise(canvas, 1));
    expect(AugmentOperation.SOLARISE, false, canvas -> Tones.solarise(canvas, 204));
    expect(AugmentOperation.SOLARISE, true, canvas -> Tones.solarise(canvas, 52));
    expect(AugmentOperation.SOLARISE_ADD, false, canvas -> Tones.solariseAdd(canvas, 88));
    expect(AugmentOperation.COLOUR, false, canvas -> Enhancement.colour(canvas, 1.54));
    expect(AugmentOperation.CONTRAST, false, canvas -> Enhancement.contrast(canvas, 1.54));
    expect(AugmentOperation.BRIGHTNESS, false, canvas -> Enhancement.brightness(canvas, 1.54));
    expect(AugmentOperation.SHARPNESS, false, canvas -> Enhancement.sharpness(canvas, 1.54));
    expect(
        AugmentOperation.COLOUR,
        true,
        canvas -> Enhancement.colour(canvas, 1.72),
        canvas -> Enhancement.colour(canvas, 0.28));
    expect(
        AugmentOperation.CONTRAST,
        true,
        canvas -> Enhancement.contrast(canvas, 1.72),
        canvas -> Enhancement.contrast(canvas, 0.28));
    expect(
        AugmentOperation.BRIGHTNESS,
        true,
        canvas -> Enhancement.brightness(canvas, 1.72),
        canvas -> Enhancement.brightness(canvas, 0.28));
    expect(
        AugmentOperation.SHARPNESS,
        true,
        canvas -> Enhancement.sharpness(canvas, 1.72),
        canvas -> Enhancement.sharpness(canvas, 0.28));
    expect(
        AugmentOperation.ROTATE,
        false,
        canvas -> Warp.rotate(24, 19, 21).apply(canvas, BILINEAR),
        canvas -> Warp.rotate(-24, 19, 21).apply(canvas, BILINEAR));
    expect(
        AugmentOperation.SHEAR_X,
        false,
        canvas -> Warp.shearX(0.24).apply(canvas, BILINEAR),
        canvas -> Warp.shearX(-0.24).apply(canvas, BILINEAR));
    expect(
        AugmentOperation.SHEAR_Y,
        false,
        canvas -> Warp.shearY(0.24).apply(canvas, BILINEAR),
        canvas -> Warp.shearY(-0.24).apply(canvas, BILINEAR));
    expect(
        AugmentOperation.TRANSLATE_X,
        false,
        canvas -> Warp.translate(0.8 * 0.45 * 21, 0).apply(canvas, BILINEAR),
        canvas -> Warp.translate(-0.8 * 0.45 * 21, 0).apply(canvas, BILINEAR));
    expect(
        AugmentOperation.TRANSLATE_Y,
        false,
        canvas -> Warp.translate(0, 0.8 * 0.45 * 19).apply(canvas, BILINEAR),
        canvas -> Warp.translate(0, -0.8 * 0.45 * 19).apply(canvas, BILINEAR));
  }

  /** Of 40 draws, exactly the given outcomes appear, each of them at least once. */
  @SafeVarargs
  private static void expect(
      AugmentOperation operation, boolean increasing, Consumer<Canvas>... outcomes) {
    Set<String> expected = new HashSet<>();
    for (Consumer<Canvas> outcome : outcomes) {
      Canvas canvas = canvas();
      outcome.accept(canvas);
      expected.add(fingerprint(canvas));
    }
    assertThat(expected).hasSize(outcomes.length);
    Set<String> found = new HashSet<>();
    for (int draw = 0; draw < 40; draw++) {
      Canvas canvas = canvas();
      operation.apply(canvas, new Strength(8, increasing, BILINEAR), RandomStream.of(SEED, draw));
      found.add(fingerprint(canvas));
    }
    assertThat(found).as("%s, increasing %s", operation, increasing).isEqualTo(expected);
  }

  @Test
  void strength_ofIncreasingEnhancement_isAtLeastATenth() {
    Set<Double> factors = new HashSet<>();
    for (int draw = 0; draw < 40; draw++) {
      factors.add(new Strength(10, true, BILINEAR).factor(RandomStream.of(SEED, draw)));
    }
    assertThat(factors).containsExactlyInAnyOrder(0.1, 1.9);
  }

  @ParameterizedTest
  @CsvSource({"0.5,1,0.5", "0.5,2,0.25", "0.25,1,0.75", "1,1,0"})
  void apply_leavesAnImageAlone_asOftenAsNoOperationIsDone(
      double probability, int operations, double untouched) {
    RandAugment policy =
        new RandAugment(6, operations, 0, probability, true, 10, Interpolation.BICUBIC);
    byte[] original = canvas().pixels();
    int draws = 4000;
    int same = 0;
    for (int image = 0; image < draws; image++) {
      Canvas canvas = canvas();
      policy.apply(canvas, RandomStream.of(SEED, 5, image));
      same += Arrays.equals(canvas.pixels(), original) ? 1 : 0;
    }
    double deviation = Math.sqrt(untouched * (1 - untouched) / draws);
    assertThat((double) same / draws)
        .as("seed %d", SEED)
        .isCloseTo(untouched, within(5 * deviation + 0.004)); // two inversions undo each other
  }

  @Test
  void apply_choosesEveryOperationEquallyOften() {
    RandAugment policy = RandAugment.parse("rand-m8-n1-p1").with(BILINEAR);
    Set<String> outcomes = new HashSet<>();
    int inverted = 0;
    Canvas inversion = canvas();
    Tones.invert(inversion);
    for (int image = 0; image < 3000; image++) {
      Canvas canvas = canvas();
      policy.apply(canvas, RandomStream.of(SEED, 6, image));
      outcomes.add(fingerprint(canvas));
      inverted += Arrays.equals(canvas.pixels(), inversion.pixels()) ? 1 : 0;
    }
    assertThat(outcomes).as("ten operations, and five with a sign").hasSize(20);
    assertThat(inverted).as("a fifteenth of 3000, deviation 14").isBetween(130, 270);
  }

  @Test
  void magnitude_hasTheNoiseThatThePolicySays() {
    double[] normal = levels("rand-m7-mstd0.5");
    assertThat(mean(normal)).isCloseTo(7, within(0.05));
    assertThat(deviation(normal)).isCloseTo(0.5, within(0.05));
    double[] even = levels("rand-m6-mstdinf");
    assertThat(Arrays.stream(even)).allMatch(level -> level >= 0 && level <= 6);
    assertThat(mean(even)).isCloseTo(3, within(0.2));
    assertThat(deviation(even)).isCloseTo(Math.sqrt(3), within(0.1));
    double[] cut = levels("rand-m10-mstd4-mmax12");
    assertThat(cut).contains(12);
    assertThat(Arrays.stream(cut)).allMatch(level -> level >= 0 && level <= 12);
    assertThat(levels("rand-m7")).containsOnly(7);
  }

  private static double[] levels(String text) {
    RandAugment policy = RandAugment.parse(text);
    RandomStream random = RandomStream.of(SEED, 8);
    return DoubleStream.generate(() -> policy.strength(random).level()).limit(3000).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  /** Short, unlike the pixels, where a test fails. */
  private static String fingerprint(Canvas canvas) {
    return Integer.toHexString(Arrays.hashCode(canvas.pixels()));
  }

  /** Pixels from 20 to 220, so that every operation finds something to do. */
  private static Canvas canvas() {
    Random random = new Random(SEED);
    Canvas canvas = new Canvas(SHAPE, new int[] {120, 110, 100});
    for (int k = 0; k < SHAPE.values(); k++) {
      canvas.pixels()[k] = (byte) (20 + random.nextInt(201));
    }
    return canvas;
  }
}
