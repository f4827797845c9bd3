package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.parameter;
import static org.lslu.function.Expressions.sigmoid;
import static org.lslu.function.Expressions.softplus;
import static org.lslu.function.Expressions.sqrt;
import static org.lslu.function.Expressions.subtract;
import static org.lslu.function.Expressions.tanh;
import static org.lslu.function.Expressions.x;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Upstream;
import org.lslu.kernel.Instruction.Kind;

class ProgramTest {
  private static final Expression A = new Coefficient(0);
  private static final Expression B = new Coefficient(1);

  private static List<Kind> kinds(Expression... outputs) {
    return Program.of(List.of(outputs)).instructions().stream().map(Instruction::kind).toList();
  }

  @Test
  void product_usedOnceInASum_isFused() {
    Program program = Program.of(List.of(add(multiply(A, x()), B)));

    assertThat(program.instructions())
        .containsExactly(
            new Instruction(Kind.COEFFICIENT, 0, 0, List.of()),
            new Instruction(Kind.INPUT, 0, 0, List.of()),
            new Instruction(Kind.COEFFICIENT, 0, 1, List.of()),
            new Instruction(Kind.FMA, 0, 0, List.of(0, 1, 2)));
    assertThat(program.outputs()).containsExactly(3);
    assertThat(kinds(add(B, multiply(A, x())))).endsWith(Kind.FMA).doesNotContain(Kind.MULTIPLY);
  }

  @Test
  void product_usedTwice_isKept() {
    Expression product = multiply(A, x());

    assertThat(kinds(add(product, sqrt(product)))).contains(Kind.MULTIPLY, Kind.ADD);
    assertThat(kinds(add(product, B), product)).contains(Kind.MULTIPLY, Kind.ADD);
    assertThat(kinds(add(product, product))).contains(Kind.MULTIPLY, Kind.ADD);
  }

  @Test
  void sumOfTwoProducts_fusesOne() {
    assertThat(kinds(add(multiply(A, x()), multiply(B, sqrt(x())))))
        .containsOnlyOnce(Kind.FMA, Kind.MULTIPLY)
        .doesNotContain(Kind.ADD);
  }

  @Test
  void difference_isNotFused() {
    assertThat(kinds(subtract(multiply(A, x()), B)))
        .containsOnlyOnce(Kind.MULTIPLY, Kind.SUBTRACT)
        .doesNotContain(Kind.FMA);
  }

  @Test
  void equalSteps_areOne() {
    assertThat(kinds(multiply(sigmoid(x()), add(constant(1), sigmoid(x())))))
        .containsOnlyOnce(Kind.SHIFT_LEFT, Kind.DIVIDE, Kind.INPUT);
  }

  @Test
  void functionsThatNoProcessorHas_areWrittenOut() {
    assertThat(kinds(sigmoid(x())))
        .contains(Kind.FMA, Kind.SHIFT_LEFT, Kind.DIVIDE)
        .doesNotContain(Kind.MIN, Kind.MAX);
    assertThat(kinds(softplus(x()))).contains(Kind.FMA).doesNotContain(Kind.DIVIDE);
  }

  @Test
  void functionsOfOneExponential_shareIt() {
    assertThat(kinds(sigmoid(x()), softplus(x()), tanh(softplus(x()))))
        .containsOnlyOnce(Kind.SHIFT_LEFT);
    assertThat(kinds(tanh(softplus(x())))).containsOnlyOnce(Kind.SHIFT_LEFT, Kind.DIVIDE);
  }

  @Test
  void outputs_ofAllKinds_haveTheirPlaces() {
    Program program = Program.of(List.of(multiply(new Upstream(), A), x(), constant(0)));

    assertThat(program.outputs()).hasSize(3).doesNotHaveDuplicates();
    assertThat(program.outputs().stream().map(place -> program.instructions().get(place).kind()))
        .containsExactly(Kind.MULTIPLY, Kind.INPUT, Kind.LITERAL);
  }

  @Test
  void parameters_areHoistedBefore() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Program.of(List.of(multiply(parameter("beta"), x()))))
        .withMessage("parameter beta in a kernel's body; it should be hoisted");
  }
}
