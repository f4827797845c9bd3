package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScopesTest {
  private static final UnaryOperator<Tensor> PLUS_ONE = x -> x.add(new Scalar(1.0));

  @BeforeAll
  static void start() {
    LibTorch.start();
  }

  @Test
  void keep_survivesScope() {
    Tensor kept;
    Tensor freed;
    try (PointerScope scope = new PointerScope()) {
      kept = Scopes.keep(torch.ones(3));
      freed = torch.ones(3);
    }
    assertThat(kept.isNull()).isFalse();
    assertThat(freed.isNull()).isTrue();
    kept.close();
    assertThat(kept.isNull()).isTrue();
  }

  @Test
  void inner_freesAllButTheResult() {
    List<Tensor> between = new ArrayList<>();
    Tensor result;
    try (PointerScope scope = new PointerScope()) {
      result =
          Scopes.inner(
              () -> {
                Tensor step = torch.ones(3);
                between.add(step);
                return PLUS_ONE.apply(step);
              });
      assertThat(between.getFirst().isNull()).isTrue();
      assertThat(result.sum().item_double()).isEqualTo(6);
    }
    assertThat(result.isNull()).as("freed with the surrounding scope").isTrue();
  }

  @Test
  void inner_leavesAloneWhatWasMadeBefore() {
    Tensor outside = torch.ones(3);
    try (PointerScope scope = new PointerScope()) {
      assertThat(Scopes.inner(() -> outside)).isSameAs(outside);
    }
    assertThat(outside.isNull()).isFalse();
  }

  @Test
  void chain_freesEachStepAsSoonAsItWasUsed() {
    List<Tensor> inputs = new ArrayList<>();
    UnaryOperator<Tensor> watched =
        input -> {
          inputs.add(input);
          assertThat(inputs.stream().skip(1).limit(Math.max(0, inputs.size() - 2)))
              .allMatch(tensor -> tensor.isNull());
          return PLUS_ONE.apply(input);
        };
    UnaryOperator<Tensor> nothing = input -> input;
    Tensor x = torch.zeros(3);
    Tensor y;
    try (PointerScope scope = new PointerScope()) {
      y = Scopes.chain(x, List.of(nothing, watched, nothing, watched, nothing, watched, watched));
      assertThat(y.sum().item_double()).isEqualTo(12);
      assertThat(Scopes.chain(x, List.of(nothing, nothing))).isSameAs(x);
    }
    assertThat(inputs).hasSize(4);
    assertThat(y.isNull()).as("freed with the surrounding scope").isTrue();
    assertThat(x.isNull()).as("the input is its owner's").isFalse();
  }

  @Test
  void chain_worksWithoutScope() {
    Tensor x = torch.zeros(3);
    Tensor y = Scopes.chain(x, List.of(PLUS_ONE, PLUS_ONE));
    assertThat(y.sum().item_double()).isEqualTo(6);
    y.close();
    assertThat(y.isNull()).isTrue();
    assertThat(x.isNull()).isFalse();
  }
}
