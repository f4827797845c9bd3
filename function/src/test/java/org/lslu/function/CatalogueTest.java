package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
  @Test
  void representatives_areOfEveryFamily() {
    List<String> visited = new ArrayList<>();
    for (ActivationFunction function : Catalogue.representatives()) {
      assertThat(function.source()).as(function.id()).isNotBlank();
      assertThat(function.latex()).as(function.id()).isNotBlank();
      assertThat(function.curve().at(0.5, function.initialValues())).as(function.id()).isFinite();
      visited.add(function.id());
    }

    assertThat(visited)
        .doesNotHaveDuplicates()
        .hasSize(Catalogue.families().stream().mapToInt(one -> one.representatives().size()).sum())
        .hasSizeGreaterThanOrEqualTo(28);
    assertThat(visited.stream().map(id -> id.replaceFirst("\\(.*", "")).distinct())
        .containsExactlyElementsOf(Catalogue.families().stream().map(FunctionFamily::id).toList())
        .contains(
            "relu",
            "leaky-relu",
            "prelu",
            "elu",
            "selu",
            "gelu",
            "gelu-tanh",
            "silu",
            "swish",
            "mish",
            "softplus",
            "hard-swish",
            "tanh",
            "sigmoid",
            "identity",
            "lslu",
            "lslu-sum",
            "rational");
  }

  /** Values from the defining formulas, computed apart to sixteen digits. */
  @ParameterizedTest
  @CsvSource({
    "relu, -1.5, 0",
    "relu, 1.5, 1.5",
    "leaky-relu, -1.5, -0.015",
    "prelu, -2, -0.5",
    "elu, -1, -0.6321205588285577",
    "elu, 2, 2",
    "selu, -1, -1.1113307378125625",
    "selu, 2, 2.101401974710961",
    "gelu, 1, 0.8413447460685429",
    "gelu, -1, -0.15865525393145707",
    "gelu-tanh, 1, 0.8411919906082768",
    "silu, 1, 0.7310585786300049",
    "swish, 1, 0.7310585786300049",
    "mish, 1, 0.8650983882673103",
    "softplus, 1, 1.3132616875182228",
    "hard-swish, 1, 0.6666666666666666",
    "hard-swish, -3.5, 0",
    "hard-swish, 4, 4",
    "tanh, 1, 0.7615941559557649",
    "sigmoid, 1, 0.7310585786300049",
    "identity, -7.25, -7.25",
    "lslu, -2, 0",
    "lslu, 2, 2",
    "lslu-sum, -2, 0",
    "lslu-sum, 2, 2",
  })
  void function_atItsInitialValues_isWhatItsNameSays(String id, double x, double expected) {
    ActivationFunction function = Catalogue.function(id);

    assertThat(function.curve().at(x, function.initialValues()))
        .as("%s(%s)", id, x)
        .isCloseTo(expected, within(2e-15));
  }

  @Test
  void lsluSum_startsAsReluWithOffsetsApart() {
    ActivationFunction sum = Catalogue.function("lslu-sum(n=5)");

    assertThat(sum.initialValues())
        .containsExactly(1, 0, 0, 0, 0, /* offsets */ 0, 0.5, -0.5, 1, -1);
    assertThat(sum.curve().at(1.5, 1, 2, 0, 0, 0, 0, -0.5, 0, 0, 0)).isEqualTo(1.5 + 2 * 1);
  }

  @Test
  void function_givesItsFullName() {
    assertThat(Catalogue.function("lslu").id()).isEqualTo("lslu(n=3)");
    assertThat(Catalogue.function(" lslu( n = 4 ) ").id()).isEqualTo("lslu(n=4)");
    assertThat(Catalogue.function("lslu()").id()).isEqualTo("lslu(n=3)");
    assertThat(Catalogue.function("relu").id()).isEqualTo("relu");
    assertThat(Catalogue.function("rational(like=gelu,version=B)").id())
        .isEqualTo("rational(m=5,n=4,version=B,like=gelu,range=-3..3)");
    assertThat(Catalogue.function("lslu(n=4)").parameters())
        .extracting(Parameter::name, Parameter::length)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("theta", 4),
            org.assertj.core.groups.Tuple.tuple("omega", 4));
    assertThat(Catalogue.function("lslu(n=2)").initialValues()).containsExactly(1, 1, 0, 0);
    assertThat(Catalogue.function("prelu").parameters().getFirst().sharing())
        .isEqualTo(Sharing.channel());
  }

  @Test
  void function_ofItsOwnFullName_isTheSame() {
    int visited = 0;
    for (ActivationFunction function : Catalogue.representatives()) {
      assertThat(Catalogue.function(function.id())).isEqualTo(function);
      visited++;
    }
    assertThat(visited).isEqualTo(Catalogue.representatives().size());
  }

  @Test
  void function_takesMoreOptions_whichTheNameOverrules() {
    assertThat(Catalogue.function("lslu", Map.of("n", "5")).id()).isEqualTo("lslu(n=5)");
    assertThat(Catalogue.function("lslu(n=2)", Map.of("n", "5")).id()).isEqualTo("lslu(n=2)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "relo | there is no activation function 'relo'; known are relu, leaky-relu,",
        "lslu(n=3 | there is no activation function 'lslu(n=3'; known are",
        "LSLU | there is no activation function 'LSLU'; known are",
        "lslu(3) | '3' in 'lslu(3)' is no option; expected name=value",
        "lslu(n=) | 'n=' in 'lslu(n=)' is no option; expected name=value",
        "lslu(n=3,) | '' in 'lslu(n=3,)' is no option; expected name=value",
        "lslu(n=0) | n of 'lslu' is 0; a whole number from 1 to 16 is expected",
        "lslu(n=17) | n of 'lslu' is 17; a whole number from 1 to 16 is expected",
        "lslu(n=2.5) | n of 'lslu' is 2.5; a whole number from 1 to 16 is expected",
        "lslu(n=-1) | n of 'lslu' is -1; a whole number from 1 to 16 is expected",
        "lslu(n=99999999999) | n of 'lslu' is 99999999999; a whole number",
        "lslu-sum(n=zwei) | n of 'lslu-sum' is zwei; a whole number from 1 to 16 is expected",
        "lslu(m=3) | 'lslu' has no option 'm'; it has n",
        "relu(n=3) | 'relu' has no options, but n=3 was given",
        "rational(version=C) | there is no version 'C' of the rational unit; expected A or B",
        "rational(m=0) | m of 'rational' is 0; a whole number from 1 to 12 is expected",
        "rational(range=3) | range of 'rational' is 3; a range such as -3..3 is expected",
        "rational(range=3..-3) | range of 'rational' is 3..-3; a range such as",
        "rational(range=a..b) | range of 'rational' is a..b; a range such as -3..3 is expected",
        "rational(like=relo) | there is no activation function 'relo'; known are",
        "rational(like=rational) | a rational unit cannot start as 'rational'; name another",
      })
  void function_refusesWhatItDoesNotKnow(String name, String message) {
    assertThatExceptionOfType(UserException.class)
        .as(name)
        .isThrownBy(() -> Catalogue.function(name))
        .withMessageStartingWith(message)
        .extracting(UserException::exitCode)
        .isEqualTo(2);
  }

  @Test
  void function_thatIsUnknown_listsAllThatAreKnown() {
    String all = String.join(", ", Catalogue.families().stream().map(FunctionFamily::id).toList());

    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Catalogue.function("nothing"))
        .withMessageContaining("known are " + all + ", or give a formula");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "relu | true",
        " gelu-tanh | true",
        "lslu(n=4) | true",
        "lslu(n=99) | true",
        "lslu() | true",
        "relu(x) | false",
        "sigmoid(2 * x) | false",
        "x | false",
        "relo | false",
        "relu(x) + 1 | false",
        "tanh(relu(x)) | false",
      })
  void isName_tellsNamesFromFormulas(String text, boolean expected) {
    assertThat(Catalogue.isName(text)).as(text).isEqualTo(expected);
  }

  @Test
  void family_isFoundByItsId() {
    assertThat(Catalogue.family("lslu"))
        .hasValueSatisfying(f -> assertThat(f.options()).hasSize(1));
    assertThat(Catalogue.family("lsl")).isEmpty();
  }
}
