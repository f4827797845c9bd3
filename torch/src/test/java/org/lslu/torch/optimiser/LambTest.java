package org.lslu.torch.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.ParameterRole;
import org.lslu.torch.layer.Values;

/** LAMB against its formula in double precision, and the bound of the gradients. */
class LambTest {
  private static final long SEED = 47;
  private static final double RATE = 0.01;

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

  private static Tensor leaf(double... values) {
    final float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.create(floats, new long[] {floats.length}).set_requires_grad(true);
  }

  private static ParameterGroup group(double decay, Tensor... tensors) {
    return new ParameterGroup(
        IntStream.range(0, tensors.length)
            .mapToObj(i -> new NamedParameter("p" + i, tensors[i], ParameterRole.WEIGHT))
            .toList(),
        1,
        decay);
  }

  private static double[] random(Random random, int size) {
    // Through float, as the tensor has it.
    return random.doubles(size, -1, 1).map(value -> (float) value).toArray();
  }

  private static double norm(double... values) {
    return Math.sqrt(DoubleStream.of(values).map(value -> value * value).sum());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.35})
  void steps_followTheFormula(double decay) {
    final Random random = new Random(SEED);
    final double[] p = random(random, 7);
    final Tensor tensor = leaf(p);
    final Lamb lamb = new Lamb(List.of(group(decay, tensor)), RATE);
    final double[] m = new double[p.length];
    final double[] v = new double[p.length];
    for (int t = 1; t <= 20; t++) {
      final double[] g = random(random, p.length);
      tensor.mutable_grad().put(leaf(g).detach());
      lamb.step();

      final double[] u = new double[p.length];
      for (int i = 0; i < p.length; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        final double mean = m[i] / (1 - Math.pow(0.9, t));
        final double square = v[i] / (1 - Math.pow(0.999, t));
        u[i] = mean / (Math.sqrt(square) + 1e-6) + decay * p[i];
      }
      final double trust = decay == 0 ? 1 : norm(p) / norm(u);
      for (int i = 0; i < p.length; i++) {
        p[i] -= RATE * trust * u[i];
      }
      assertThat(Values.of(tensor))
          .as("seed %d, step %d", SEED, t)
          .containsExactly(p, within(2e-5));
    }
  }

  @Test
  void parameterOfZeros_stillMoves() {
    final Tensor zero = leaf(0, 0);
    final Lamb lamb = new Lamb(List.of(group(0.1, zero)), RATE);
    zero.mutable_grad().put(leaf(1, -1).detach());
    lamb.step();
    assertThat(Values.of(zero)).containsExactly(new double[] {-RATE, RATE}, within(1e-6));
  }

  @Test
  void clip_boundsTheNormOfAllGradientsTogether() {
    final Tensor first = leaf(0, 0);
    final Tensor second = leaf(0);
    final Sgd sgd =
        new Sgd(
            List.of(
                group(0, first),
                new ParameterGroup(
                    List.of(new NamedParameter("other", second, ParameterRole.BIAS)), 1, 0)),
            1,
            0,
            false);
    first.mutable_grad().put(leaf(3, 0).detach());
    second.mutable_grad().put(leaf(4).detach());
    assertThat(sgd.clip(10)).isCloseTo(5, within(1e-6));
    assertThat(Values.of(first.grad())).containsExactly(3, 0);
    assertThat(sgd.clip(1)).isCloseTo(5, within(1e-6));
    assertThat(Values.of(first.grad())).containsExactly(new double[] {0.6, 0}, within(1e-6));
    assertThat(Values.of(second.grad())).containsExactly(new double[] {0.8}, within(1e-6));
    sgd.zeroGradients();
    assertThat(sgd.clip(1)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> sgd.clip(0));
  }

  @Test
  void weightDecayFactor_scalesTheDecayOfEveryGroup() {
    final double[] start = {2, -4};
    final Tensor p = leaf(start);
    final AdamW adamw = new AdamW(List.of(group(0.5, p)), 0.1);
    adamw.weightDecayFactor(0.2);
    p.mutable_grad().put(leaf(0, 0).detach());
    adamw.step();
    assertThat(Values.of(p))
        .containsExactly(
            Arrays.stream(start).map(value -> value * (1 - 0.1 * 0.5 * 0.2)).toArray(),
            within(1e-6));
    assertThatIllegalArgumentException().isThrownBy(() -> adamw.weightDecayFactor(-1));
  }

  @Test
  void impossibleNumbers_areRefused() {
    final List<ParameterGroup> groups = List.of(group(0, leaf(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lamb(groups, 1, 1, 0.9, 1e-6));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lamb(groups, 1, 0.9, -1, 1e-6));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lamb(groups, 1, 0.9, 0.9, 0));
  }
}
