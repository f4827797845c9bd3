package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Sharing;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;

/** The derivative of Σ v·∂(Σ dy·y)/∂x by x, dy and every parameter, against differences. */
class ActivationLayerDoubleBackwardTest {
  private static final long SEED = 5;
  private static final double STEP = 1e-5;
  private static final int ROWS = 5;
  private static final int CHANNELS = 4;
  private static final int SIZE = ROWS * CHANNELS;

  private final Random random = new Random(SEED);
  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"swish", "rational", "lslu(n=3)", "gelu", "elu", "user"})
  void secondDerivatives_equalDifferences(String name) {
    final ReferenceActivation reference =
        name.equals("user") ? ReferenceActivation.ofUser() : ReferenceActivation.of(name);
    for (final ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      final ActivationLayer layer =
          new ActivationLayer(reference.function(), Sharing.groups(2), CHANNELS);
      final float[] x = values(1.2);
      final float[] dy = values(1);
      final float[] v = values(1);
      final Tensor input = tensor(x, type).set_requires_grad(true);
      final Tensor arriving = tensor(dy, type).set_requires_grad(true);

      final Tensor gradient =
          Autograd.gradients(layer.forward(input), arriving, List.of(input), true).getFirst();
      final List<Tensor> wanted = new ArrayList<>(List.of(input, arriving));
      layer.parameters().forEach(parameter -> wanted.add(parameter.tensor()));
      final List<Tensor> found = Autograd.gradients(gradient, tensor(v, type), wanted, false);

      final String what = "%s in %s, seed %d".formatted(name, type, SEED);
      final Slope slope = new Slope(reference, layer.values(), v);
      assertClose(found.get(0), slope.byX(x, dy), type, what + ": x");
      assertClose(found.get(1), slope.byUpstream(x, dy), type, what + ": dy");
      int first = 0;
      for (int p = 0; p < layer.parameters().size(); p++) {
        final int length = reference.function().parameters().get(p).length();
        assertClose(
            found.get(2 + p),
            slope.byParameters(x, dy, first, length),
            type,
            what + ": " + layer.parameters().get(p).name());
        first += length;
      }
    }
  }

  private static void assertClose(Tensor found, double[] expected, ScalarType type, String what) {
    // What does not depend on a tensor has no derivative by it.
    final double[] values = found.defined() ? Values.of(found) : new double[expected.length];
    double largest = 1;
    for (final double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(values)
        .as(what)
        .containsExactly(expected, within((type == ScalarType.Float ? 2e-5 : 1e-7) * largest));
  }

  private float[] values(double deviation) {
    final float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  private static Tensor tensor(float[] values, ScalarType type) {
    return Tensor.create(values, ROWS, CHANNELS).to(type);
  }

  /** Σ v·∂(Σ dy·y)/∂x by the reference, and central differences of it. */
  private record Slope(ReferenceActivation reference, double[][] parameters, float[] v) {
    private double at(double[] x, double[] dy, double[][] values) {
      final int[] setOf = new int[SIZE];
      for (int i = 0; i < SIZE; i++) {
        setOf[i] = i % CHANNELS / 2;
      }
      double sum = 0;
      try (PointerScope inner = new PointerScope()) {
        final double[] dx = reference.at(Tensor.create(x, ROWS, CHANNELS), dy, values, setOf).dx();
        for (int i = 0; i < SIZE; i++) {
          sum += v[i] * dx[i];
        }
      }
      return sum;
    }

    double[] byX(float[] x, float[] dy) {
      final double[] slopes = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        final double[] moved = wide(x);
        moved[i] += STEP;
        final double after = at(moved, wide(dy), parameters);
        moved[i] -= 2 * STEP;
        slopes[i] = (after - at(moved, wide(dy), parameters)) / (2 * STEP);
      }
      return slopes;
    }

    double[] byUpstream(float[] x, float[] dy) {
      final double[] slopes = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        final double[] moved = wide(dy);
        moved[i] += STEP;
        final double after = at(wide(x), moved, parameters);
        moved[i] -= 2 * STEP;
        slopes[i] = (after - at(wide(x), moved, parameters)) / (2 * STEP);
      }
      return slopes;
    }

    double[] byParameters(float[] x, float[] dy, int first, int length) {
      final double[] slopes = new double[parameters.length * length];
      for (int set = 0; set < parameters.length; set++) {
        for (int j = 0; j < length; j++) {
          final double[][] moved = {parameters[0].clone(), parameters[1].clone()};
          moved[set][first + j] += STEP;
          final double after = at(wide(x), wide(dy), moved);
          moved[set][first + j] -= 2 * STEP;
          slopes[set * length + j] = (after - at(wide(x), wide(dy), moved)) / (2 * STEP);
        }
      }
      return slopes;
    }

    private static double[] wide(float[] values) {
      final double[] wide = new double[values.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = values[i];
      }
      return wide;
    }
  }
}
