package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lslu.torch.AutogradFunction.Backward;

class AutogradFunctionTest {
  private static final double TOLERANCE = 1e-5;

  private PointerScope scope;

  @BeforeAll
  static void start() {
    LibTorch.start();
  }

  @BeforeEach
  void open() {
    LibTorch.seed(17);
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor leaf(long... shape) {
    return torch.randn(shape).set_requires_grad(true);
  }

  private static Tensor copyOfLeaf(Tensor leaf) {
    return leaf.detach().clone().set_requires_grad(true);
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.defined()).as("defined").isTrue();
    assertThat(Shapes.of(actual)).isEqualTo(Shapes.of(expected));
    assertThat(actual.sub(expected).abs().max().item_double())
        .as("largest difference")
        .isCloseTo(0, within(TOLERANCE));
  }

  @Test
  void record_givesGradientsOfLeaves() {
    Tensor x = leaf(3, 5);
    Tensor w = leaf(1);
    Tensor x2 = copyOfLeaf(x);
    Tensor w2 = copyOfLeaf(w);

    Autograd.backward(ScaledCube.cube(x, w).sum());
    ScaledCube.reference(x2, w2).sum().backward();

    assertSame(x.grad(), x2.grad());
    assertSame(w.grad(), w2.grad());
  }

  @Test
  void record_givesGradientsThroughOtherOperations() {
    Tensor x = leaf(7, 2);
    Tensor w = leaf(1);
    Tensor x2 = copyOfLeaf(x);
    Tensor w2 = copyOfLeaf(w);

    // Non-leaf inputs, one of them the second output of an operation, and two functions in a row.
    Tensor y = ScaledCube.cube(ScaledCube.cube(x.sin(), w.exp()).unbind(1).get(1), w.exp());
    Autograd.backward(y.sum());
    Tensor inner = ScaledCube.reference(x2.sin(), w2.exp()).unbind(1).get(1);
    ScaledCube.reference(inner, w2.exp()).sum().backward();

    assertSame(x.grad(), x2.grad());
    assertSame(w.grad(), w2.grad());
  }

  @Test
  void record_passesNoGradientToFrozenInput() {
    Tensor x = leaf(4);
    Tensor w = torch.randn(1);
    List<Boolean> needed = new ArrayList<>();
    Backward watched =
        (dy, saved) -> {
          needed.add(saved.needsGradient(0));
          needed.add(saved.needsGradient(1));
          return new ScaledCube().gradients(dy, saved);
        };

    Autograd.backward(ScaledCube.cube(watched, x, w).sum());

    assertThat(needed).containsExactly(true, false);
    assertThat(x.grad().defined()).isTrue();
    assertThat(w.grad().defined()).isFalse();
  }

  @Test
  void record_doesNothing_withoutGradMode() {
    Tensor x = leaf(4);
    int before = NodeLife.living();
    try (NoGradGuard off = new NoGradGuard()) {
      Tensor y = AutogradFunction.record(x.mul(x), new ScaledCube(), x, torch.ones(1));
      assertThat(y.requires_grad()).isFalse();
    }
    assertThat(ScaledCube.cube(torch.randn(3), torch.ones(1)).requires_grad()).isFalse();
    assertThat(NodeLife.living()).isEqualTo(before);
  }

