package org.lslu.train.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.train.analysis.EffectiveShape.Kind;

/** Shapes by hand, and against the function itself at random places. */
class EffectiveShapeTest {
  private static final long SEED = 20_261_123;

  private static EffectiveShape shape(String function, double... parameters) {
    return EffectiveShape.of(Catalogue.function(function), parameters);
  }

  @Test
  void chain_isRelu_atItsStart() {
    for (final int n : new int[] {1, 3, 16}) {
      final ActivationFunction function = Catalogue.function("lslu(n=%d)".formatted(n));
      final EffectiveShape shape = EffectiveShape.of(function, function.initialValues());
      assertThat(shape)
          .isEqualTo(new EffectiveShape(Kind.HINGE, 0, 1, 0, List.of(0.0), List.of(0.0, 1.0)));
      assertThat(shape.hinge()).isEqualTo(0);
    }
  }

  @Test
  void chain_withPositiveTheta_isOneHinge() {
    // h₁ = 0.5·relu(x) − 1: zero at 2; h₂ = 4·relu(h₁) + 3 = max(3, 2x − 1); relu keeps it.
    final EffectiveShape shape = shape("lslu(n=2)", 0.5, 4, -1, 3);
    assertThat(shape.kind()).isEqualTo(Kind.HINGE);
    assertThat(shape.slope()).isEqualTo(2);
    assertThat(shape.offset()).isEqualTo(-1);
    assertThat(shape.floor()).isEqualTo(3);
    assertThat(shape.hinge()).isEqualTo(2);
  }

  @Test
  void chain_withNegativeTheta_isAClamp() {
    // −0.5·relu(x) + 1, cut at 0: 1 up to 0, falls to 0 at 2.
    final EffectiveShape shape = shape("lslu(n=1)", -0.5, 1);
    assertThat(shape.kind()).isEqualTo(Kind.CLAMP);
    assertThat(shape.breaks()).containsExactly(0.0, 2.0);
    assertThat(shape.slopes()).containsExactly(0.0, -0.5, 0.0);
    assertThat(shape.hinge()).isNaN();
  }

  @Test
  void chain_isDead_whereAStepIsNeverPositive() {
    final EffectiveShape zero = shape("lslu(n=2)", -1, 1, -0.5, 0);
    assertThat(zero.kind()).isEqualTo(Kind.CONSTANT);
    assertThat(zero.offset()).isEqualTo(0);
    final EffectiveShape raised = shape("lslu(n=2)", 0, 1, -0.5, 0.75);
    assertThat(raised.kind()).isEqualTo(Kind.CONSTANT);
    assertThat(raised.offset()).isEqualTo(0.75);
  }

  @Test
  void chain_withoutFiniteParameters_isBroken() {
    assertThat(shape("lslu(n=1)", Double.NaN, 0).kind()).isEqualTo(Kind.BROKEN);
    assertThat(shape("lslu(n=1)", Double.POSITIVE_INFINITY, 1).kind()).isEqualTo(Kind.BROKEN);
  }

  @Test
  void sum_hasAHingeForEachTerm() {
    // 1·relu(x + 0.5) − 3·relu(x) + 2·relu(x − 1): breaks at −0.5, 0 and 1.
    final EffectiveShape shape = shape("lslu-sum(n=3)", 1, -3, 2, 0.5, 0, -1);
    assertThat(shape.kind()).isEqualTo(Kind.PIECES);
    assertThat(shape.breaks()).containsExactly(-0.5, 0.0, 1.0);
    assertThat(shape.slopes()).containsExactly(0.0, 1.0, -2.0, 0.0);
  }

  @Test
  void sum_hasNoHinge_whereAnAmplitudeIsZeroOrOffsetsAgree() {
    assertThat(shape("lslu-sum(n=3)", 1, 0, 0, 0, 0.5, -0.5).breaks()).containsExactly(0.0);
    final EffectiveShape joined = shape("lslu-sum(n=3)", 1, 0.5, 0.25, 2, 2, 2);
    assertThat(joined.kind()).isEqualTo(Kind.HINGE);
    assertThat(joined.hinge()).isEqualTo(-2);
    assertThat(joined.slope()).isEqualTo(1.75);
  }

