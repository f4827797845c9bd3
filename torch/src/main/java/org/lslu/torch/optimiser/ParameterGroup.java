package org.lslu.torch.optimiser;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.ParameterRole;
import org.lslu.torch.layer.SeriesActivation;

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
   * of parts, each of these: {@code stem1}, {@code stages.0}, {@code layer2.1}, {@code fc}. Norms
   * and activations belong to the block before them.
   */
  public static List<ParameterGroup> of(Layer network, Rules rules) {
    record Treatment(double rate, double decay) {}

    SequencedMap<String, Integer> blocks = blocks(network);
    int last = blocks.isEmpty() ? 0 : blocks.lastEntry().getValue();
    SequencedMap<Treatment, List<NamedParameter>> groups = new LinkedHashMap<>();
    for (NamedParameter parameter : network.parameters()) {
      int block =
          blocks.entrySet().stream()
              .filter(entry -> parameter.name().startsWith(entry.getKey() + "."))
              .mapToInt(Map.Entry::getValue)
              .findFirst()
              .orElse(last);
      Treatment treatment =
          new Treatment(rules.rate(parameter, last - block), rules.decay(parameter));
      groups.computeIfAbsent(treatment, _ -> new ArrayList<>()).add(parameter);
    }
    return groups.entrySet().stream()
        .map(
            entry ->
                new ParameterGroup(entry.getValue(), entry.getKey().rate(), entry.getKey().decay()))
        .toList();
  }

  /** The number of each part's block, from input to output, for parts with parameters. */
  private static SequencedMap<String, Integer> blocks(Layer network) {
    SequencedMap<String, Layer> parts = new LinkedHashMap<>();
    network
        .parts()
        .forEach(
            (name, part) -> {
              boolean isRow =
                  !part.parts().isEmpty()
                      && part.parts().values().stream().noneMatch(inner -> inner.parts().isEmpty());
              if (isRow) {
                part.parts().forEach((inner, layer) -> parts.put(name + "." + inner, layer));
              } else {
                parts.put(name, part);
              }
            });
    SequencedMap<String, Integer> blocks = new LinkedHashMap<>();
    int block = -1;
    for (Map.Entry<String, Layer> part : parts.entrySet()) {
      if (part.getValue().parameterCount() > 0) {
        if (block < 0 || opensBlock(part.getValue())) {
          block++;
        }
        blocks.put(part.getKey(), block);
      }
    }
    return blocks;
  }

  /**
   * Norms and activations belong to the block of the weights before them: otherwise the rates of a
   * network would depend on which activation it has.
   */
  private static boolean opensBlock(Layer part) {
    return !(part instanceof ActivationLayer || part instanceof SeriesActivation)
        && part.parameters().stream()
            .anyMatch(parameter -> parameter.role() == ParameterRole.WEIGHT);
  }
}
