package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Expression.ClippedLine;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;

/** Body and coefficients together are the formula, in value and gradient. */
class HoistingTest {
  /** The body with its coefficients, and the way of its gradients back to the parameters. */
  private static final class Split {
    private final Hoisting hoisting;
    private final CoefficientProgram program;
    private final Tape body;
    private final Tape slope;
    private final List<Tape> terms = new ArrayList<>();

    Split(ActivationFunction function) {
      hoisting = Hoisting.of(function.expression());
      program = new CoefficientProgram(hoisting.coefficients(), function.parameters());
      body = Tape.of(hoisting.body());
      final Map<Leaf, Expression> gradient = Gradient.of(hoisting.body());
      final Expression zero = Expressions.constant(0);
      slope = Tape.of(gradient.getOrDefault(new Input(), zero));
      for (int k = 0; k < hoisting.coefficients().size(); k++) {
        terms.add(Tape.of(gradient.getOrDefault(new Coefficient(k), zero)));
      }
    }

    private static double evaluate(Tape tape, double x, double[] coefficients) {
      return tape.evaluate(
              leaf -> leaf instanceof Coefficient(int index) ? coefficients[index] : x)[0];
    }

    double value(double x, double[] parameters) {
      return evaluate(body, x, program.values(parameters));
    }

    /** {∂y/∂x, ∂y/∂parameters …}. */
    double[] gradients(double x, double[] parameters) {
      final double[] coefficients = program.values(parameters);
      final double[] ofCoefficients =
          terms.stream().mapToDouble(term -> evaluate(term, x, coefficients)).toArray();
      final double[] gradients = new double[1 + parameters.length];
      gradients[0] = evaluate(slope, x, coefficients);
      System.arraycopy(
          program.pullback(parameters, ofCoefficients), 0, gradients, 1, parameters.length);
      return gradients;
    }
  }

