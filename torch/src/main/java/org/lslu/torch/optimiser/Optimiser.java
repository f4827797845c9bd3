package org.lslu.torch.optimiser;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.UserException;
import org.lslu.torch.Scopes;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.ParameterRole;

/**
 * Changes parameters by their gradients: SGD and AdamW by one fused LibTorch operation for each
 * group, LAMB parameter by parameter.
 *
 * <p>One training step:
 *
 * <pre>{@code
 * try (PointerScope step = new PointerScope()) {
 *   optimiser.zeroGradients();
 *   Tensor loss = …;
 *   Autograd.backward(loss);
 *   optimiser.learningRate(schedule.rate(optimiser.steps()));
 *   optimiser.step();
 * }
 * }</pre>
 *
 * <p>Parameters without a gradient (frozen, or not reached by the loss) stay as they are, and so
 * does their state.
 */
public abstract sealed class Optimiser permits Sgd, Adam {
  private static final String STEPS = "steps";

  private final List<ParameterGroup> groups;
  private final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
  private double learningRate;
  private double decayFactor = 1;
  private long steps;

  /**
   * Keeps the groups.
   *
   * @throws IllegalArgumentException if a parameter is in two groups or the rate is below 0
   */
  Optimiser(List<ParameterGroup> groups, double learningRate) {
    this.groups = List.copyOf(groups);
    Set<String> names = new HashSet<>();
    for (ParameterGroup group : groups) {
      for (NamedParameter parameter : group.parameters()) {
        if (!names.add(parameter.name())) {
          throw new IllegalArgumentException(
              "The parameter " + parameter.name() + " is in two groups.");
        }
      }
    }
    learningRate(learningRate);
  }

  /** A parameter that has a gradient in this step. */
  record Update(String name, Tensor parameter, Tensor gradient) {}

  /**
   * Changes the parameters of one group, with grad mode off.
   *
   * @param updates those that have a gradient; at least one
   * @param rate the group's learning rate
   */
  abstract void step(List<Update> updates, double rate, double weightDecay);

  /** The name of the state kept for each parameter, and whether it is one number. */
  abstract SequencedMap<String, Boolean> stateKinds();

  /** Sets the learning rate, before factors of groups; at least 0. */
  public final void learningRate(double rate) {
    if (!(rate >= 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException(
          "The learning rate must be a number of at least 0, but it is " + rate + ".");
    }
    this.learningRate = rate;
  }

  /** The learning rate, before factors of groups. */
  public final double learningRate() {
    return learningRate;
  }

  /** Sets a factor on the weight decay of every group; at least 0, and 1 at first. */
  public final void weightDecayFactor(double factor) {
    if (!(factor >= 0 && Double.isFinite(factor))) {
      throw new IllegalArgumentException(
          "The weight decay's factor must be a number of at least 0, but it is " + factor + ".");
    }
    this.decayFactor = factor;
  }

  /**
   * Scales all gradients by min(1, most/‖g‖), where ‖g‖ is the norm of all of them together.
   *
   * @param most the greatest norm, above 0
   * @return ‖g‖ before
   */
  public final double clip(double most) {
    return clip(most, _ -> true);
  }

  /**
   * Scales the gradients of some parameters by min(1, most/‖g‖), where ‖g‖ is the norm of theirs
   * together.
   *
   * @param most the greatest norm, above 0
   * @param which the roles of the parameters
   * @return ‖g‖ before
   */
  public final double clip(double most, Predicate<ParameterRole> which) {
    if (!(most > 0)) {
      throw new IllegalArgumentException(
          "The greatest norm of the gradients must be above 0, but it is " + most + ".");
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      List<Tensor> gradients = new ArrayList<>();
      for (ParameterGroup group : groups) {
        for (NamedParameter parameter : group.parameters()) {
          Tensor gradient = parameter.tensor().grad();
          if (gradient.defined() && which.test(parameter.role())) {
            gradients.add(gradient);
          }
        }
      }
      if (gradients.isEmpty()) {
        return 0;
      }
      Tensor[] norms = gradients.stream().map(Tensor::norm).toArray(Tensor[]::new);
      double norm = torch.stack(new TensorVector(norms)).norm().item_double();
      if (norm > most) {
        Scalar factor = new Scalar(most / norm);
        gradients.forEach(gradient -> gradient.mul_(factor));
      }
      return norm;
    }
  }

  /** The groups, as given. */
  public final List<ParameterGroup> groups() {
    return groups;
  }

  /** How many steps were made. */
  public final long steps() {
    return steps;
  }

  /** Changes every parameter that has a gradient. */
  public final void step() {
    steps++;
    for (ParameterGroup group : groups) {
      // A scope for each group: lists of parameters and gradients end with it.
      try (PointerScope scope = new PointerScope();
          NoGradGuard off = new NoGradGuard()) {
        List<Update> updates = new ArrayList<>();
        for (NamedParameter parameter : group.parameters()) {
          Tensor gradient = parameter.tensor().grad();
          if (gradient.defined()) {
            // The fused operations walk both memories side by side.
            updates.add(
                new Update(
                    parameter.name(),
                    parameter.tensor(),
                    gradient.is_contiguous() ? gradient : gradient.contiguous()));
          }
        }
        if (!updates.isEmpty()) {
          step(updates, learningRate * group.rateFactor(), decayFactor * group.weightDecay());
        }
      }
    }
  }

  /** Forgets all gradients, so that the next backward pass writes instead of adding. */
  public final void zeroGradients() {
    zeroGradients(_ -> true);
  }

  /**
   * Forgets the gradients of some parameters, which the next step then leaves as they are, and
   * their state with them.
   *
   * @param which the roles of the parameters
   */
  public final void zeroGradients(Predicate<ParameterRole> which) {
    for (ParameterGroup group : groups) {
      for (NamedParameter parameter : group.parameters()) {
        if (which.test(parameter.role())) {
          parameter.tensor().mutable_grad().reset();
        }
      }
    }
  }

  /**
   * What a checkpoint has to keep: {@code NAME.KIND} for each parameter that was changed so far,
   * and {@code steps}, the number of steps. Tensors are not copies, apart from the latter.
   */
  public final SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> copy = new LinkedHashMap<>(state);
    copy.put(STEPS, Tensor.create(new long[] {steps}, new long[0]));
    return copy;
  }

