package org.lslu.torch.optimiser;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
   * How a network's parameters are trained.
   *
   * @param weightDecay decay of weights; biases and norms have none
   * @param activationRate factor on the learning rate of the parameters of activations
   * @param activationDecay decay of the parameters of activations; those that ask for decay get
   *     {@code weightDecay} where this is 0
   * @param layerDecay factor on the learning rate from each block to the one before it; 1 for the
   *     same in all (Clark et al. 2020, ELECTRA, section 3)
   */
  public record Rules(
      double weightDecay, double activationRate, double activationDecay, double layerDecay) {
    /** Weights with decay, everything else without, one learning rate. */
    public static Rules decaying(double weightDecay) {
      return new Rules(weightDecay, 1, 0, 1);
    }

    private double rate(NamedParameter parameter, int blocksBehind) {
      return (parameter.role().ofActivation() ? activationRate : 1)
          * Math.pow(layerDecay, blocksBehind);
    }

    private double decay(NamedParameter parameter) {
      if (parameter.role().ofActivation() && activationDecay > 0) {
        return activationDecay;
      }
      return parameter.role().decayed() ? weightDecay : 0;
    }
  }

  /**
   * The groups of a network: those parameters together for which the rules give the same rate and
   * decay.
   *
   * <p>For layer-wise learning rates a block is a part of the network, or, of a part that is a row
   * of parts, each of these: {@code stem1}, {@code stages.0}, {@code layer2.1}, {@code fc}.
   */
  public static List<ParameterGroup> of(Layer network, Rules rules) {
    record Treatment(double rate, double decay) {}

    List<String> blocks = blocks(network);
    SequencedMap<Treatment, List<NamedParameter>> groups = new LinkedHashMap<>();
    for (NamedParameter parameter : network.parameters()) {
      int block = 0;
      while (block < blocks.size() - 1 && !parameter.name().startsWith(blocks.get(block) + ".")) {
        block++;
      }
      Treatment treatment =
          new Treatment(rules.rate(parameter, blocks.size() - 1 - block), rules.decay(parameter));
      groups.computeIfAbsent(treatment, _ -> new ArrayList<>()).add(parameter);
    }
    return groups.entrySet().stream()
        .map(
            entry ->
                new ParameterGroup(entry.getValue(), entry.getKey().rate(), entry.getKey().decay()))
        .toList();
  }

  /** The names of the blocks that hold parameters, from input to output. */
  private static List<String> blocks(Layer network) {
    List<String> blocks = new ArrayList<>();
    network
        .parts()
        .forEach(
            (name, part) -> {
              if (part.parameterCount() == 0) {
                return;
              }
              boolean isRow =
                  !part.parts().isEmpty()
                      && part.parts().values().stream().noneMatch(inner -> inner.parts().isEmpty());
              if (isRow) {
                part.parts().keySet().forEach(inner -> blocks.add(name + "." + inner));
              } else {
                blocks.add(name);
              }
            });
    return blocks;
  }
}
