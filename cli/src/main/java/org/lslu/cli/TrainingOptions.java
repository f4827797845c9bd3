package org.lslu.cli;

import org.lslu.train.run.RunSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all commands that train have in common. */
final class TrainingOptions {
  @Option(
      names = Recipes.OPTION,
      paramLabel = "R",
      description = {
        "Other defaults for all that follows: lslu-paper, as the paper's code trains; lslu-best,"
            + " the form that gained most in docs/experiments.md. What is given beside it goes"
            + " before it. Default: none"
      })
  private String recipe = ""; // read before all others are parsed, by Recipes

  @Mixin private DataOptions data;
  @Mixin private NetworkOptions network;
  @Mixin private ScheduleOptions schedule;
  @Mixin private OptimiserOptions optimiser;
  @Mixin private AugmentationOptions augmentation;

  /** The settings of a run with these options. */
  RunSettings settings(ActivationArgument activation, String finetune, long seed) {
    return new RunSettings(
        data.settings(),
        augmentation.settings(),
        network.settings(activation, finetune),
        activation.choice(),
        schedule.loss(),
        optimiser.settings(),
        optimiser.activations(),
        schedule.schedule(seed),
        schedule.evaluation());
  }
}
