package org.lslu.torch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lslu.function.Catalogue;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.SqueezeExcitation;
import org.lslu.torch.layer.Summary;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;

class NetworkCostTest {
  static List<String> names() {
    return Networks.names();
  }

  /** The values that torchvision states for its models, and the cost at the size that it names. */
  @ParameterizedTest(name = "{0} at {1}")
  @CsvSource({
    "resnet-18, 224, 11689512, 1.814",
    "resnet-34, 224, 21797672, 3.664",
    "resnet-50, 224, 25557032, 4.089",
    "resnet-101, 224, 44549160, 7.801",
    "efficientnetv2-s, 384, 21458488, 8.366"
  })
  void parametersAndMultiplyAdds_areThosePublished(
      String name, int size, long parameters, double giga) {
    NetworkCost cost = NetworkCost.of(NetworkSettings.of(name, 1000, 3, size));
    assertThat(cost.trained().parameters()).isEqualTo(parameters);
    assertThat((double) cost.trained().multiplyAdds()).isCloseTo(giga * 1e9, withinPercentage(0.1));
    assertThat(cost.notes()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void cost_isWhatARunOfTheNetworkCounts(String name) {
    for (int size : new int[] {17, 70}) {
      NetworkSettings settings =
          NetworkSettings.of(name, 6, 2, size).withWidth(1.0 / 32).withHidden(List.of(64));
      NetworkCost cost = NetworkCost.of(settings, Catalogue.function("lslu(n=3)"));
      long[] values = {0};
      try (PointerScope scope = new PointerScope()) {
        LibTorch.start();
        Network network =
            Networks.create(
                settings,
                (_, channels) -> {
                  ActivationLayer layer =
                      new ActivationLayer(Catalogue.function("lslu(n=3)"), channels);
                  layer.observe(x -> values[0] += x.numel());
                  return layer;
                });
        Summary summary = Summary.of(network, 1, 2, size, size);
        assertThat(cost.trained().parameters()).as(name).isEqualTo(summary.parameters());
        assertThat(cost.trained().multiplyAdds())
            .as("%s at %d", name, size)
            .isEqualTo(summary.multiplyAdds());
        assertThat(cost.activationPlaces()).isEqualTo(network.activationPlaces());
        assertThat(cost.activationValues()).as("%s at %d", name, size).isEqualTo(values[0]);
        assertThat(cost.notes()).isEqualTo(network.notes());
        NetworkSize deployed = NetworkSize.of(DeployedNetwork.of(network), 1, 2, size, size);
        assertThat(cost.deployed())
            .as("%s at %d, deployed", name, size)
            .isEqualTo(new NetworkCost.Amount(deployed.parameters(), deployed.multiplyAdds()));
      }
    }
  }

  @Test
  void squeezeAndExcitation_isCountedByHand() {
    NetworkSettings settings =
        NetworkSettings.of("efficientnetv2-s", 10, 3, 33).withStochasticDepth(0.3);
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      Network network =
          Networks.create(
              settings.withWidth(0.1),
              (_, channels) -> new ActivationLayer(Catalogue.function("silu"), channels));
      assertThat(network.walk().filter(SqueezeExcitation.class::isInstance)).hasSize(6 + 9 + 15);
      Tensor y = network.forward(torch.randn(2, 3, 33, 33));
      assertThat(y.isfinite().all().item_bool()).isTrue();
    }
    // The stem, two for each fused block but those of the first stage, two for the others, the end.
    assertThat(NetworkCost.of(settings).activationPlaces()).hasSize(1 + 2 + 4 + 4 + 2 * 30 + 1);
  }

  @Test
  void vanillaNet_hasThePublishedSizesAtFullWidth() {
    // The published code's README gives 127.8 M for the deployed form of 13 at 1.5 times the width;
    // in training every stage has a second convolution, biases and norms besides.
    int[] widths = {768, 768, 1536, 3072, 3072, 3072, 3072, 3072, 3072, 3072, 6144, 6144};
    long trained = 3L * 16 * 768 + 768L * 768 + 6 * 768 + 51L * 768;
    long deployed = 3L * 16 * 768 + 768 + 50L * 768;
    for (int i = 0; i + 1 < widths.length; i++) {
      long from = widths[i];
      long to = widths[i + 1];
      trained += from * from + from * to + 3 * from + 3 * to + 51 * to;
      deployed += from * to + to + 50 * to;
    }
    trained += 6144L * 1000 + 3 * 1000 + 1000L * 1000 + 1000;
    deployed += 6144L * 1000 + 1000;
    NetworkSettings settings = NetworkSettings.of("vanillanet-13-x1.5", 1000, 3, 224);
    assertThat((double) deployed).isCloseTo(127.8e6, withinPercentage(0.1));
    for (String name : List.of("vanillanet-13-x1.5", "vanillanet-13-x1.5-ada-pool")) {
      NetworkCost cost = NetworkCost.of(NetworkSettings.of(name, 1000, 3, 224));
      assertThat(cost.trained().parameters()).as(name).isEqualTo(trained);
      assertThat(cost.deployed().parameters()).as(name).isEqualTo(deployed);
    }
  }

  /**
   * The values that the README of huawei-noah/VanillaNet states; it does not say the image size of
   * the last one.
   */
  @ParameterizedTest(name = "VanillaNet-{0} at {1}")
  @CsvSource({
    "5, 224, 15.5, 5.2",
    "6, 224, 32.5, 6.0",
    "7, 224, 32.8, 6.9",
    "8, 224, 37.1, 7.7",
    "9, 224, 41.4, 8.6",
    "10, 224, 45.7, 9.4",
    "11, 224, 50.0, 10.3",
    "12, 224, 54.3, 11.1",
    "13, 224, 58.6, 11.9",
    "13-x1.5, 224, 127.8, 26.5",
    "13-x1.5-ada-pool, 240, 127.8, 48.9"
  })
  void vanillaNet_isAsLargeAsPublished_whenDeployed(
      String name, int size, double millions, double giga) {
    NetworkCost cost = NetworkCost.of(NetworkSettings.of("vanillanet-" + name, 1000, 3, size));
    assertThat(cost.deployed().parameters() / 1e6).isCloseTo(millions, within(0.06));
    assertThat(cost.deployed().multiplyAdds() / 1e9).isCloseTo(giga, within(0.06));
  }
}
