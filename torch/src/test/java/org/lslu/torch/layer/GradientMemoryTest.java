package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.FunctionPostHook;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lslu.function.Catalogue;
import org.lslu.torch.Autograd;
import org.lslu.torch.AutogradFunction;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;

/** dx over dy's memory: where nothing else holds dy, and nowhere else. */
class GradientMemoryTest {
  private static final long SEED = 3;
  private static final long[] SHAPE = {5, 3, 7, 11};

  private PointerScope scope;
  private Tensor x;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
    LibTorch.seed(SEED);
    x = torch.randn(SHAPE);
    x.set_requires_grad(true);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** The identity, which notes whether it could have written over dy. */
  private static final class Witness implements AutogradFunction.Backward {
    private final List<Boolean> reused = new ArrayList<>();

    Tensor apply(Tensor input) {
      return AutogradFunction.record(input.detach().clone(), this, input);
    }

    @Override
    public Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
      final Tensor arriving = dy.contiguous();
      final Tensor dx = Kernels.gradientMemory(saved.input(0), dy, arriving);
      reused.add(dx.data_ptr().address() == dy.data_ptr().address());
      dx.copy_(arriving);
      return new Tensor[] {dx};
    }
  }

  /** A hook that keeps the gradients which a node hands on. */
  private static final class Keeping extends FunctionPostHook {
    private final List<Tensor> kept = new ArrayList<>();

    @Override
    public TensorVector apply(TensorVector outputs, TensorVector inputs) {
      kept.add(Scopes.outside(() -> new Tensor(outputs.get(0))));
      return outputs;
    }
  }

  private static Tensor doubled(Tensor tensor) {
    return tensor.mul(new Scalar(2.0));
  }

  @Test
  void gradientOfTheNextLayer_isOverwritten() {
    final Witness witness = new Witness();
    Autograd.backward(doubled(witness.apply(x)).sum());
    assertThat(witness.reused).containsExactly(true);
    assertThat(x.grad().eq(new Scalar(2.0)).all().item_bool()).isTrue();
  }

  @Test
  void gradientOfTheCaller_isNot() {
    final Witness witness = new Witness();
    final Tensor dy = torch.randn(SHAPE);
    final Tensor before = dy.clone();
    Autograd.backward(witness.apply(x), dy, false);
    assertThat(witness.reused).containsExactly(false);
    assertThat(dy.equal(before)).isTrue();
  }

  @Test
  void gradientThatIsRetained_staysAsItWas() {
    final ActivationLayer layer = new ActivationLayer(Catalogue.function("silu"), 3);
    final Tensor y = layer.forward(x);
    y.retain_grad();
    Autograd.backward(doubled(y).sum());
    assertThat(y.grad().eq(new Scalar(2.0)).all().item_bool()).isTrue();
  }

  @Test
  void gradientThatAHookKeeps_isNot() {
    final Witness witness = new Witness();
    final Keeping hook = new Keeping();
    final Tensor twice = doubled(witness.apply(x));
    twice.grad_fn().add_post_hook(hook);
    Autograd.backward(twice.sum());
    assertThat(witness.reused).containsExactly(false);
    assertThat(hook.kept.getFirst().eq(new Scalar(2.0)).all().item_bool()).isTrue();
  }

  @Test
  void gradientThatGoesToTwoFunctions_isOverwrittenByTheLastAtMost() {
    final Witness witness = new Witness();
    Autograd.backward(doubled(witness.apply(x).add(witness.apply(x))).sum());
    assertThat(witness.reused).hasSize(2);
    assertThat(witness.reused.getFirst()).isFalse();
    assertThat(x.grad().eq(new Scalar(4.0)).all().item_bool()).isTrue();
  }

  @Test
  void gradientThatIsAViewOfAnother_isNot() {
    final Witness witness = new Witness();
    // The gradient of a reshaped tensor is a view of the gradient that goes on to the leaf too.
    final Tensor leaf = torch.zeros(SHAPE[0] * SHAPE[1] * SHAPE[2] * SHAPE[3]);
    leaf.set_requires_grad(true);
    final Tensor sum = witness.apply(x).reshape(-1).add(leaf);
    Autograd.backward(doubled(sum).sum());
    assertThat(witness.reused).containsExactly(false);
    assertThat(leaf.grad().eq(new Scalar(2.0)).all().item_bool()).isTrue();
    assertThat(x.grad().eq(new Scalar(2.0)).all().item_bool()).isTrue();
  }

  @Test
  void expandedGradient_isCopiedFirst() {
    final Witness witness = new Witness();
    Autograd.backward(witness.apply(x).sum());
    assertThat(witness.reused).containsExactly(false);
    assertThat(x.grad().eq(new Scalar(1.0)).all().item_bool()).isTrue();
  }

  @Test
  void gradientsThroughAnActivation_areTheSameWithAndWithout() {
    final ActivationLayer layer = new ActivationLayer(Catalogue.function("lslu(n=3)"), 3);
    final List<Tensor> expected = gradients(layer, y -> y, torch.full(SHAPE, new Scalar(2.0)));
    final List<Tensor> found = gradients(layer, GradientMemoryTest::doubled, torch.ones(SHAPE));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i).equal(expected.get(i))).as("gradient %d, seed %d", i, SEED).isTrue();
    }
  }

  /** The graph is kept for a second pass: what the first overwrote must not be missed. */
  @Test
  void secondPassOverARetainedGraph_givesTheSame() {
    final ActivationLayer layer = new ActivationLayer(Catalogue.function("silu"), 3);
    final Tensor loss = doubled(layer.forward(layer.forward(x))).sum();
    Autograd.backward(loss, new Tensor(), true);
    final Tensor first = x.grad().clone();
    x.mutable_grad().reset();
    Autograd.backward(loss, new Tensor(), true);
    assertThat(x.grad().equal(first)).isTrue();
  }

  private List<Tensor> gradients(ActivationLayer layer, UnaryOperator<Tensor> then, Tensor dy) {
    final List<Tensor> leaves = new ArrayList<>(List.of(x));
    layer.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
    Autograd.backward(then.apply(layer.forward(x)), dy, false);
    final List<Tensor> gradients = new ArrayList<>();
    for (final Tensor leaf : leaves) {
      gradients.add(leaf.grad().clone());
      leaf.mutable_grad().reset();
    }
    return gradients;
  }
}
