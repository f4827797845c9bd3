package org.lslu.train.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.Scopes;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.Layer;

/**
 * a ← d·a + (1 − d)·w after every step, for all parameters and running statistics w of a network
 * and each of several decays d; a starts as the initial w.
 *
 * <p>The averages live as long as this object.
 */
final class MovingAverages {
  /** One of them. */
  private record Average(double decay, SequencedMap<String, Tensor> state) {}

  private final SequencedMap<String, Tensor> network;
  private final List<Average> averages = new ArrayList<>();

  MovingAverages(Layer network, List<Double> decays) {
    this.network = network.state();
    for (final double decay : decays) {
      averages.add(new Average(decay, copies(this.network)));
    }
  }

  private static SequencedMap<String, Tensor> copies(Map<String, Tensor> tensors) {
    final SequencedMap<String, Tensor> copies = new LinkedHashMap<>();
    try (NoGradGuard off = new NoGradGuard()) {
      tensors.forEach(
          (name, tensor) -> copies.put(name, Scopes.outside(() -> tensor.detach().clone())));
    }
    return copies;
  }

  /** The decays, in order. */
  List<Double> decays() {
    return averages.stream().map(Average::decay).toList();
  }

  /** Takes a step of the network into account. */
  void update() {
    if (averages.isEmpty()) {
      return;
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      for (final Average average : averages) {
        final Scalar share = new Scalar(1 - average.decay());
        average
            .state()
            .forEach(
                (name, mean) -> {
                  final Tensor now = Objects.requireNonNull(network.get(name));
                  if (mean.is_floating_point()) {
                    mean.lerp_(now.detach(), share);
                  } else {
                    mean.copy_(now);
                  }
                });
      }
    }
  }

  /** Takes over the network's values under names that begin so, which no step has made. */
  void adopt(String prefix) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      for (final Average average : averages) {
        average
            .state()
            .forEach(
                (name, mean) -> {
                  if (name.startsWith(prefix)) {
                    mean.copy_(Objects.requireNonNull(network.get(name)));
                  }
                });
      }
    }
  }

  /** What {@code work} gives while the network has an average's values in place of its own. */
  <T> T during(double decay, Supplier<T> work) {
    final Average average =
        averages.stream().filter(known -> known.decay() == decay).findFirst().orElseThrow();
    try (PointerScope scope = new PointerScope()) {
      final SequencedMap<String, Tensor> own = new LinkedHashMap<>();
      network.forEach((name, tensor) -> own.put(name, tensor.detach().clone()));
      copy(average.state());
      try {
        return work.get();
      } finally {
        copy(own);
      }
    }
  }

  private void copy(Map<String, Tensor> values) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      network.forEach((name, tensor) -> tensor.copy_(Objects.requireNonNull(values.get(name))));
    }
  }

  /** What a checkpoint keeps: {@code INDEX.NAME} for each average; not copies. */
  SequencedMap<String, Tensor> state() {
    final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < averages.size(); i++) {
      final int index = i;
      averages.get(i).state().forEach((name, mean) -> state.put(index + "." + name, mean));
    }
    return state;
  }

  /**
   * Takes over what {@link #state} of averages with the same decays gave.
   *
   * @throws UserException where an entry is missing
   */
  void load(Map<String, Tensor> values) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      state()
          .forEach(
              (name, mean) -> {
                final Tensor value = values.get(name);
                if (value == null || !Arrays.equals(Shapes.of(value), Shapes.of(mean))) {
                  throw UserException.failure(
                      "the moving averages lack \"%s\", or it has another shape".formatted(name));
                }
                mean.copy_(value);
              });
    }
  }
}
