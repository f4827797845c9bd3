package org.lslu.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.lslu.function.UserException;
import org.lslu.train.run.RunSettings;

/** What {@code lslu compare --vary} can vary. */
enum Variation {
  /** The length of a series; part of the activation's name, so the settings stay as they are. */
  N("n", ""),
  /** The share of the classifier's inputs that is dropped. */
  DROPOUT("dropout", "network.dropout"),
  /** The width factor. */
  WIDTH("width", "network.width"),
  /** The highest learning rate. */
  LEARNING_RATE("lr", "optimiser.learningRate"),
  /** The weight decay. */
  WEIGHT_DECAY("weight-decay", "optimiser.weightDecay"),
  /** The factor on the learning rate of activation parameters. */
  ACTIVATION_RATE("activation-lr", "optimiser.activationRate"),
  /** The weight decay of activation parameters. */
  ACTIVATION_DECAY("activation-decay", "optimiser.activationDecay"),
  /** The epochs of deep training. */
  DECAY_EPOCHS("decay-epochs", "training.decayEpochs");

  private final String option;
  private final String setting;

  Variation(String option, String setting) {
    this.option = option;
    this.setting = setting;
  }

  /** The settings with another value. */
  RunSettings applied(RunSettings settings, double value) {
    return setting.isEmpty() ? settings : settings.with(setting, value);
  }

  /**
   * The variation of a name.
   *
   * @throws UserException where there is none
   */
  static Variation named(String name) {
    return Arrays.stream(values())
        .filter(variation -> variation.option.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.argument(
                    "--vary %s: one of %s is expected".formatted(name, names())));
  }

  /** The names, for people. */
  static String names() {
    return Arrays.stream(values())
        .map(variation -> variation.option)
        .collect(Collectors.joining(", "));
  }
}