  @Test
  void otherFunctions_areWhatTheyAre() {
    assertThat(shape("relu").hinge()).isEqualTo(0);
    assertThat(shape("identity").kind()).isEqualTo(Kind.LINE);
    assertThat(shape("leaky-relu").slopes()).containsExactly(0.01, 1.0);
    assertThat(shape("prelu", 1).kind()).isEqualTo(Kind.LINE);
    assertThat(shape("prelu", 0.25).breaks()).containsExactly(0.0);
    assertThat(shape("hard-swish").kind()).isEqualTo(Kind.CURVED);
    final EffectiveShape gelu = shape("gelu");
    assertThat(gelu.kind()).isEqualTo(Kind.CURVED);
    assertThat(gelu.breaks()).isEmpty();
    assertThat(gelu.slopes()).containsExactly(0.0, 0.5, 1.0);
  }

  @Test
  void formula_withClipAbsoluteValueAndChoice_isReadAsLines() {
    final ActivationFunction clip = ActivationFunction.ofFormula("clamp(2 * x, -1, 3)", List.of());
    final EffectiveShape shape = EffectiveShape.of(clip);
    assertThat(shape.kind()).isEqualTo(Kind.CLAMP);
    assertThat(shape.breaks()).containsExactly(-0.5, 1.5);
    assertThat(shape.slope()).isEqualTo(2);
    final EffectiveShape absolute =
        EffectiveShape.of(ActivationFunction.ofFormula("abs(x - 1) + min(x, 0)", List.of()));
    assertThat(absolute.breaks()).containsExactly(0.0, 1.0);
    assertThat(absolute.slopes()).containsExactly(0.0, -1.0, 1.0);
  }

  @Test
  void pieces_giveTheFunctionsValues_atRandomParameters() {
    final Random random = new Random(SEED);
    for (final String name :
        List.of("lslu(n=1)", "lslu(n=3)", "lslu(n=8)", "lslu-sum(n=3)", "lslu-sum(n=8)")) {
      final ActivationFunction function = Catalogue.function(name);
      final ActivationFunction.Curve curve = function.curve();
      for (int round = 0; round < 200; round++) {
        final double[] parameters =
            random.doubles(function.initialValues().length, -1.5, 1.5).toArray();
        final PiecewiseLinear pieces = PiecewiseLinear.of(function, parameters).orElseThrow();
        for (int i = 0; i < 50; i++) {
          final double x = 6 * random.nextGaussian();
          assertThat(pieces.at(x))
              .as("%s at %s with %s, seed %d", name, x, Arrays.toString(parameters), SEED)
              .isCloseTo(curve.at(x, parameters), within(1e-9));
        }
      }
    }
  }

  @Test
  void chain_withPositiveTheta_isMaxOfFloorAndLine_atRandomParameters() {
    final Random random = new Random(SEED);
    for (int round = 0; round < 500; round++) {
      final int n = 1 + random.nextInt(8);
      final double[] parameters = new double[2 * n];
      double slope = 1;
      double offset = 0;
      double floor = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        parameters[i] = 0.2 + random.nextDouble();
        parameters[n + i] = random.nextGaussian();
        slope *= parameters[i];
        offset = parameters[i] * offset + parameters[n + i];
        floor = parameters[i] * Math.max(floor, 0) + parameters[n + i];
      }
      final EffectiveShape shape = shape("lslu(n=%d)".formatted(n), parameters);
      final String what = Arrays.toString(parameters) + ", seed " + SEED;
      assertThat(shape.kind()).as(what).isEqualTo(Kind.HINGE);
      assertThat(shape.slope()).as(what).isCloseTo(slope, within(1e-12));
      assertThat(shape.offset()).as(what).isCloseTo(offset, within(1e-9));
      assertThat(shape.floor()).as(what).isCloseTo(Math.max(floor, 0), within(1e-9));
      assertThat(shape.breaks().getFirst()).as(what).isCloseTo(shape.hinge(), within(1e-6));
    }
  }

  @Test
  void line_tellsHingesFromInputToOutput() {
    final ActivationFunction chain = Catalogue.function("lslu(n=1)");
    final ActivationFunction sum = Catalogue.function("lslu-sum(n=2)");
    assertThat(
            LayerShapes.line(
                List.of(
                    LayerShapes.of(1, "a", chain, new double[][] {{2, -0.25}}),
                    LayerShapes.of(1, "b", chain, new double[][] {{-1, -1}}),
                    LayerShapes.of(1, "c", sum, new double[][] {{1, 2, 0.5, -0.5}}),
                    LayerShapes.of(
                        1,
                        "d",
                        chain,
                        new double[][] {{1, -1}, {1, -2}, {1, -3}, {1, 0}, {1, 1}}))))
        .isEqualTo("hinge τ (medians): 0.13 dead [-0.50 0.50] 1.00");
    assertThat(
            LayerShapes.line(
                List.of(LayerShapes.of(1, "a", Catalogue.function("gelu"), new double[1][0]))))
        .isEmpty();
  }
}
