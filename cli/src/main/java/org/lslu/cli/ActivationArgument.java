package org.lslu.cli;

import java.util.Map;
import java.util.Optional;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;

/**
 * An activation as the command line names it, with the form in which it stands in a network.
 *
 * <p>{@code series} is VanillaNet's own activation: relu with the depth-wise convolution and the
 * batch norm behind it. {@code lslu} and {@code lslu-sum} have both behind them as well, as the
 * paper has it; every other function stands alone. A suffix {@code :series} or {@code :pointwise}
 * says otherwise.
 *
 * @param choice the function
 * @param ownForm {@code series}, {@code pointwise}, or empty where nothing was said
 */
record ActivationArgument(FunctionChoice choice, String ownForm) {
  private static final String SERIES = "series";
  private static final String POINTWISE = "pointwise";

  /** What {@code --activation} and what stands beside it say. */
  static ActivationArgument of(FunctionChoice choice) {
    for (final String form : new String[] {SERIES, POINTWISE}) {
      if (choice.text().endsWith(":" + form)) {
        return resolved(
            named(choice, choice.text().substring(0, choice.text().lastIndexOf(':'))), form);
      }
    }
    return resolved(choice, "");
  }

  /**
   * What {@code --activations} says of one variant: NAME[(OPTIONS)][@SHARING][:FORM].
   *
   * @throws UserException where the form is unknown
   */
  static ActivationArgument parse(String text, int n) {
    String rest = text;
    String form = "";
    final int colon = rest.lastIndexOf(':');
    if (colon >= 0 && !rest.substring(colon).matches(":[0-9]+")) { // @group:8 is no form
      form = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      if (!form.equals(SERIES) && !form.equals(POINTWISE)) {
        throw UserException.argument(
            "'%s': the form '%s' is unknown; :series or :pointwise is expected"
                .formatted(text, form));
      }
    }
    final int at = rest.lastIndexOf('@');
    final String sharing = at < 0 ? "" : rest.substring(at + 1);
    return resolved(
        new FunctionChoice(at < 0 ? rest : rest.substring(0, at), n, Map.of(), sharing), form);
  }

  private static ActivationArgument resolved(FunctionChoice choice, String form) {
    return choice.text().equals(SERIES)
        ? new ActivationArgument(named(choice, "relu"), form.isEmpty() ? SERIES : form)
        : new ActivationArgument(choice, form);
  }

  private static FunctionChoice named(FunctionChoice choice, String name) {
    return new FunctionChoice(name, choice.n(), choice.parameters(), choice.sharing());
  }

  /**
   * The form in a network.
   *
   * @param wanted what {@code --form} says; the activation's own suffix goes before it
   * @param model the network's name: an MLP has no maps for a convolution
   */
  String form(Optional<String> wanted, String model) {
    if (!ownForm.isEmpty()) {
      return ownForm;
    }
    final boolean isSeries =
        choice.text().matches("lslu(-sum)?(\\(.*\\))?") && !model.equalsIgnoreCase("mlp");
    return wanted.orElse(isSeries ? SERIES : POINTWISE);
  }
}
