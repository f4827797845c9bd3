package org.lslu.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.kernel.Workers;
import org.lslu.torch.Autograd;
import org.lslu.torch.layer.ActivationLayer;

/** Small computations whose results are known: do kernels, LibTorch and autograd work here? */
final class SelfTest {
  private static final int ODD = 1003; // no whole number of vectors
  private static final int SIDE = 67;
  private static final double TOLERATED = 1e-5;
  private static final long SEED = 1;

  private SelfTest() {}

  /** A kernel's values against double precision. */
  static Finding kernel() {
    double largest = 0;
    for (final String name : List.of("lslu", "gelu", "mish")) {
      final ActivationFunction function = Catalogue.function(name);
      final double[] parameters = function.initialValues();
      final ActivationFunction.Curve curve = function.curve();
      try (Arena arena = Arena.ofConfined();
          Workers workers = new Workers(1)) {
        final MemorySegment x = arena.allocate(ValueLayout.JAVA_FLOAT, ODD);
        final MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, ODD);
        for (int i = 0; i < ODD; i++) {
          x.setAtIndex(ValueLayout.JAVA_FLOAT, i, -4 + 8f * i / ODD);
        }
        ActivationKernel.of(function)
            .forward(x, y, Layout.uniform(ODD), new double[][] {parameters}, workers);
        for (int i = 0; i < ODD; i++) {
          final double wanted = curve.at(x.getAtIndex(ValueLayout.JAVA_FLOAT, i), parameters);
          largest = Math.max(largest, Math.abs(y.getAtIndex(ValueLayout.JAVA_FLOAT, i) - wanted));
        }
      }
    }
    return judged("kernels", "lslu, gelu and mish against double precision", largest);
  }

  /** LibTorch's matrix product against double precision. */
  static Finding matrixProduct() {
    final Random random = new Random(SEED);
    final float[] a = new float[SIDE * SIDE];
    final float[] b = new float[SIDE * SIDE];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextFloat() - 0.5f;
      b[i] = random.nextFloat() - 0.5f;
    }
    double largest = 0;
    try (PointerScope scope = new PointerScope()) {
      final Tensor product =
          Tensor.create(a, SIDE, SIDE).matmul(Tensor.create(b, SIDE, SIDE)).contiguous();
      final float[] c = new float[a.length];
      new FloatPointer(product.data_ptr()).get(c);
      for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
          double wanted = 0;
          for (int k = 0; k < SIDE; k++) {
            wanted += (double) a[row * SIDE + k] * b[k * SIDE + column];
          }
          largest = Math.max(largest, Math.abs(c[row * SIDE + column] - wanted));
        }
      }
    }
    return judged("LibTorch's matmul", SIDE + "×" + SIDE + " against double precision", largest);
  }

  /** A fused gradient through LibTorch's autograd against double precision. */
  static Finding gradient() {
    final ActivationFunction function = Catalogue.function("silu");
    final ActivationFunction.Curve derivative = function.derivative();
    final float[] values = new float[ODD];
    for (int i = 0; i < ODD; i++) {
      values[i] = -4 + 8f * i / ODD;
    }
    double largest = 0;
    try (PointerScope scope = new PointerScope()) {
      final Tensor x = Tensor.create(values, ODD);
      x.set_requires_grad(true);
      final Tensor y = new ActivationLayer(function, 1).forward(x);
      final Tensor dx = Autograd.gradients(y.sum(), new Tensor(), List.of(x), false).getFirst();
      final float[] found = new float[ODD];
      new FloatPointer(dx.contiguous().data_ptr()).get(found);
      for (int i = 0; i < ODD; i++) {
        largest = Math.max(largest, Math.abs(found[i] - derivative.at(values[i])));
      }
    }
    return judged("autograd", "a fused gradient against double precision", largest);
  }

  private static Finding judged(String name, String what, double error) {
    final String found = String.format(Locale.ROOT, "%s: largest error %.1e", what, error);
    return error <= TOLERATED
        ? Finding.ok(name, found)
        : Finding.failed(
            name,
            found + String.format(Locale.ROOT, ", at most %.0e is expected", TOLERATED),
            "results on this machine cannot be trusted: report it with this output");
  }
}
