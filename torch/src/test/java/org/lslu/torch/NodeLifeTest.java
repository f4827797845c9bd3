package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a function's Java side lives, and from which threads it may be used. */
class NodeLifeTest {
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

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.defined()).as("defined").isTrue();
    assertThat(Shapes.of(actual)).isEqualTo(Shapes.of(expected));
    assertThat(actual.sub(expected).abs().max().item_double())
        .as("largest difference")
        .isCloseTo(0, within(TOLERANCE));
  }

  @Test
  void hooks_surviveGarbageCollection() {
    Tensor x = leaf(5);
    Tensor w = leaf(1);
    List<Tensor> outputs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      outputs.add(ScaledCube.cube(x, w));
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
          y = ScaledCube.cube(y.sin(), leaf(1));
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
        y = Scopes.inner(() -> ScaledCube.cube(input, w));
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
                      Tensor y = ScaledCube.cube(ScaledCube.cube(x.sin(), shared), shared);
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
        Tensor y = ScaledCube.cube(x, w);
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
