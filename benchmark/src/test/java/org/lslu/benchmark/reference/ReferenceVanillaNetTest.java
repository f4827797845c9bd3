package org.lslu.benchmark.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.lslu.benchmark.step.Workload;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.network.Network;

/** The reference operations compute what this project's network computes. */
class ReferenceVanillaNetTest {
  private static final long SEED = 5;
  private static final Workload SMALL = new Workload(6, 1.0 / 64, 1, 3);

  @Test
  void logitsAndGradients_areThoseOfTheNetwork() {
    LibTorch.seed(SEED);
    final Network network = SMALL.vanillaNet();
    final ReferenceVanillaNet reference = SMALL.reference();
    reference.load(network.state());
    try (PointerScope scope = new PointerScope()) {
      final Tensor x = torch.randn(6, 3, 32, 32);
      final Tensor dy = torch.randn(6, 10);
      final Tensor ours = network.forward(x.contiguous(MemoryFormat.ChannelsLast));
      final Tensor theirs = reference.forward(x);

      assertNear("logits", ours, theirs);
      final List<NamedParameter> parameters = network.parameters();
      final Map<String, Tensor> state = reference.state();
      final List<Tensor> gradients =
          Autograd.gradients(
              ours, dy, parameters.stream().map(NamedParameter::tensor).toList(), false);
      theirs.mul(dy).sum().backward();
      for (int i = 0; i < parameters.size(); i++) {
        final String name = parameters.get(i).name();
        assertNear("gradient of " + name, gradients.get(i), tensor(state, name).grad());
      }
      network
          .state()
          .forEach(
              (name, tensor) -> assertNear(name + " after the pass", tensor, tensor(state, name)));
    }
  }

  private static Tensor tensor(Map<String, Tensor> state, String name) {
    return Objects.requireNonNull(state.get(name), name);
  }

  private static void assertNear(String what, Tensor found, Tensor expected) {
    // In front of a batch norm a bias has no gradient but rounding: hence no scale below 0.1.
    final double scale = Math.max(0.1, expected.abs().max().item_double());
    assertThat(found.sub(expected).abs().max().item_double())
        .as("%s, seed %d: largest difference, values up to %s", what, SEED, scale)
        .isLessThanOrEqualTo(2e-4 * scale);
  }

  @Test
  void otherNames_areRefused() {
    LibTorch.start();
    assertThatThrownBy(() -> SMALL.reference().load(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stem1.0.weight");
  }
}
