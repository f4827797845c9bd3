package org.lslu.train.run;

import java.util.ArrayList;
import java.util.List;
import org.lslu.torch.layer.AffineLayer;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.layer.Precision;

/** Settings that were given and do nothing for the network or the activation that was chosen. */
final class UnusedSettings {
  private UnusedSettings() {}

  /** One sentence for each. */
  static List<String> of(RunSettings settings, Model model) {
    final RunSettings.Network network = settings.network();
    final RunSettings.Optimiser optimiser = settings.optimiser();
    final String name = network.model();
    final List<String> notes = new ArrayList<>();
    if (settings.training().decayEpochs() > 0
        && model.network().walk().noneMatch(LeakySlope.class::isInstance)) {
      notes.add("--decay-epochs does nothing here: %s has no paired convolutions.".formatted(name));
    }
    if (network.blockDropout() > 0 && !name.startsWith("resnet")) {
      notes.add("--block-dropout does nothing here: it is for ResNets.");
    }
    if (!network.stem().equals("auto") && !name.startsWith("resnet")) {
      notes.add("--stem does nothing here: it is for ResNets.");
    }
    if (network.stemStride() > 0 && !name.startsWith("vanillanet")) {
      notes.add("--stem-stride does nothing here: it is for VanillaNets.");
    }
    if (!settings.training().precision().equals(Precision.FLOAT32.toString())
        && model.network().walk().noneMatch(UnusedSettings::isReduced)) {
      notes.add(
          "--precision does nothing here: %s has only layers that stay in float32."
              .formatted(name));
    }
    final boolean isFixed = model.function().parameters().isEmpty();
    if (isFixed && (optimiser.activationRate() != 1 || optimiser.activationDecay() > 0)) {
      notes.add(
          "--activation-lr and --activation-decay do nothing here: %s has no parameters."
              .formatted(model.function().id()));
    }
    if (isFixed && (settings.activations().freeze() > 0 || settings.activations().clip() > 0)) {
      notes.add(
          "--activation-freeze and --activation-clip do nothing here: %s has no parameters."
              .formatted(model.function().id()));
    }
    if (network.init().equals("auto") && !network.finetune().isEmpty()) {
      notes.add("--init auto does nothing here but for what --finetune does not bring.");
    }
    return notes;
  }

  private static boolean isReduced(Layer layer) {
    return layer instanceof AffineLayer affine && affine.precision() != Precision.FLOAT32;
  }
}