  @Test
  void backward_addsTwice_whereGraphIsRetained() {
    Tensor x = leaf(6);
    Tensor w = leaf(1);
    Tensor loss = ScaledCube.cube(x, w).sum();

    Autograd.backward(loss, new Tensor(), true);
    Tensor once = x.grad().clone();
    Autograd.backward(loss);

    assertSame(x.grad(), once.mul(new Scalar(2.0)));
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(loss))
        .withMessageContaining("second backward pass")
        .withMessageContaining("retainGraph = true");
  }

  @Test
  void backward_handsOnUndefinedGradient() {
    Tensor x = leaf(6);
    Tensor unused = leaf(2);
    Tensor w = leaf(1);
    Tensor y = ScaledCube.cube(x, w);
    // A function whose gradient by y is undefined leaves y's function without one.
    Tensor z;
    try (NoGradGuard off = new NoGradGuard()) {
      z = unused.add(new Scalar(1.0));
    }
    AutogradFunction.record(z, (dz, saved) -> new Tensor[] {dz.clone(), new Tensor()}, unused, y);

    Autograd.backward(z.sum());

    assertThat(unused.grad().defined()).isTrue();
    assertThat(x.grad().defined()).isFalse();
  }

  @Test
  void gradients_ofGradients_equalThoseOfLibTorch() {
    Tensor x = leaf(5);
    Tensor w = leaf(1);
    Tensor x2 = copyOfLeaf(x);
    Tensor w2 = copyOfLeaf(w);

    List<Tensor> ours = secondOrder(ScaledCube.cube(x.sin(), w), x, w);
    List<Tensor> theirs = secondOrder(ScaledCube.reference(x2.sin(), w2), x2, w2);

    assertSame(ours.get(0), theirs.get(0));
    assertSame(ours.get(1), theirs.get(1));
  }

  private static List<Tensor> secondOrder(Tensor y, Tensor x, Tensor w) {
    List<Tensor> first = Autograd.gradients(y.mul(y).sum(), new Tensor(), List.of(x, w), true);
    Tensor penalty =
        first.get(0).mul(first.get(0)).sum().add(first.get(1).pow(new Scalar(3)).sum());
    return Autograd.gradients(penalty, new Tensor(), List.of(x, w), false);
  }

  @Test
  void gradients_ofGradients_equalHandDerivative() {
    Tensor x = leaf(5);
    Tensor w = leaf(1);
    Tensor y = ScaledCube.cube(x, w).sum();
    Tensor dx = Autograd.gradients(y, new Tensor(), List.of(x), true).getFirst();
    assertThat(dx.requires_grad()).isTrue();
    // d²/dx² Σ w·x³ = 6·w·x
    List<Tensor> second = Autograd.gradients(dx.sum(), new Tensor(), List.of(x), false);
    assertSame(second.getFirst(), x.mul(w).mul(new Scalar(6.0)).detach());
    assertThat(x.grad().defined()).as("leaves stay untouched").isFalse();
  }

  @Test
  void gradients_ofGradients_failWithReason_withoutComposition() {
    Tensor x = leaf(5);
    Backward firstOrder = (dy, saved) -> new ScaledCube().gradients(dy, saved);
    Tensor y = ScaledCube.cube(firstOrder, x, leaf(1));
    assertThatThrownBy(() -> Autograd.gradients(y.sum(), new Tensor(), List.of(x), true))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("createGraph");
  }

  @Test
  void backward_tellsOfInputChangedInPlace() {
    Tensor x = leaf(2, 3);
    Tensor w = leaf(1);
    Tensor y = ScaledCube.cube(x, w);
    try (NoGradGuard off = new NoGradGuard()) {
      w.add_(new Scalar(1.0));
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(y.sum()))
        .withMessageContaining("the scaled cube")
        .withMessageContaining("input 1 (1)")
        .withMessageContaining("changed in place");
    assertThat(x.grad().defined()).isFalse();
  }

  @Test
  void backward_rethrowsWhatTheFunctionThrew() {
    Tensor x = leaf(3);
    IllegalStateException thrown = new IllegalStateException("broken on purpose");
    Tensor y =
        ScaledCube.cube(
            (dy, saved) -> {
              throw thrown;
            },
            x,
            leaf(1));
    assertThatThrownBy(() -> Autograd.backward(y.sum())).isSameAs(thrown);

    Error error = new AssertionError("an error on purpose");
    Tensor z =
        ScaledCube.cube(
            (dy, saved) -> {
              throw error;
            },
            x,
            leaf(1));
    assertThatThrownBy(() -> Autograd.backward(z.sum())).isSameAs(error);
  }

  @Test
  void backward_ofLibTorch_tellsWhatTheFunctionThrew() {
    Tensor y =
        ScaledCube.cube(
            (dy, saved) -> {
              throw new IllegalStateException("broken on purpose");
            },
            leaf(3),
            leaf(1));
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("broken on purpose");
  }

  @Test
  void backward_survivesNativeErrorInFunction() {
    Tensor y = ScaledCube.cube((dy, saved) -> new Tensor[] {dy.view(99, 3), dy}, leaf(3), leaf(1));
    assertThatThrownBy(() -> Autograd.backward(y.sum())).hasMessageContaining("[99, 3]");
    // The next pass is not disturbed.
    Tensor x = leaf(3);
    Autograd.backward(ScaledCube.cube(x, leaf(1)).sum());
    assertThat(x.grad().defined()).isTrue();
  }

  @Test
  void backward_tellsOfGradientOfWrongShapeCountOrType() {
    Tensor x = leaf(3);
    Tensor w = leaf(1);
    Tensor wrongShape =
        ScaledCube.cube((dy, saved) -> new Tensor[] {torch.ones(4), torch.ones(1)}, x, w);
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(wrongShape.sum()))
        .withMessageContaining("Float 4 for input 0, which is Float 3");
    Tensor wrongType =
        ScaledCube.cube(
            (dy, saved) -> new Tensor[] {torch.ones(3).to(torch.ScalarType.Double), torch.ones(1)},
            x,
            w);
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(wrongType.sum()))
        .withMessageContaining("Double 3 for input 0");
    Tensor wrongCount = ScaledCube.cube((dy, saved) -> new Tensor[] {torch.ones(3)}, x, w);
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(wrongCount.sum()))
        .withMessageContaining("returned 1 gradients, but it has 2 inputs");
  }

  @Test
  void record_refusesWhatCannotBeRecorded() {
    Tensor x = leaf(3);
    Backward backward = new ScaledCube();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AutogradFunction.record(x.mul(x), backward, x))
        .withMessageContaining("part of the autograd graph");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AutogradFunction.record(torch.ones(2).view(1, 2), backward, x))
        .withMessageContaining("a view");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AutogradFunction.record(torch.ones(2).to(torch.ScalarType.Long), backward, x))
        .withMessageContaining("floating-point");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AutogradFunction.record(torch.ones(2), backward));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AutogradFunction.record(torch.ones(2), backward, x, new Tensor()))
        .withMessageContaining("Input 1");
  }

  @Test
  void backward_refusesWhatHasNoGradient() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Autograd.backward(torch.ones(1)))
        .withMessageContaining("requires no gradient");
    Tensor y = ScaledCube.cube(leaf(3), leaf(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Autograd.backward(y))
        .withMessageContaining("one element");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Autograd.backward(y, torch.ones(4), false))
        .withMessageContaining("The gradient is 4");
  }
}
