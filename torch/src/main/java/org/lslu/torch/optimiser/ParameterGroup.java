package org.lslu.torch.optimiser;

import java.util.ArrayList;
import java.util.List;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.NamedParameter;

/**
 * Parameters that are trained alike.
 *
 * @param parameters the parameters
 * @param rateFactor factor on the optimiser's learning rate, at least 0; 0 keeps the parameters
 * @param weightDecay strength of the decay towards 0, at least 0
 */
public record ParameterGroup(
    List<NamedParameter> parameters, double rateFactor, double weightDecay) {
  /** Copies the list and checks the numbers. */
  public ParameterGroup {
    parameters = List.copyOf(parameters);
    if (!(rateFactor >= 0 && Double.isFinite(rateFactor))
        || !(weightDecay >= 0 && Double.isFinite(weightDecay))) {
      throw new IllegalArgumentException(
          "The learning rate's factor and the weight decay must be at least 0, but they are %s and %s."
              .formatted(rateFactor, weightDecay));
    }
  }

  /**
   * The groups of a network: weights with decay; biases and norms without; parameters of
   * activations with a learning rate of their own, without decay unless they ask for it. Groups
   * without parameters are left out.
   *
   * @param network whose parameters to group
   * @param weightDecay the decay where there is one
   * @param activationRateFactor factor on the learning rate of the parameters of activations
   */
  public static List<ParameterGroup> of(
      Layer network, double weightDecay, double activationRateFactor) {
    List<ParameterGroup> groups = new ArrayList<>();
    for (boolean ofActivation : new boolean[] {false, true}) {
      for (boolean decayed : new boolean[] {true, false}) {
        List<NamedParameter> members =
            network.parameters().stream()
                .filter(parameter -> parameter.role().ofActivation() == ofActivation)
                .filter(parameter -> parameter.role().decayed() == decayed)
                .toList();
        if (!members.isEmpty()) {
          groups.add(
              new ParameterGroup(
                  members, ofActivation ? activationRateFactor : 1, decayed ? weightDecay : 0));
        }
      }
    }
    return groups;
  }
}
