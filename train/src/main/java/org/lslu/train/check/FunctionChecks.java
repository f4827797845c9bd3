package org.lslu.train.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.lslu.function.ActivationFunction;
import org.lslu.function.UserException;

/**
 * All checks of one activation function: its formula against its kernels, its derivatives, its
 * layer on LibTorch and its ONNX model, each with the largest error.
 *
 * <p>Double precision evaluation of the formula is the truth that all else is held to. Errors of
 * float32 results are relative to the result itself, or to the largest of the terms that it is a
 * difference of where these are larger. A result that is NaN or infinite where the truth is not, or
 * the other way round, has an infinite error. Where a derivative jumps, float32 may fall to either
 * side; there, anything between the two sides passes, and the note counts it.
 *
 * <p>The same seed gives the same inputs and parameter values, and so the same errors.
 */
public final class FunctionChecks {
  /** The seed where none is given. */
  public static final long SEED = 1;

  private final ActivationFunction function;
  private final long seed;

  /**
   * Prepares the checks of a function.
   *
   * @param function any function, of the catalogue or a user's
   * @param seed of the inputs and the parameter values
   */
  public FunctionChecks(ActivationFunction function, long seed) {
    this.function = function;
    this.seed = seed;
  }

  /** Prepares the checks of a function with the usual seed. */
  public FunctionChecks(ActivationFunction function) {
    this(function, SEED);
  }

  /** Runs all checks; starts LibTorch where it does not run yet. */
  public List<Check> run() {
    return run(new Truth(function));
  }

  List<Check> run(Truth truth) {
    final List<Check> checks = new ArrayList<>();
    checks.addAll(
        guarded(
            "kernel",
            () -> {
              final ValueChecks values = new ValueChecks(truth, seed);
              return List.of(values.value(), values.tails());
            }));
    checks.addAll(guarded("derivatives", () -> new DerivativeChecks(truth, seed).all()));
    checks.addAll(guarded("fused kernel", () -> new FusedChecks(truth, seed).all()));
    checks.addAll(guarded("layer", () -> new LayerChecks(truth, seed).all()));
    checks.addAll(guarded("ONNX", () -> List.of(new OnnxCheck(truth, seed).check())));
    checks.addAll(guarded("text", () -> new TextChecks(truth.checked()).all()));
    return List.copyOf(checks);
  }

  /** A form that does not even run has failed, and the others are checked all the same. */
  private static List<Check> guarded(String name, Supplier<List<Check>> checks) {
    try {
      return checks.get();
    } catch (UserException mistake) {
      throw mistake;
    } catch (RuntimeException problem) {
      return List.of(
          new Check(name, "it runs", Double.POSITIVE_INFINITY, 0, 0, "it throws " + problem, ""));
    }
  }
}
