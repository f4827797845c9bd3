package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionChoiceTest {
  private static ActivationFunction function(
      String text, int n, Map<String, List<Double>> parameters, String sharing) {
    return new FunctionChoice(text, n, parameters, sharing).function();
  }

  @Test
  void name_isLookedUp() {
    assertThat(FunctionChoice.of("gelu").function()).isEqualTo(Catalogue.function("gelu"));
    assertThat(function("lslu", 5, Map.of(), "").id()).isEqualTo("lslu(n=5)");
    assertThat(function("lslu(n=2)", 5, Map.of(), "").id()).isEqualTo("lslu(n=2)");
  }

  @Test
  void formula_isParsedWithItsParametersInOrder() {
    Map<String, List<Double>> parameters = new LinkedHashMap<>();
    parameters.put("q", List.of(3.0, 5.0));
    parameters.put("p", List.of(2.0));
    ActivationFunction function = function("p * x + q[1]", 0, parameters, "");

    assertThat(function.initialValues()).containsExactly(3, 5, 2);
    assertThat(function.curve().at(10, function.initialValues())).isEqualTo(25);
    assertThat(FunctionChoice.of("relu(x)").function().curve().at(-1)).isZero();
  }

  @Test
  void parameters_giveANamedFunctionOtherInitialValues() {
    ActivationFunction function =
        function("lslu(n=2)", 0, Map.of("theta", List.of(0.5, -1.0)), "group:4");

    assertThat(function.initialValues()).containsExactly(0.5, -1, 0, 0);
    assertThat(function.parameters())
        .extracting(Parameter::sharing)
        .containsOnly(Sharing.groups(4));
  }

  @Test
  void sharing_isTheFunctionsOwnWhereNoneIsGiven() {
    assertThat(FunctionChoice.of("prelu").function().parameters().getFirst().sharing())
        .isEqualTo(Sharing.channel());
    assertThat(function("prelu", 0, Map.of(), "layer").parameters().getFirst().sharing())
        .isEqualTo(Sharing.layer());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "relo | there is no activation function 'relo'; known are relu,",
        "leaky-rely | there is no activation function 'leaky-rely'; known are relu,",
        "lslu(3) | '3' in 'lslu(3)' is no option; expected name=value",
        "x * relo(x) | there is no function 'relo'; known are abs,",
        "x * beta | 'beta' is unknown: neither x nor a parameter (no parameters are declared;",
      })
  void text_thatIsNeither_isRefusedAsWhatItWasMeant(String text, String message) {
    assertThatExceptionOfType(UserException.class)
        .as(text)
        .isThrownBy(() -> FunctionChoice.of(text).function())
        .withMessageStartingWith(message);
  }

  @Test
  void whatDoesNotFit_isRefused() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> function("x * x", 3, Map.of(), ""))
        .withMessage("n is an option of named functions such as lslu, but 'x * x' is a formula");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> function("gelu", 3, Map.of(), ""))
        .withMessage("'gelu' has no options, but n=3 was given");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> function("gelu", 0, Map.of("beta", List.of(1.0)), ""))
        .withMessage("'gelu' has no parameters, but 'beta' was given");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> function("swish", 0, Map.of("alpha", List.of(1.0)), ""))
        .withMessage("'swish' has no parameter 'alpha'; it has beta");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> function("swish", 0, Map.of("beta", List.of(1.0, 2.0)), ""))
        .withMessage("parameter 'beta' of 'swish' has 1 values, but 2 were given");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> function("swish", 0, Map.of(), "groups"))
        .withMessageStartingWith("sharing 'groups' is unknown");
  }
}
