package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Parameter;

class ActivationKernelTest {
  private static final ActivationKernel PRELU = ActivationKernel.of(Catalogue.function("prelu"));

  private static MemorySegment floats(int count) {
    return MemorySegment.ofArray(new float[count]);
  }

  @Test
  void forward_refusesWhatDoesNotFit() {
    final Layout layout = new Layout(2, 3, 4, 3);
    try (Workers workers = new Workers(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  PRELU.forward(floats(24), floats(24), layout, new double[][] {{1}, {2}}, workers))
          .withMessage("2 parameter sets, but the layout has 3");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  PRELU.forward(
                      floats(24), floats(24), layout, new double[][] {{1}, {2}, {3, 4}}, workers))
          .withMessage("a set of 2 values, but the function has 1");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> PRELU.forward(floats(23), floats(24), layout, new double[3][1], workers))
          .withMessage("92 bytes of memory for 24 float32 elements");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> PRELU.forward(floats(24), floats(23), layout, new double[3][1], workers))
          .withMessage("92 bytes of memory for 24 float32 elements");
    }
  }

  @Test
  void backward_refusesWhatDoesNotFit() {
    final Layout layout = Layout.uniform(8);
    final double[][] parameters = {{0.25}};
    try (Workers workers = new Workers(1)) {
      for (int small = 0; small < 3; small++) {
        final MemorySegment[] memory = {floats(8), floats(8), floats(8)};
        memory[small] = floats(7);
        assertThatIllegalArgumentException()
            .as("argument %d", small)
            .isThrownBy(
                () -> PRELU.backward(memory[0], memory[1], memory[2], layout, parameters, workers))
            .withMessage("28 bytes of memory for 8 float32 elements");
      }
    }
  }

  @Test
  void nothing_isDoneWithNothing() {
    try (Workers workers = new Workers(2)) {
      for (Layout layout :
          List.of(
              Layout.uniform(0),
              new Layout(0, 4, 5, 4),
              new Layout(2, 4, 0, 4),
              new Layout(0, 4, 100, 2))) {
        final double[][] parameters = new double[layout.sets()][1];
        PRELU.forward(floats(0), floats(0), layout, parameters, workers);
        assertThat(PRELU.backward(floats(0), floats(0), floats(0), layout, parameters, workers))
            .as("%s", layout)
            .isDeepEqualTo(new double[layout.sets()][1]);
      }
    }
  }

  @Test
  void forward_leavesLargerMemoryAlone() {
    final float[] x = {-1, -2, -3, 4, 5};
    final float[] y = {9, 9, 9, 9, 9};
    try (Workers workers = new Workers(1)) {
      PRELU.forward(
          MemorySegment.ofArray(x),
          MemorySegment.ofArray(y),
          Layout.uniform(3),
          new double[][] {{0.5}},
          workers);
    }
    assertThat(y).containsExactly(-0.5f, -1, -1.5f, 9, 9);
  }

  @Test
  void prelu_byHand() {
    final MemorySegment x = MemorySegment.ofArray(new float[] {-2, 3, 0, -1, 4, -8});
    final MemorySegment dy = MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6});
    final float[] dx = new float[6];
    final Layout layout = new Layout(1, 2, 3, 2);
    try (Workers workers = new Workers(1)) {
      final double[][] gradients =
          PRELU.backward(
              x, dy, MemorySegment.ofArray(dx), layout, new double[][] {{0.5}, {0.25}}, workers);

      assertThat(dx).containsExactly(0.5f, 2, 1.5f, 1, 5, 1.5f);
      assertThat(gradients).isDeepEqualTo(new double[][] {{-2}, {-4 - 48}});
    }
  }

  @Test
  void parameterCount_isThatOfAllElements() {
    assertThat(PRELU.parameterCount()).isEqualTo(1);
    assertThat(ActivationKernel.of(Catalogue.function("lslu(n=5)")).parameterCount()).isEqualTo(10);
    assertThat(ActivationKernel.of(Catalogue.function("relu")).parameterCount()).isZero();
  }

  @Test
  void equalFunctions_shareOneCompiledKernel() throws ReflectiveOperationException {
    final Parameter alpha = Parameter.of("alpha", 1);
    final Parameter gamma = Parameter.of("gamma", 7);
    final Object first =
        loops(ActivationFunction.ofFormula("x * tanh(alpha * x)", List.of(alpha)), Provider.SCALAR);

    assertThat(
            loops(
                ActivationFunction.ofFormula("x * tanh(x * gamma)", List.of(gamma)),
                Provider.SCALAR))
        .as("the name of a parameter and the order of a product make no difference")
        .isSameAs(first);
    assertThat(
            loops(
                ActivationFunction.ofFormula("x * sin(alpha * x)", List.of(alpha)),
                Provider.SCALAR))
        .isNotSameAs(first);
    assertThat(
            loops(
                ActivationFunction.ofFormula("x * tanh(alpha * x)", List.of(alpha)),
                Provider.VECTOR))
        .as("each provider has its own")
        .isNotSameAs(first);
    assertThat(loops(Catalogue.function("lslu(n=4)"), Provider.SCALAR))
        .as("a chain's length makes no difference")
        .isSameAs(loops(Catalogue.function("lslu(n=9)"), Provider.SCALAR));
  }

  private static Object loops(ActivationFunction function, Provider provider)
      throws ReflectiveOperationException {
    final Field field = ActivationKernel.class.getDeclaredField("loops");
    field.setAccessible(true);
    return field.get(ActivationKernel.of(function, provider));
  }

  @Test
  void provider_isTheVectorsWhereTheirModuleIs() {
    assertThat(Provider.best()).as("the tests add the module").isEqualTo(Provider.VECTOR);
    assertThat(Provider.SCALAR.lanes()).isEqualTo(1);
    assertThat(Integer.bitCount(Provider.VECTOR.lanes())).as("a power of two").isEqualTo(1);
  }
}