  private static double[] drawn(Random random, int size, double deviation) {
    final double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(5) == 0 ? 0 : deviation * random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 16})
  void lslu_isItsReferenceChain_forThetaOfAnySign(int n) {
    final Split split = new Split(Catalogue.function("lslu(n=" + n + ")"));
    final long seed = 40 + n;
    final Random random = new Random(seed);
    int alive = 0;
    for (int round = 0; round < 300; round++) {
      // amplitudes of every sign and exactly 0; in half of the rounds positive, or few would live
      final double[] theta = drawn(random, n, 1.2);
      if (round % 2 == 0) {
        Arrays.setAll(theta, i -> 0.3 + Math.abs(theta[i]));
      }
      final double[] omega = drawn(random, n, 0.7);
      if (round % 4 == 1) {
        Arrays.setAll(omega, i -> Math.abs(omega[i]));
      }
      final double[] parameters = new double[2 * n];
      System.arraycopy(theta, 0, parameters, 0, n);
      System.arraycopy(omega, 0, parameters, n, n);
      for (double x : new double[] {0, 3 * random.nextGaussian(), 3 * random.nextGaussian(), 50}) {
        final String where =
            "n = %d, seed %d, round %d, x = %s, theta %s, omega %s"
                .formatted(n, seed, round, x, Arrays.toString(theta), Arrays.toString(omega));
        final double expected = SeriesByHand.forward(x, theta, omega);
        final double[] gradients = SeriesByHand.backward(x, theta, omega);
        double magnitude = 1 + Math.abs(x);
        for (int i = 0; i < n; i++) {
          magnitude = magnitude * Math.max(1, Math.abs(theta[i])) + Math.abs(omega[i]);
        }

        assertThat(split.value(x, parameters))
            .as(where)
            .isCloseTo(expected, within(1e-13 * magnitude));
        assertThat(split.gradients(x, parameters))
            .as(where)
            .containsExactly(gradients, within(1e-12 * magnitude));
        alive += gradients[0] != 0 ? 1 : 0;
      }
    }
    assertThat(alive).as("n = %d, seed %d: points with a slope", n, seed).isGreaterThan(150);
  }

  @Test
  void lslu_isOneClippedLineOfAsManyCoefficients_whateverItsLength() {
    List<Integer> counts = new ArrayList<>();
    for (int n = 1; n <= 16; n++) {
      Hoisting hoisting = Hoisting.of(Catalogue.function("lslu(n=" + n + ")").expression());

      assertThat(hoisting.body()).as("n = %d", n).isInstanceOf(ClippedLine.class);
      assertThat(((ClippedLine) hoisting.body()).argument()).isEqualTo(Expressions.x());
      counts.add(hoisting.coefficients().size());
    }
    assertThat(counts).hasSize(16).containsOnly(counts.getFirst());
    assertThat(counts.getFirst()).isLessThanOrEqualTo(6);
  }

  @Test
  void lslu_ofTwo_givesTheLineComputedByHand() {
    // h₁ = 2·relu(x) − 1, h₂ = −0.5·relu(h₁) + 3:
    // 3 up to x = 0.5, then 3.5 − x down to 0 at x = 3.5.
    final ActivationFunction function = Catalogue.function("lslu(n=2)");
    final double[] parameters = {2, -0.5, -1, 3};
    final Hoisting hoisting = Hoisting.of(function.expression());
    final double[] coefficients =
        new CoefficientProgram(hoisting.coefficients(), function.parameters()).values(parameters);
    final ClippedLine line = (ClippedLine) hoisting.body();

    final double[] found =
        List.of(line.lower(), line.upper(), line.left(), line.slope(), line.offset(), line.right())
            .stream()
            .mapToDouble(e -> Split.evaluate(Tape.of(e), Double.NaN, coefficients))
            .toArray();
    assertThat(found).containsExactly(0.5, 3.5, 3, -1, 3.5, 0);

    final Split split = new Split(function);
    assertThat(split.gradients(2, parameters))
        .containsExactly(new double[] {-1, -1, 3, -0.5, 1}, within(0.0));
    assertThat(split.gradients(0, parameters))
        .containsExactly(new double[] {0, 0, 0, 0, 1}, within(0.0));
    assertThat(split.gradients(0.5, parameters))
        .containsExactly(new double[] {0, 0, 0, 0, 1}, within(0.0));
    assertThat(split.gradients(3.5, parameters))
        .containsExactly(new double[] {0, 0, 0, 0, 0}, within(0.0));
    assertThat(split.gradients(9, parameters))
        .containsExactly(new double[] {0, 0, 0, 0, 0}, within(0.0));
  }

  @Test
  void lslu_atZeroTheta_keepsThetasGradient() {
    final Split split = new Split(Catalogue.function("lslu(n=1)"));
    final double[] parameters = {0, 0.25}; // y = relu(0·relu(x) + 0.25)

    assertThat(split.value(3, parameters)).isEqualTo(0.25);
    assertThat(split.gradients(3, parameters)).containsExactly(new double[] {0, 3, 1}, within(0.0));
    assertThat(split.gradients(-3, parameters))
        .containsExactly(new double[] {0, 0, 1}, within(0.0));
  }

  @Test
  void lslu_withUnderflowingSlope_staysFinite() {
    for (double tiny : new double[] {1e-10, -1e-10, 1e-30, 1e-160}) {
      for (int n : new int[] {3, 8, 16}) {
        final double[] parameters = new double[2 * n];
        Arrays.fill(parameters, 0, n, tiny);
        Arrays.fill(parameters, n, 2 * n, 0.1);
        final Split split = new Split(Catalogue.function("lslu(n=" + n + ")"));
        for (double x : new double[] {-2, 0, 0.5, 2}) {
          assertThat(split.gradients(x, parameters))
              .as("theta = %s, n = %d, x = %s", tiny, n, x)
              .containsExactly(
                  SeriesByHand.backward(
                      x, Arrays.copyOf(parameters, n), Arrays.copyOfRange(parameters, n, 2 * n)),
                  within(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relu(p * relu(x) + q)",
        "-relu(x)",
        "1 - relu(q - 2 * relu(x))",
        "relu(clamp(x, -p, p))",
        "relu(-clamp(x, q, p))",
        "p - relu(-clamp(p * x, -1, 1) / q)",
        "relu(2 * clamp(x, p, q) + 1) / p",
        "relu(p * clamp(x - q, -1, 2)) * q + relu(1)",
        "relu(relu(relu(x) - p) - q)",
        "q * (p - relu(p * x + q))",
        "relu(0 - relu(x))",
        "relu(p - 0 * x)",
      })
  void chains_ofClipScaleShiftAndNegation_becomeOneLine(String formula) {
    final ActivationFunction function =
        ActivationFunction.ofFormula(formula, List.of(Parameter.of("p", 1), Parameter.of("q", 1)));
    final Split split = new Split(function);
    final long seed = formula.hashCode();
    final Random random = new Random(seed);
    if (Expressions.dependsOnInput(function.expression())) {
      assertThat(split.hoisting.body()).as(formula).isInstanceOf(ClippedLine.class);
    }
    for (int round = 0; round < 400; round++) {
      final double x = 2 * random.nextGaussian();
      final double[] parameters = {random.nextGaussian(), random.nextGaussian()};
      assertSame(function, split, x, parameters, "seed %d, round %d".formatted(seed, round));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clamp(relu(x) * p, 0, q)",
        "relu(x) * relu(q - x)",
        "x * clamp(p * x + 3, 0, 6) / 6",
        "relu(x + p) - relu(x - q)",
        "exp(p) * tanh(x * sigmoid(q)) + p * q",
        "select(p < q, p * x, q - x)",
        "select(x < p * q, exp(p) * x, x / (1 + q * q))",
        "max(relu(x) - p, q)",
        "(relu(x) + 1)^p",
        "1 / (1 + relu(p * x))",
      })
  void otherFormulas_keepValueAndGradients(String formula) {
    final ActivationFunction function =
        ActivationFunction.ofFormula(formula, List.of(Parameter.of("p", 1), Parameter.of("q", 1)));
    final Split split = new Split(function);
    final long seed = formula.hashCode();
    final Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      final double x = 2 * random.nextGaussian();
      final double[] parameters = {random.nextGaussian(), random.nextGaussian()};
      assertSame(function, split, x, parameters, "seed %d, round %d".formatted(seed, round));
    }
  }

  @Test
  void everyCatalogueFunction_keepsValueAndGradients() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      final Split split = new Split(function);
      final long seed = 900 + visited;
      final Random random = new Random(seed);
      for (int round = 0; round < 20; round++) {
        final double[] parameters = function.initialValues();
        for (int j = 0; j < parameters.length; j++) {
          parameters[j] += round == 0 ? 0 : random.nextGaussian();
        }
        final double x = 2 * random.nextGaussian();
        assertSame(function, split, x, parameters, "seed %d, round %d".formatted(seed, round));
      }
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size());
  }

  private static void assertSame(
      ActivationFunction function, Split split, double x, double[] parameters, String where) {
    final String description =
        "%s, %s, x = %s, parameters %s"
            .formatted(function.id(), where, x, Arrays.toString(parameters));
    final double expected = function.curve().at(x, parameters);
    assertThat(split.value(x, parameters))
        .as(description)
        .isCloseTo(expected, within(1e-11 * (1 + Math.abs(expected))));
    final double[] gradients = split.gradients(x, parameters);
    final double slope = function.derivative().at(x, parameters);
    assertThat(gradients[0])
        .as("by x: " + description)
        .isCloseTo(slope, within(1e-10 * (1 + Math.abs(slope))));
    final List<ActivationFunction.Curve> curves = function.parameterDerivatives();
    for (int j = 0; j < curves.size(); j++) {
      final double wanted = curves.get(j).at(x, parameters);
      assertThat(gradients[1 + j])
          .as("by parameter %d: %s", j, description)
          .isCloseTo(wanted, within(1e-10 * (1 + Math.abs(wanted))));
    }
  }

  @Test
  void coefficients_thatAreEqual_areOne() {
    Hoisting hoisting =
        Hoisting.of(
            Formula.parse("exp(p) * x + tanh(exp(p) * x) + exp(p)", List.of(Parameter.of("p", 1))));

    assertThat(hoisting.coefficients()).hasSize(1);
  }

  @Test
  void body_holdsNothingThatDoesNotDependOnX() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      for (Expression node : Graph.inOrder(Hoisting.of(function.expression()).body())) {
        assertThat(
                node instanceof Leaf
                    || node instanceof Expression.Constant
                    || Expressions.dependsOnInput(node))
            .as("%s: %s", function.id(), node)
            .isTrue();
        assertThat(node).isNotInstanceOf(Expression.Element.class);
      }
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size());
  }
}
