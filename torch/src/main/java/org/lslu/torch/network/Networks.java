package org.lslu.torch.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.lslu.function.UserException;

/** The networks by name. */
public final class Networks {
  private static final SequencedMap<String, Maker> MAKERS = makers();

  private Networks() {}

  private interface Maker {
    Network make(NetworkSettings settings, ActivationFactory activations);
  }

  private static SequencedMap<String, Maker> makers() {
    SequencedMap<String, Maker> makers = new LinkedHashMap<>();
    VanillaNet.PLANS.forEach(
        (name, plan) ->
            makers.put(
                "vanillanet-" + name,
                (settings, activations) -> new VanillaNet(plan, settings, activations)));
    ResNet.PLANS.forEach(
        (depth, plan) ->
            makers.put(
                "resnet-" + depth,
                (settings, activations) -> new ResNet(plan, settings, activations)));
    makers.put("efficientnetv2-s", EfficientNetV2::new);
    makers.put("mlp", Mlp::new);
    return makers;
  }

  /** The names that {@link #create} knows. */
  public static List<String> names() {
    return List.copyOf(MAKERS.keySet());
  }

  /**
   * Makes a network with initial weights.
   *
   * @param settings what it is to be; the same settings give the same weights
   * @param activations makes its activations at the places that the settings choose; it should draw
   *     no random numbers from elsewhere
   * @throws UserException if the name is unknown, the images are too small for the network, or it
   *     has no activation at a place that the settings name
   */
  public static Network create(NetworkSettings settings, ActivationFactory activations) {
    Maker maker = MAKERS.get(settings.name().toLowerCase(Locale.ROOT));
    if (maker == null) {
      throw UserException.argument(
          "There is no network \"%s\"; the networks are %s."
              .formatted(settings.name(), String.join(", ", names())));
    }
    Network network = maker.make(settings, activations);
    network.positions().requireKnown();
    return network;
  }
}
