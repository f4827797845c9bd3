package org.lslu.torch.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.BatchNorm2d;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.Linear;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.ParameterRole;
import org.lslu.torch.layer.Values;

class OptimiserTest {
  private static final long SEED = 31;
  private static final int STEPS = 50;

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
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.create(floats, new long[] {floats.length}).set_requires_grad(true);
  }

  private static Tensor random(Random random, int size) {
    return leaf(random.doubles(size, -1, 1).toArray());
  }

  private static ParameterGroup group(double rateFactor, double decay, Tensor... tensors) {
    List<NamedParameter> parameters = new ArrayList<>();
    for (Tensor tensor : tensors) {
      parameters.add(
          new NamedParameter(
              "p" + parameters.size() + "." + tensor.numel(), tensor, ParameterRole.WEIGHT));
    }
    return new ParameterGroup(parameters, rateFactor, decay);
  }

  /** Σ sin(3·p) + p⁴, whose gradient changes at every step. */
  private static void backward(Tensor... parameters) {
    for (Tensor p : parameters) {
      Tensor square = p.mul(p);
      Autograd.backward(p.mul(new Scalar(3)).sin().add(square.mul(square)).sum());
    }
  }

  @ParameterizedTest(name = "momentum {0}, Nesterov {1}, decay {2}")
  @CsvSource({"0,false,0", "0.9,false,0", "0.9,true,0.05", "0.5,false,0.1", "0,false,0.2"})
  void sgd_equalsLibTorch_over50Steps(double momentum, boolean nesterov, double decay) {
    compare(
        groups -> new Sgd(groups, 0.02, momentum, nesterov),
        theirs -> {
          SGDOptions options = new SGDOptions(0.02);
          options.momentum().put(momentum);
          options.nesterov().put(nesterov);
          options.weight_decay().put(decay);
          return new org.bytedeco.pytorch.SGD(theirs, options);
        },
        decay);
  }

  @ParameterizedTest(name = "β {0} and {1}, ε {2}, decay {3}")
  @CsvSource({"0.9,0.999,1e-8,0", "0.9,0.999,1e-8,0.05", "0.8,0.95,1e-3,0.35"})
  void adamW_equalsLibTorch_over50Steps(double beta1, double beta2, double epsilon, double decay) {
    compare(
        groups -> new AdamW(groups, 0.02, beta1, beta2, epsilon),
        theirs -> {
          AdamWOptions options = new AdamWOptions(0.02);
          // A std::tuple of two numbers, which libstdc++ keeps from the last to the first.
          boolean reversed = options.betas().get(0) == AdamW.BETA2;
          options.betas().put(reversed ? beta2 : beta1, reversed ? beta1 : beta2);
          options.eps().put(epsilon);
          options.weight_decay().put(decay);
          return new org.bytedeco.pytorch.AdamW(theirs, options);
        },
        decay);
  }

  private static void compare(
      Function<List<ParameterGroup>, Optimiser> ours,
      Function<TensorVector, org.bytedeco.pytorch.Optimizer> theirs,
      double decay) {
    Random random = new Random(SEED);
    Tensor a = random(random, 33);
    Tensor b = random(random, 1);
    Tensor a2 = a.detach().clone().set_requires_grad(true);
    Tensor b2 = b.detach().clone().set_requires_grad(true);
    Optimiser optimiser = ours.apply(List.of(group(1, decay, a, b)));
    org.bytedeco.pytorch.Optimizer reference = theirs.apply(new TensorVector(a2, b2));
    double[] start = Values.of(a);
    for (int step = 0; step < STEPS; step++) {
      optimiser.zeroGradients();
      backward(a, b);
      optimiser.step();
      reference.zero_grad();
      backward(a2, b2);
      reference.step();
    }
    assertThat(optimiser.steps()).isEqualTo(STEPS);
    assertThat(Values.of(a)).as("seed %d", SEED).containsExactly(Values.of(a2), within(1e-6));
    assertThat(Values.of(b)).as("seed %d", SEED).containsExactly(Values.of(b2), within(1e-6));
    assertThat(Values.of(a)[0]).isNotCloseTo(start[0], within(1e-3));
  }

  private static void gradient(Tensor parameter, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    parameter.mutable_grad().put(Tensor.create(floats, new long[] {floats.length}));
  }

  @Test
  void sgd_stepsByHand() {
    Tensor p = leaf(1, -2);
    Sgd sgd = new Sgd(List.of(group(0.5, 0.1, p)), 0.2, 0.5, false);
    gradient(p, 1, 0.4);
    sgd.step();
    // v = g + 0.1·p = (1.1, 0.2); p −= 0.1·v
    assertThat(Values.of(p)).containsExactly(new double[] {0.89, -2.02}, within(1e-6));
    gradient(p, 0, 1);
    sgd.step();
    // v = 0.5·(1.1, 0.2) + (0.089, 1 − 0.202) = (0.639, 0.898)
    assertThat(Values.of(p)).containsExactly(new double[] {0.8261, -2.1098}, within(1e-6));
    assertThat(sgd.state().keySet()).containsExactly("p0.2.momentum", "steps");
  }

  @Test
  void sgd_withNesterov_stepsByHand() {
    Tensor p = leaf(1);
    Sgd sgd = new Sgd(List.of(group(1, 0, p)), 0.1, 0.5, true);
    gradient(p, 1);
    sgd.step(); // v = 1; p −= 0.1·(1 + 0.5·1)
    assertThat(Values.of(p)).containsExactly(new double[] {0.85}, within(1e-6));
    gradient(p, 2);
    sgd.step(); // v = 2.5; p −= 0.1·(2 + 0.5·2.5)
    assertThat(Values.of(p)).containsExactly(new double[] {0.525}, within(1e-6));
  }

  @Test
  void adamW_stepsByHand() {
    Tensor p = leaf(2);
    AdamW adam = new AdamW(List.of(group(1, 0.5, p)), 0.1, 0.5, 0.75, 1e-8);
    gradient(p, 3);
    adam.step();
    // The first step is one learning rate long: 2 − 0.1·0.5·2 − 0.1·3/3.
    assertThat(Values.of(p)).containsExactly(new double[] {1.8}, within(1e-6));
    gradient(p, -1);
    adam.step();
    // m = 0.5·1.5 − 0.5 = 0.25, m̂ = 0.25/0.75; v = 0.75·2.25 + 0.25 = 1.9375, v̂ = v/0.4375.
    double expected = 1.8 - 0.05 * 1.8 - 0.1 * (0.25 / 0.75) / Math.sqrt(1.9375 / 0.4375);
    assertThat(Values.of(p)).containsExactly(new double[] {expected}, within(1e-6));
    assertThat(adam.state().keySet())
        .containsExactlyInAnyOrder("p0.1.mean", "p0.1.square", "p0.1.step", "steps");
  }

  @Test
  void step_leavesAloneWhatHasNoGradient() {
    Tensor with = leaf(1);
    Tensor without = leaf(1, 2);
    AdamW adam = new AdamW(List.of(group(1, 0.5, with, without)), 0.1);
    backward(with);
    adam.step();
    assertThat(Values.of(without)).containsExactly(1, 2);
    assertThat(adam.state()).doesNotContainKey("p1.2.step").containsKey("p0.1.step");
    adam.zeroGradients();
    assertThat(with.grad().defined()).isFalse();
    double before = Values.of(with)[0];
    adam.step();
    assertThat(Values.of(with)).containsExactly(before);
    assertThat(adam.steps()).isEqualTo(2);
  }

  @Test
  void step_readsGradientsOfAnyLayout() {
    Tensor p = leaf(1, 2, 3, 4, 5, 6).detach().view(2, 3).contiguous().set_requires_grad(true);
    Tensor transposed = leaf(10, 20, 30, 40, 50, 60).detach().view(3, 2).t();
    p.mutable_grad().put(transposed);
    Sgd sgd = new Sgd(List.of(group(1, 0, p)), 0.1, 0, false);
    sgd.step();
    assertThat(Values.of(p)).containsExactly(new double[] {0, -1, -2, 2, 1, 0}, within(1e-5));
  }

  @Test
  void groups_followRoles() {
    Layer network = new Grouped();
    List<ParameterGroup> groups =
        ParameterGroup.of(network, new ParameterGroup.Rules(0.05, 0.1, 0, 1));
    assertThat(groups)
        .extracting(
            group -> group.parameters().stream().map(NamedParameter::name).toList(),
            ParameterGroup::rateFactor,
            ParameterGroup::weightDecay)
        .containsExactlyInAnyOrder(
            tuple(List.of("linear.weight"), 1.0, 0.05),
            tuple(List.of("linear.bias", "bn.weight", "bn.bias"), 1.0, 0.0),
            tuple(List.of("decayed"), 0.1, 0.05),
            tuple(List.of("theta"), 0.1, 0.0));
    Linear linear = new Linear(new Initialiser(1).heNormal(2, 2, 2));
    assertThat(ParameterGroup.of(linear, ParameterGroup.Rules.decaying(0.1))).hasSize(2);
  }

  private static final class Grouped extends Layer {
    Grouped() {
      parameter("theta", leaf(1, 1), ParameterRole.ACTIVATION);
      parameter("decayed", leaf(1, 1), ParameterRole.DECAYED_ACTIVATION);
      child("linear", new Linear(new Initialiser(1).heNormal(2, 2, 2)));
      child("bn", new BatchNorm2d(2, 1e-5));
    }

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void load_continuesAsIfNeverInterrupted(boolean adam) {
    Function<Tensor[], Optimiser> maker =
        tensors -> {
          List<ParameterGroup> groups = List.of(group(1, 0.05, tensors));
          return adam ? new AdamW(groups, 0.02) : new Sgd(groups, 0.02, 0.9, true);
        };
    Random random = new Random(SEED);
    Tensor[] whole = {random(random, 5), random(random, 3)};
    Tensor[] resumed = {
      whole[0].detach().clone().set_requires_grad(true),
      whole[1].detach().clone().set_requires_grad(true)
    };
    Optimiser straight = maker.apply(whole);
    Optimiser first = maker.apply(resumed);
    for (int i = 0; i < 7; i++) {
      train(straight, whole);
      train(first, resumed);
    }
    Optimiser second = maker.apply(resumed);
    second.load(first.state());
    assertThat(second.steps()).isEqualTo(7);
    for (int i = 0; i < 7; i++) {
      train(straight, whole);
      train(second, resumed);
    }
    assertThat(Values.of(resumed[0])).containsExactly(Values.of(whole[0]));
    assertThat(Values.of(resumed[1])).containsExactly(Values.of(whole[1]));
  }

  private static void train(Optimiser optimiser, Tensor... parameters) {
    optimiser.zeroGradients();
    backward(parameters);
    optimiser.step();
  }

  @Test
  void load_tellsWhatDoesNotFit_andChangesNothing() {
    Tensor p = leaf(1, 2, 3);
    Sgd sgd = new Sgd(List.of(group(1, 0, p)), 0.1, 0.9, false);
    train(sgd, p);
    double momentum = Values.of(stateOf(sgd, "p0.3.momentum"))[0];

    Map<String, Tensor> misshaped = new LinkedHashMap<>(sgd.state());
    misshaped.put("p0.3.momentum", leaf(1, 2));
    assertThatThrownBy(() -> sgd.load(misshaped))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("\"p0.3.momentum\" is Float 2, but Float 3 was expected");
    Map<String, Tensor> unexpected = new LinkedHashMap<>(sgd.state());
    unexpected.put("p0.3.square", leaf(1, 2, 3));
    assertThatThrownBy(() -> sgd.load(unexpected))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no place for p0.3.square");
    assertThatThrownBy(() -> sgd.load(Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("lacks \"steps\"");
    assertThat(Values.of(stateOf(sgd, "p0.3.momentum"))[0]).isEqualTo(momentum);
    assertThat(sgd.steps()).isEqualTo(1);
  }

  private static Tensor stateOf(Optimiser optimiser, String key) {
    Tensor value = optimiser.state().get(key);
    if (value == null) {
      throw new AssertionError("no state " + key);
    }
    return value;
  }

  @Test
  void optimisers_refuseNumbersOutOfRange() {
    List<ParameterGroup> groups = List.of(group(1, 0, leaf(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(groups, -1, 0, false));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(groups, 1, 1, false));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(groups, 1, 0, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(groups, 1, 1, 0.9, 1e-8));
    assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(groups, Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> group(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> group(1, Double.NaN));
    List<ParameterGroup> twice = List.of(groups.getFirst(), groups.getFirst());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sgd(twice, 1, 0, false))
        .withMessageContaining("p0.1 is in two groups");
  }
}
