package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lslu.torch.AutogradFunction.Backward;
import org.lslu.torch.AutogradFunction.Saved;

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

  /** y = w·x³, with the backward pass written by hand. */
  private static final class ScaledCube implements Backward {
    @Override
    public Tensor[] gradients(Tensor dy, Saved saved) {
      Tensor x = saved.input(0);
      Tensor w = saved.input(1);
      Tensor dx =
          saved.needsGradient(0) ? dy.mul(w).mul(x).mul(x).mul(new Scalar(3.0)) : new Tensor();
      Tensor dw = saved.needsGradient(1) ? dy.mul(x).mul(x).mul(x).sum().view(1) : new Tensor();
      return new Tensor[] {dx, dw};
    }

    @Override
    public Tensor composed(Tensor[] inputs) {
      return reference(inputs[0], inputs[1]);
    }

    @Override
    public String name() {
      return "the scaled cube";
    }

    static Tensor reference(Tensor x, Tensor w) {
      return x.mul(x).mul(x).mul(w);
    }
  }

  private static Tensor cube(Tensor x, Tensor w) {
    return cube(new ScaledCube(), x, w);
  }

  private static Tensor cube(Backward backward, Tensor x, Tensor w) {
    Tensor y;
    try (NoGradGuard off = new NoGradGuard()) {
      y = ScaledCube.reference(x, w);
    }
    return AutogradFunction.record(y, backward, x, w);
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

    Autograd.backward(cube(x, w).sum());
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
    Tensor y = cube(cube(x.sin(), w.exp()).unbind(1).get(1), w.exp());
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

    Autograd.backward(cube(watched, x, w).sum());

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
    assertThat(cube(torch.randn(3), torch.ones(1)).requires_grad()).isFalse();
    assertThat(NodeLife.living()).isEqualTo(before);
  }

  @Test
  void backward_addsTwice_whereGraphIsRetained() {
    Tensor x = leaf(6);
    Tensor w = leaf(1);
    Tensor loss = cube(x, w).sum();

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
    Tensor y = cube(x, w);
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

    List<Tensor> ours = secondOrder(cube(x.sin(), w), x, w);
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
    Tensor y = cube(x, w).sum();
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
    Tensor y = cube(firstOrder, x, leaf(1));
    assertThatThrownBy(() -> Autograd.gradients(y.sum(), new Tensor(), List.of(x), true))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("createGraph");
  }

  @Test
  void backward_tellsOfInputChangedInPlace() {
    Tensor x = leaf(2, 3);
    Tensor w = leaf(1);
    Tensor y = cube(x, w);
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
        cube(
            (dy, saved) -> {
              throw thrown;
            },
            x,
            leaf(1));
    assertThatThrownBy(() -> Autograd.backward(y.sum())).isSameAs(thrown);

    Error error = new AssertionError("an error on purpose");
    Tensor z =
        cube(
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
        cube(
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
    Tensor y = cube((dy, saved) -> new Tensor[] {dy.view(99, 3), dy}, leaf(3), leaf(1));
    assertThatThrownBy(() -> Autograd.backward(y.sum())).hasMessageContaining("[99, 3]");
    // The next pass is not disturbed.
    Tensor x = leaf(3);
    Autograd.backward(cube(x, leaf(1)).sum());
    assertThat(x.grad().defined()).isTrue();
  }

  @Test
  void backward_tellsOfGradientOfWrongShapeCountOrType() {
    Tensor x = leaf(3);
    Tensor w = leaf(1);
    Tensor wrongShape = cube((dy, saved) -> new Tensor[] {torch.ones(4), torch.ones(1)}, x, w);
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(wrongShape.sum()))
        .withMessageContaining("Float 4 for input 0, which is Float 3");
    Tensor wrongType =
        cube(
            (dy, saved) -> new Tensor[] {torch.ones(3).to(torch.ScalarType.Double), torch.ones(1)},
            x,
            w);
    assertThatIllegalStateException()
        .isThrownBy(() -> Autograd.backward(wrongType.sum()))
        .withMessageContaining("Double 3 for input 0");
    Tensor wrongCount = cube((dy, saved) -> new Tensor[] {torch.ones(3)}, x, w);
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
    Tensor y = cube(leaf(3), leaf(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Autograd.backward(y))
        .withMessageContaining("one element");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Autograd.backward(y, torch.ones(4), false))
        .withMessageContaining("The gradient is 4");
  }

  @Test
  void hooks_surviveGarbageCollection() {
    Tensor x = leaf(5);
    Tensor w = leaf(1);
    List<Tensor> outputs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      outputs.add(cube(x, w));
    }
    for (int i = 0; i < 5; i++) {
      System.gc();
      byte[] churn = new byte[1 << 20];
      assertThat(churn).hasSize(1 << 20);
    }
    Tensor sum = torch.zeros(5);
    for (Tensor output : outputs) {
      sum = sum.add(output);
    }
    Autograd.backward(sum.sum());
    assertSame(x.grad().div(new Scalar(50.0)), x.mul(x).mul(w).mul(new Scalar(3.0)).detach());
  }

  @Test
  void graph_isFreed_withAndWithoutBackward() {
    int before = NodeLife.living();
    Tensor x = leaf(5);
    for (boolean backward : new boolean[] {true, false}) {
      try (PointerScope step = new PointerScope()) {
        Tensor y = x;
        for (int i = 0; i < 40; i++) {
          y = cube(y.sin(), leaf(1));
        }
        assertThat(NodeLife.living()).isEqualTo(before + 40);
        if (backward) {
          Autograd.backward(y.sum());
        }
      }
      assertThat(NodeLife.living()).as("after backward: %s", backward).isEqualTo(before);
    }
  }

  @Test
  void graph_ofManyFunctions_isFreedWithoutDeepRecursion() {
    int before = NodeLife.living();
    try (PointerScope step = new PointerScope()) {
      Tensor y = leaf(2);
      Tensor w = torch.ones(1);
      for (int i = 0; i < 5_000; i++) {
        Tensor input = y;
        y = Scopes.inner(() -> cube(input, w));
      }
      assertThat(NodeLife.living()).isEqualTo(before + 5_000);
    }
    assertThat(NodeLife.living()).isEqualTo(before);
  }

  @Test
  void record_worksOnFourThreads() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> work = new ArrayList<>();
      Tensor shared = leaf(1);
      for (int thread = 0; thread < 4; thread++) {
        work.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    try (PointerScope step = new PointerScope();
                        AutoGradMode on = new AutoGradMode(true)) {
                      Tensor x = leaf(11);
                      Tensor y = cube(cube(x.sin(), shared), shared);
                      List<Tensor> ours =
                          Autograd.gradients(y.sum(), new Tensor(), List.of(x, shared), false);
                      Tensor z =
                          ScaledCube.reference(ScaledCube.reference(x.sin(), shared), shared);
                      List<Tensor> theirs =
                          Autograd.gradients(z.sum(), new Tensor(), List.of(x, shared), false);
                      assertSame(ours.get(0), theirs.get(0));
                      assertThat(ours.get(1).item_double())
                          .isCloseTo(theirs.get(1).item_double(), within(1e-3));
                    }
                  }
                }));
      }
      for (Future<?> future : work) {
        assertThatCode(future::get).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void memory_staysFlat_over2000Calls() throws Exception {
    ResidentMemory.assumeMeasurable();
    Tensor x = leaf(256, 1024); // 1 MiB
    Tensor w = leaf(1);
    long after200 = 0;
    for (int i = 0; i < 2_200; i++) {
      if (i == 200) {
        after200 = ResidentMemory.bytes();
      }
      try (PointerScope step = new PointerScope()) {
        Tensor y = cube(x, w);
        if (i % 3 != 0) { // Every third graph is dropped without a backward pass.
          Autograd.backward(y.sum());
          x.mutable_grad().reset();
          w.mutable_grad().reset();
        }
      }
    }
    assertThat(ResidentMemory.bytes() - after200)
        .as("growth in bytes over 2,000 calls of 1 MiB")
        .isLessThan(64L << 20);
  }
}
