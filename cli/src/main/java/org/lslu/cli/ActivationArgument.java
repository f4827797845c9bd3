package org.lslu.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;

/**
 * An activation as the command line names it, with its form and its places in a network.
 *
 * <p>{@code series} is VanillaNet's own activation: relu with the depth-wise convolution and the
 * batch norm behind it. {@code lslu} and {@code lslu-sum} have both behind them as well, as the
 * paper has it; every other function stands alone. A suffix {@code :series} or {@code :pointwise}
 * says otherwise; any other suffix, such as {@code :stem} or {@code :layer4}, says where in the
 * network the activation goes.
 *
 * @param choice the function
 * @param ownForm {@code series}, {@code pointwise}, or empty where nothing was said
 * @param ownPlaces the places, or empty where nothing was said
 */
record ActivationArgument(FunctionChoice choice, String ownForm, String ownPlaces) {
  private static final String SERIES = "series";
  private static final String POINTWISE = "pointwise";

  /** A name, its options, who shares its parameters, and suffixes. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?<name>[A-Za-z][A-Za-z0-9_-]*(\\([^()]*\\))?)"
              + "(@(?<sharing>layer|channel|group:[0-9]+|recurrent))?"
              + "(?<suffixes>(:[A-Za-z][A-Za-z0-9_.]*)*)");

  /**
   * What {@code --activation} says, a name with suffixes or a formula, and what stands beside it.
   *
   * @throws UserException where two suffixes say different things
   */
  static ActivationArgument of(FunctionChoice choice) {
    final Matcher matcher = NAMED.matcher(choice.text().strip());
    if (!matcher.matches()) {
      return new ActivationArgument(choice, "", "");
    }
    final String name = matcher.group("name");
    final Optional<String> sharing = Optional.ofNullable(matcher.group("sharing"));
    final List<String> suffixes =
        Arrays.stream(matcher.group("suffixes").split(":"))
            .filter(suffix -> !suffix.isEmpty())
            .toList();
    final List<String> forms = suffixes.stream().filter(ActivationArgument::isForm).toList();
    if (forms.size() > 1) {
      throw UserException.argument(
          "'%s': one form is expected, :series or :pointwise".formatted(choice.text()));
    }
    final String own = name.equals(SERIES) ? SERIES : "";
    return new ActivationArgument(
        new FunctionChoice(
            name.equals(SERIES) ? "relu" : name,
            choice.n(),
            choice.parameters(),
            sharing.orElse(choice.sharing())),
        forms.isEmpty() ? own : forms.getFirst(),
        String.join(",", suffixes.stream().filter(suffix -> !isForm(suffix)).toList()));
  }

  /** What {@code --activations} says of one variant. */
  static ActivationArgument parse(String text, int n) {
    return of(new FunctionChoice(text, n, Map.of(), ""));
  }

  private static boolean isForm(String suffix) {
    return suffix.equals(SERIES) || suffix.equals(POINTWISE);
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

  /**
   * The places in a network.
   *
   * @param wanted what {@code --places} says; the activation's own suffixes go before it
   */
  String places(String wanted) {
    return ownPlaces.isEmpty() ? wanted : ownPlaces;
  }
}
