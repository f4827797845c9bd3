package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;

class ActivationArgumentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relu                          | relu       | ''      | pointwise | all",
        "series                        | relu       | ''      | series    | all",
        "series:pointwise              | relu       | ''      | pointwise | all",
        "gelu:series                   | gelu       | ''      | series    | all",
        "lslu                          | lslu       | ''      | series    | all",
        "lslu:stem                     | lslu       | ''      | series    | stem",
        "lslu(n=2)@channel             | lslu(n=2)  | channel | series    | all",
        "lslu-sum(n=4)@group:8:stem    | lslu-sum(n=4) | group:8 | series | stem",
        "lslu@channel:layer1.0.act1:pointwise:layer4 | lslu | channel | pointwise"
            + " | layer1.0.act1,layer4",
        "rational(m=5,n=4)             | rational(m=5,n=4) | '' | pointwise | all",
      })
  void names(String text, String name, String sharing, String form, String places) {
    final ActivationArgument argument = ActivationArgument.parse(text, 0);
    assertThat(argument.choice().text()).isEqualTo(name);
    assertThat(argument.choice().sharing()).isEqualTo(sharing);
    assertThat(argument.form(Optional.empty(), "vanillanet-5")).isEqualTo(form);
    assertThat(argument.places("all")).isEqualTo(places);
  }

  @Test
  void formula_isLeftAsItIs() {
    final FunctionChoice formula =
        new FunctionChoice("x * sigmoid(beta * x)", 0, Map.of(), "channel");
    final ActivationArgument argument = ActivationArgument.of(formula);
    assertThat(argument.choice()).isEqualTo(formula);
    assertThat(argument.form(Optional.of("series"), "vanillanet-5")).isEqualTo("series");
  }

  @Test
  void suffix_goesBeforeTheOption_andAnMlpHasNoSeries() {
    assertThat(ActivationArgument.parse("lslu:pointwise", 0).form(Optional.of("series"), "x"))
        .isEqualTo("pointwise");
    assertThat(ActivationArgument.parse("lslu", 0).form(Optional.empty(), "mlp"))
        .isEqualTo("pointwise");
  }

  @Test
  void twoForms_areRefused() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ActivationArgument.parse("lslu:series:pointwise", 0))
        .withMessageContaining("one form is expected");
  }
}
