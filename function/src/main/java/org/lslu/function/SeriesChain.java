package org.lslu.function;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.relu;
import static org.lslu.function.Expressions.x;

import java.util.Collections;
import java.util.List;

/**
 * LSLU, the learnable series linear unit in the form that its authors trained: h₀ = x, hᵢ₊₁ =
 * θᵢ·relu(hᵢ) + ωᵢ, y = relu(hₙ).
 *
 * <p>θ starts at 1 and ω at 0, where the chain is relu. arXiv 2409.08283; the composition of its
 * reference code, while its text describes a sum, which is {@link SeriesSum}.
 */
final class SeriesChain implements FunctionFamily {
  static final int LONGEST = 16;

  @Override
  public String id() {
    return "lslu";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("n", "3", "how many scaled activations are chained, from 1 to " + LONGEST));
  }

  @Override
  public ActivationFunction create(Options options) {
    final int n = options.whole("n", 1, LONGEST);
    final Parameter theta = parameter("theta", n, 1);
    final Parameter omega = parameter("omega", n, 0);
    Expression h = x();
    for (int i = 0; i < n; i++) {
      h = add(multiply(theta.element(i), relu(h)), omega.element(i));
    }
    return new ActivationFunction(
        options.fullName(),
        relu(h),
        List.of(theta, omega),
        "Feng et al. 2024, arXiv 2409.08283, as its reference code composes it");
  }

  @Override
  public List<String> representatives() {
    return List.of("lslu(n=1)", "lslu(n=2)", "lslu(n=3)", "lslu(n=8)", "lslu(n=16)");
  }

  private static Parameter parameter(String name, int length, double start) {
    return Parameter.of(name, 0).starting(Collections.nCopies(length, start));
  }
}
