package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.Expression.Element;

class ParameterTest {
  @Test
  void of_isSharedByTheLayerFreeAndNotDecayed() {
    Parameter theta = Parameter.of("theta", 1, -2);

    assertThat(theta.length()).isEqualTo(2);
    assertThat(theta.initial()).containsExactly(1.0, -2.0);
    assertThat(theta.sharing()).isEqualTo(Sharing.layer());
    assertThat(theta.constraint()).isEqualTo(Constraint.none());
    assertThat(theta.decayed()).isFalse();
    assertThat(theta.elements())
        .containsExactly(new Element("theta", 0, 2), new Element("theta", 1, 2));
    assertThat(theta.element(1)).hasToString("theta[1]");
    assertThat(Parameter.of("beta", 1).element(0)).hasToString("beta");
  }

  @Test
  void with_changesOneThing() {
    Parameter beta = Parameter.of("beta", 1);

    assertThat(beta.shared(Sharing.groups(4)).sharing()).isEqualTo(new Sharing.Groups(4));
    assertThat(beta.constrained(Constraint.positive()).constraint())
        .isEqualTo(Constraint.positive());
    assertThat(beta.starting(List.of(2.0, 3.0)).initial()).containsExactly(2.0, 3.0);
    assertThat(beta.initial()).containsExactly(1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "_a", "a-b", "a b", "α", "a.b", "a[0]"})
  void name_isLettersDigitsAndUnderscores(String name) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Parameter.of(name, 1))
        .withMessage(
            "'%s' is no parameter name: a letter, then letters, digits or underscores, is expected",
            name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "e", "pi", "nan", "inf", "select", "max", "clip", "relu", "erf"})
  void name_isNotOneOfTheFormulas(String name) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Parameter.of(name, 1))
        .withMessage(
            "'%s' already means something in formulas; choose another parameter name", name);
  }

  @Test
  void initial_isThereAndAllowed() {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Parameter.of("a"))
        .withMessage("parameter 'a' has no initial value; give at least one");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Parameter.of("a", 1, -1).constrained(Constraint.positive()))
        .withMessage("parameter 'a' starts at -1.0, but is to be positive");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Parameter.of("a", Double.NaN))
        .withMessageStartingWith("parameter 'a' starts at NaN");
  }

  @Test
  void element_isWithinTheParameter() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameter.of("a", 1, 2).element(2))
        .withMessage("element 2 of 'a', which has 2 elements");
    assertThatIllegalArgumentException().isThrownBy(() -> Parameter.of("a", 1).element(-1));
  }

  @Test
  void sharing_readsWhatItWrites() {
    for (Sharing sharing : List.of(Sharing.layer(), Sharing.channel(), Sharing.groups(8))) {
      assertThat(Sharing.parse(sharing.toString())).isEqualTo(sharing);
    }
    assertThat(Sharing.groups(8)).hasToString("group:8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "layers", "group", "group:", "group:-1", "group:8:2", "8"})
  void sharing_refusesWhatItDoesNotKnow(String text) {
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Sharing.parse(text))
        .withMessage(
            "sharing '%s' is unknown: expected layer, channel or group:COUNT, such as group:8",
            text);
  }

  @Test
  void sharing_countsItsSets() {
    assertThat(Sharing.layer().sets(12)).isEqualTo(1);
    assertThat(Sharing.channel().sets(12)).isEqualTo(12);
    assertThat(Sharing.groups(4).sets(12)).isEqualTo(4);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Sharing.groups(5).sets(12))
        .withMessage(
            "12 channels cannot be shared in 5 groups: the groups must divide the channels");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Sharing.parse("group:0"))
        .withMessage("sharing in 0 groups: at least 1 is expected");
  }

  @Test
  void constraint_projectsToTheNearestAllowedValue() {
    Constraint interval = Constraint.interval(-1, 2);

    assertThat(interval.project(-3)).isEqualTo(-1);
    assertThat(interval.project(0.5)).isEqualTo(0.5);
    assertThat(interval.project(7)).isEqualTo(2);
    assertThat(interval.allows(2)).isTrue();
    assertThat(interval.allows(2.1)).isFalse();
    assertThat(Constraint.positive().project(-1)).isEqualTo(1e-6);
    assertThat(Constraint.positive().allows(0)).isFalse();
    assertThat(Constraint.none().project(-1e9)).isEqualTo(-1e9);
    assertThat(Constraint.none()).hasToString("any");
    assertThat(Constraint.positive()).hasToString("positive");
    assertThat(interval).hasToString("in [-1.0, 2.0]");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Constraint.interval(2, 1))
        .withMessage("the interval from 2.0 to 1.0 is empty; give the smaller bound first");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Constraint.interval(Double.NaN, 1));
  }
}