  /**
   * Takes over a state. Nothing is changed unless everything fits.
   *
   * @param values what {@link #state()} of an optimiser of the same kind on the same parameters
   *     gave
   * @throws UserException if an entry is missing, unexpected or of another shape or dtype
   */
  public final void load(Map<String, Tensor> values) {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      checkState(values, expected);
    }
    steps = required(values, STEPS).item_long();
    state.clear();
    expected.forEach(
        (key, value) -> {
          try (PointerScope scope = new PointerScope()) {
            state.put(key, Scopes.keep(value.detach().clone()));
          }
        });
  }

  private void checkState(Map<String, Tensor> values, Map<String, Tensor> accepted) {
    checkEntry(STEPS, required(values, STEPS), torch.zeros().to(torch.ScalarType.Long));
    for (ParameterGroup group : groups) {
      for (NamedParameter parameter : group.parameters()) {
        stateKinds()
            .forEach(
                (kind, single) -> {
                  String key = parameter.name() + "." + kind;
                  Tensor value = values.get(key);
                  if (value != null) { // A parameter that never had a gradient has no state.
                    checkEntry(key, value, single ? torch.zeros() : parameter.tensor());
                    accepted.put(key, value);
                  }
                });
      }
    }
    TreeSet<String> unexpected = new TreeSet<>(values.keySet());
    unexpected.remove(STEPS);
    unexpected.removeAll(accepted.keySet());
    if (!unexpected.isEmpty()) {
      throw UserException.failure(
          "The optimiser's state belongs to another network or optimiser: there is no place for %s%s."
              .formatted(
                  unexpected.first(),
                  unexpected.size() == 1 ? "" : " and %d more".formatted(unexpected.size() - 1)));
    }
  }

  private static Tensor required(Map<String, Tensor> values, String key) {
    Tensor value = values.get(key);
    if (value == null) {
      throw UserException.failure("The optimiser's state lacks \"" + key + "\".");
    }
    return value;
  }

  private static void checkEntry(String key, Tensor value, Tensor like) {
    if (!Arrays.equals(Shapes.of(value), Shapes.of(like))
        || value.scalar_type().value != like.scalar_type().value) {
      throw UserException.failure(
          "The optimiser's state \"%s\" is %s %s, but %s %s was expected."
              .formatted(
                  key,
                  value.scalar_type(),
                  Shapes.text(value),
                  like.scalar_type(),
                  Shapes.text(like)));
    }
  }

  /** The state of one kind for each update, zeros where there is none yet. */
  final List<Tensor> states(List<Update> updates, String kind) {
    boolean single = stateKinds().getOrDefault(kind, false);
    List<Tensor> states = new ArrayList<>(updates.size());
    for (Update update : updates) {
      states.add(
          state.computeIfAbsent(
              update.name() + "." + kind,
              key ->
                  Scopes.outside(
                      () -> single ? torch.zeros() : torch.zeros_like(update.parameter()))));
    }
    return states;
  }

  /** The parameters of {@code updates}. */
  static List<Tensor> parameters(List<Update> updates) {
    return updates.stream().map(Update::parameter).toList();
  }

  /** The gradients of {@code updates}. */
  static List<Tensor> gradients(List<Update> updates) {
    return updates.stream().map(Update::gradient).toList();
  }
}
