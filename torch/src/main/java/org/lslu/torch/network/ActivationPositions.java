package org.lslu.torch.network;

import java.util.ArrayList;
import java.util.List;
import org.lslu.function.ActivationFunction;
import org.lslu.function.UserException;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Initialiser;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.SeriesActivation;

/** Makes what stands at each position of a network for an activation, from input to output. */
final class ActivationPositions {
  private final NetworkSettings settings;
  private final ActivationFactory factory;
  private final Usual usual;
  private final Initialiser initialiser;
  private final List<String> names = new ArrayList<>();
  private final List<Layer> chosen = new ArrayList<>();

  /**
   * What a network has where nothing else is asked for.
   *
   * @param plain the activation at positions that are not chosen
   * @param form the form that {@link ActivationPlaces.Form#AUTO} stands for
   */
  record Usual(ActivationFunction plain, ActivationPlaces.Form form) {}

  ActivationPositions(
      NetworkSettings settings, ActivationFactory factory, Usual usual, Initialiser initialiser) {
    this.settings = settings;
    this.factory = factory;
    this.usual = usual;
    this.initialiser = initialiser;
  }

  /**
   * What stands at the next position.
   *
   * @param position the path that it will have in the network
   * @param channels C of its input
   */
  Layer next(String position, int channels) {
    final ActivationPlaces places = settings.places();
    final boolean isChosen = places.include(position, names.isEmpty());
    names.add(position);
    if (!isChosen) {
      return new ActivationLayer(usual.plain(), channels);
    }
    if (form() == ActivationPlaces.Form.POINTWISE) {
      return created(position, channels);
    }
    return new SeriesActivation(
        created(position + ".activation", channels),
        channels,
        settings.seriesRadius(),
        initialiser);
  }

  private Layer created(String place, int channels) {
    final Layer activation = factory.create(place, channels);
    chosen.add(activation);
    return activation;
  }

  /** What the factory has made so far. */
  List<Layer> chosen() {
    return List.copyOf(chosen);
  }

  private ActivationPlaces.Form form() {
    final ActivationPlaces.Form wanted = settings.places().form();
    return wanted == ActivationPlaces.Form.AUTO ? usual.form() : wanted;
  }

  /** The positions so far. */
  List<String> names() {
    return List.copyOf(names);
  }

  /**
   * To be called when the network is complete.
   *
   * @throws UserException if something is chosen that names no position
   */
  void requireKnown() {
    final List<String> unknown = settings.places().unknown(names);
    if (!unknown.isEmpty() && names.isEmpty()) {
      throw UserException.argument(settings.name() + " has no activation in it.");
    }
    if (!unknown.isEmpty()) {
      throw UserException.argument(
          "%s has no place \"%s\" for an activation; its places are %s."
              .formatted(settings.name(), unknown.getFirst(), String.join(", ", names)));
    }
  }
}
