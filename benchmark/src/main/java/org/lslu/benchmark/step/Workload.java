package org.lslu.benchmark.step;

import java.util.List;
import org.lslu.benchmark.reference.ReferenceVanillaNet;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.network.ActivationFactory;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;

/**
 * The sizes of the networks that are trained on 32×32 images.
 *
 * @param batch images in a step
 * @param vanillaWidth width factor of VanillaNet-5
 * @param resNetWidth width factor of ResNet-18
 * @param n steps of LSLU, and the radius of its convolution
 */
public record Workload(int batch, double vanillaWidth, double resNetWidth, int n) {
  /** What the issue asks for. */
  public static final Workload FULL = new Workload(128, 0.25, 0.25, 3);

  /** Shows that everything runs. */
  public static final Workload QUICK = new Workload(4, 1.0 / 64, 1.0 / 16, 3);

  private static final int CLASSES = 10;
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int FIRST_WIDTH = 512;
  private static final long SEED = 1;

  /** VanillaNet-5 with LSLU, of this project. */
  public Network vanillaNet() {
    final ActivationFunction function = lslu();
    return Networks.create(
        NetworkSettings.of("vanillanet-5", CLASSES, CHANNELS, SIDE)
            .withWidth(vanillaWidth)
            .withSeriesRadius(n)
            .withSeed(SEED),
        (_, channels) -> new ActivationLayer(function, channels));
  }

  /** The same as reference operations, with other random weights. */
  public ReferenceVanillaNet reference() {
    return new ReferenceVanillaNet(
        ReferenceVanillaNet.Plan.five((int) Math.round(FIRST_WIDTH * vanillaWidth), n), SEED);
  }

  /** ResNet-18 with an activation at every place. */
  public Network resNet(ActivationFactory activations) {
    return Networks.create(
        NetworkSettings.of("resnet-18", CLASSES, CHANNELS, SIDE)
            .withWidth(resNetWidth)
            .withSeed(SEED),
        activations);
  }

  /** ResNet-18 with point-wise LSLU at every place. */
  public Network resNet() {
    final ActivationFunction function = lslu();
    return resNet((_, channels) -> new ActivationLayer(function, channels));
  }

  private ActivationFunction lslu() {
    return Catalogue.function("lslu(n=%d)".formatted(n));
  }

  /** Random images and labels of this size. */
  public TrainingStep.Examples examples() {
    return TrainingStep.Examples.random(batch, CHANNELS, SIDE, CLASSES);
  }

  /** These sizes as arguments of a process. */
  List<String> arguments() {
    return List.of(
        Integer.toString(batch),
        Double.toString(vanillaWidth),
        Double.toString(resNetWidth),
        Integer.toString(n));
  }

  /** The sizes that {@link #arguments()} tells. */
  static Workload of(List<String> arguments) {
    return new Workload(
        Integer.parseInt(arguments.get(0)),
        Double.parseDouble(arguments.get(1)),
        Double.parseDouble(arguments.get(2)),
        Integer.parseInt(arguments.get(3)));
  }
}
