package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ActivationFunctionTest {
  private static final Parameter P = Parameter.of("p", 2);
  private static final Parameter Q = Parameter.of("q", 3, 5);

  @Test
  void ofFormula_flattensParametersInDeclarationOrder() {
    ActivationFunction function =
        ActivationFunction.ofFormula("p + 10 * q[0] + 100 * q[1] + x", List.of(Q, P));

    assertThat(function.initialValues()).containsExactly(3, 5, 2);
    assertThat(function.curve().at(0.5, 1, 2, 4)).isEqualTo(4 + 10 * 1 + 100 * 2 + 0.5);
    assertThat(function.curve().at(new double[] {0, 1}, 0, 0, 0)).containsExactly(0, 1);
    assertThat(function.parameterDerivatives().stream().map(d -> d.at(9, 3, 5, 2)))
        .containsExactly(10.0, 100.0, 1.0);
    assertThat(function.derivative().at(9, 3, 5, 2)).isEqualTo(1);
    assertThat(function.formula()).isEqualTo("p + 10 * q[0] + 100 * q[1] + x");
    assertThat(function.id()).isEqualTo("p + 10 * q[0] + 100 * q[1] + x");
  }

  @Test
  void parameterDerivatives_ofAnUnusedElement_areZero() {
    ActivationFunction function = ActivationFunction.ofFormula("q[1] * x", List.of(Q, P));

    assertThat(function.parameterDerivatives().stream().map(d -> d.at(9, 3, 5, 2)))
        .containsExactly(0.0, 9.0, 0.0);
  }

  @Test
  void shared_sharesAllParameters() {
    ActivationFunction function =
        ActivationFunction.ofFormula("p * x + q[0]", List.of(P, Q)).shared(Sharing.groups(3));

    assertThat(function.parameters())
        .extracting(Parameter::sharing)
        .containsExactly(Sharing.groups(3), Sharing.groups(3));
  }

  @Test
  void curve_refusesTheWrongNumberOfValues() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationFunction.ofFormula("p * x", List.of(P)).curve().at(1))
        .withMessage("0 parameter values, but the function has 1");
  }

  @Test
  void function_usesOnlyDeclaredParameters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ActivationFunction("f", P.element(0), List.of(Q), "none"))
        .withMessage("function 'f' uses p, which is not among its parameters [q[0], q[1]]");
  }

  @Test
  void function_refusesTwoParametersOfOneName() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ActivationFunction.ofFormula("p * x", List.of(P, Parameter.of("p", 7))))
        .withMessage("parameter 'p' is declared twice; give each parameter a name of its own");
  }

  @Test
  void tape_sharesEqualSubexpressionsWhateverTheirOrder() {
    Tape tape = Tape.of(Formula.parse("tanh(x * p) + tanh(p * x) * tanh(x * p)", List.of(P)));

    assertThat(tape.steps()).hasSize(6); // x, p, x·p, tanh, tanh·tanh, sum
    assertThat(tape.uses()[3]).isEqualTo(3);
    assertThat(Tape.of(List.of(Expressions.x(), P.element(0))).outputs()).containsExactly(0, 1);
  }

  @Test
  void tape_takesItsLeavesInOrder() {
    Tape tape = Tape.of(List.of(Formula.parse("p - x / q[1]", List.of(P, Q))));

    assertThat(tape.leaves()).containsExactly(P.element(0), new Expression.Input(), Q.element(1));
    assertThat(tape.evaluate(1, 8, 2)).containsExactly(-3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tape.evaluate(1, 2))
        .withMessage("2 values for a tape with 3 leaves");
  }
}
