package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;

/** The same bits from both providers, and before and after the loops are compiled. */
class ReproducibleBitsTest {
  private static final int ELEMENTS = 1024;
  private static final long SEED = 20261124;

  /** y and dx of every function of the catalogue at its initial values, or their hash. */
  private static int[] bits(ActivationFunction function, Provider provider, int repetitions) {
    final Random random = new Random(SEED);
    final ActivationKernel kernel = ActivationKernel.of(function, provider);
    final double[][] parameters = {function.initialValues()};
    final Layout layout = Layout.uniform(ELEMENTS);
    final int[] bits = new int[2 * ELEMENTS];
    try (Arena arena = Arena.ofShared();
        Workers workers = new Workers(1)) {
      final MemorySegment x = arena.allocate(ELEMENTS * 4L, 64);
      final MemorySegment dy = arena.allocate(ELEMENTS * 4L, 64);
      final MemorySegment y = arena.allocate(ELEMENTS * 4L, 64);
      final MemorySegment dx = arena.allocate(ELEMENTS * 4L, 64);
      for (int i = 0; i < ELEMENTS; i++) {
        final double wide = i % 4 == 0 ? 30 : 2;
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (wide * random.nextGaussian()));
        dy.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
      }
      for (int i = 0; i < repetitions; i++) {
        kernel.forward(x, y, layout, parameters, workers);
        kernel.backward(x, dy, dx, layout, parameters, workers);
      }
      for (int i = 0; i < ELEMENTS; i++) {
        bits[i] = Float.floatToIntBits(y.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        bits[ELEMENTS + i] = Float.floatToIntBits(dx.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      }
    }
    return bits;
  }

  /** Functions with what the catalogue does not use. */
  private static List<ActivationFunction> functions() {
    final List<ActivationFunction> functions = new ArrayList<>(Catalogue.representatives());
    for (final String formula :
        List.of(
            "log(1.1 + x * x)",
            "log1p(x * x) + exp(0.1 * x)",
            "sin(3 * x) + cos(x * x)",
            "abs(x)^1.7 + 1.3^x")) {
      functions.add(ActivationFunction.ofFormula(formula, List.of()));
    }
    return functions;
  }

  @Test
  void bothProviders_giveTheSameBits() {
    for (final ActivationFunction function : functions()) {
      assertThat(bits(function, Provider.VECTOR, 1))
          .as("y and dx of %s, seed %d", function.id(), SEED)
          .isEqualTo(bits(function, Provider.SCALAR, 1));
    }
  }

  @Test
  void interpreter_givesTheSameBitsAsCompiledLoops() throws IOException, InterruptedException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xint",
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Interpreted.class.getName()));
    final Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();

    final List<String> here = new ArrayList<>();
    for (final ActivationFunction function : functions()) {
      here.add(line(function, 600)); // long enough for the loops to be compiled
    }

    final String there =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(child.waitFor()).as("exit code of the interpreter").isZero();
    assertThat(there.lines()).as("hashes of y and dx, seed %d", SEED).isEqualTo(here);
  }

  private static String line(ActivationFunction function, int repetitions) {
    return function.id()
        + " "
        + Integer.toHexString(Arrays.hashCode(bits(function, Provider.VECTOR, repetitions)));
  }

  /** Prints the hashes; run by another Java that compiles nothing. */
  static final class Interpreted {
    private Interpreted() {}

    public static void main(String[] arguments) {
      functions().forEach(function -> System.out.println(line(function, 1)));
    }
  }
}
