package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.constant;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.relu;
import static org.lslu.function.Expressions.x;

import java.util.ArrayList;
import java.util.List;

/**
 * The sum form of the series linear unit: y = Σᵢ θᵢ·relu(x + ωᵢ), with n hinges.
 *
 * <p>It starts as relu exactly: θ₀ = 1 with ω₀ = 0, the other θ at 0. The other offsets start
 * apart, at ±½, ±1, ±1½ …, since terms that start alike receive the same gradient and stay alike.
 * arXiv 2409.08283 as its text describes it; its code composes instead, see {@link SeriesChain}.
 */
final class SeriesSum implements FunctionFamily {
  @Override
  public String id() {
    return "lslu-sum";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("n", "3", "how many activations are added, from 1 to " + SeriesChain.LONGEST));
  }

  @Override
  public ActivationFunction create(Options options) {
    final int n = options.whole("n", 1, SeriesChain.LONGEST);
    final List<Double> amplitudes = new ArrayList<>();
    final List<Double> offsets = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      amplitudes.add(i == 0 ? 1.0 : 0.0);
      offsets.add(i % 2 == 1 ? (i + 1) / 4.0 : 0 - i / 4.0); // 0 − 0 is 0, and no −0
    }
    final Parameter theta = Parameter.of("theta", 0).starting(amplitudes);
    final Parameter omega = Parameter.of("omega", 0).starting(offsets);
    Expression sum = constant(0);
    for (int i = 0; i < n; i++) {
      sum = add(sum, multiply(theta.element(i), relu(add(x(), omega.element(i)))));
    }
    return new ActivationFunction(
        options.fullName(),
        sum,
        List.of(theta, omega),
        "Feng et al. 2024, arXiv 2409.08283, the sum that its text describes");
  }

  @Override
  public List<String> representatives() {
    return List.of("lslu-sum(n=1)", "lslu-sum(n=3)", "lslu-sum(n=8)");
  }
}
