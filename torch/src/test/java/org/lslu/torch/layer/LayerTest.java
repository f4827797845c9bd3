package org.lslu.torch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;

class LayerTest {
  private PointerScope scope;

  @BeforeEach
  void open() {
    LibTorch.start();
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A small network: a convolution with batch norm, a series activation, a linear map. */
  private static final class Small extends Layer {
    final Sequential stem;
    final SeriesActivation act;
    final Linear head;

    Small(long seed) {
      Initialiser initialiser = new Initialiser(seed);
      stem =
          child(
              "stem",
              new Sequential(
                  new Conv2d(
                      initialiser.truncatedNormal(0.5, 4, 3, 3, 3), Conv2d.Geometry.of(2, 1), true),
                  new BatchNorm2d(4, 1e-5)));
      act = child("act", new SeriesActivation(new Relu(), 4, 1, initialiser));
      head = child("head", new Linear(initialiser.heNormal(4, 2, 4)));
    }

    @Override
    public Tensor forward(Tensor x) {
      return head.forward(act.forward(stem.forward(x)).mean(2, 3));
    }
  }

  @Test
  void state_hasDottedNames() {
    Small network = new Small(1);
    assertThat(network.state().keySet())
        .containsExactly(
            "stem.0.weight",
            "stem.0.bias",
            "stem.1.weight",
            "stem.1.bias",
            "stem.1.running_mean",
            "stem.1.running_var",
            "stem.1.num_batches_tracked",
            "act.weight",
            "act.bn.weight",
            "act.bn.bias",
            "act.bn.running_mean",
            "act.bn.running_var",
            "act.bn.num_batches_tracked",
            "head.weight",
            "head.bias");
    assertThat(network.parameters())
        .extracting(NamedParameter::name, NamedParameter::role)
        .containsExactly(
            tuple("stem.0.weight", ParameterRole.WEIGHT),
            tuple("stem.0.bias", ParameterRole.BIAS),
            tuple("stem.1.weight", ParameterRole.NORM),
            tuple("stem.1.bias", ParameterRole.NORM),
            tuple("act.weight", ParameterRole.WEIGHT),
            tuple("act.bn.weight", ParameterRole.NORM),
            tuple("act.bn.bias", ParameterRole.NORM),
            tuple("head.weight", ParameterRole.WEIGHT),
            tuple("head.bias", ParameterRole.BIAS));
    // 4·3·9 + 4, 2·4, 4·9, 2·4, 2·4 + 2
    assertThat(network.parameterCount()).isEqualTo(112 + 8 + 36 + 8 + 10);
  }

  @Test
  void path_leadsFromRootToLayer() {
    Small network = new Small(1);
    assertThat(network.stem.layers().get(1).path()).isEqualTo("stem.1");
    assertThat(network.stem.layers().get(1)).hasToString("BatchNorm2d stem.1");
    assertThat(network.act.activation().path()).isEqualTo("act.activation");
    assertThat(network).hasToString("Small");
    assertThat(network.walk().map(Layer::path))
        .containsExactly(
            "", "stem", "stem.0", "stem.1", "act", "act", "act.bn", "act.activation", "head");
  }

  @Test
  void training_reachesAllLayers() {
    Small network = new Small(1);
    assertThat(network.walk()).allMatch(Layer::training);
    network.training(false);
    assertThat(network.walk()).noneMatch(Layer::training);
    network.training(true);
    assertThat(network.walk()).allMatch(Layer::training);
  }

  @Test
  void registered_outlivesScope() {
    Small network;
    try (PointerScope inner = new PointerScope()) {
      network = new Small(1);
    }
    Tensor x = torch.ones(3, 3, 7, 5);
    assertThat(network.forward(x).sizes().vec().get()).containsExactly(3, 2);
    assertThat(x.isNull()).isFalse();
  }

  @Test
  void initialiser_repeatsItself() {
    Small first = new Small(3);
    Small second = new Small(3);
    Small other = new Small(4);
    first.state().forEach((key, value) -> assertThat(value.equal(second.tensor(key))).isTrue());
    assertThat(first.tensor("head.weight").equal(other.tensor("head.weight"))).isFalse();
  }

  @Test
  void load_copiesEverything() {
    Small source = new Small(3);
    Small target = new Small(4);
    source.forward(torch.rand(2, 3, 7, 5)); // Moves the running statistics.
    Tensor leaf = target.tensor("head.weight");

    target.load(source.state());

    assertThat(target.tensor("head.weight")).isSameAs(leaf);
    source
        .state()
        .forEach((key, value) -> assertThat(target.tensor(key).equal(value)).as(key).isTrue());
    assertThat(target.tensor("stem.1.num_batches_tracked").item_long()).isEqualTo(1);
  }

  @Test
  void load_namesWhatDoesNotFit_andChangesNothing() {
    Small network = new Small(3);
    double before = network.tensor("head.weight").sum().item_double();
    Map<String, Tensor> values = new LinkedHashMap<>(new Small(4).state());
    values.remove("stem.0.bias");
    values.put("stem.9.bias", torch.ones(1));
    values.put("act.weight", torch.ones(4, 1, 7, 7));
    values.put("act.bn.weight", torch.ones(4).to(ScalarType.Double));

    assertThatThrownBy(() -> network.load(values))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("missing stem.0.bias;")
        .hasMessageContaining("unexpected stem.9.bias;")
        .hasMessageContaining("act.weight is Float 4×1×7×7 instead of Float 4×1×3×3")
        .hasMessageContaining("act.bn.weight is Double 4 instead of Float 4");
    assertThat(network.tensor("head.weight").sum().item_double()).isEqualTo(before);
  }

  @Test
  void load_shortensLongLists() {
    assertThatThrownBy(() -> new Small(3).load(Map.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("stem.1.bias and 11 more");
  }

  @Test
  void child_refusesTakenNamesAndTakenLayers() {
    Relu relu = new Relu();
    new Sequential(relu);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sequential(relu))
        .withMessageContaining("part of a Sequential already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Named("a", "a"))
        .withMessageContaining("\"a\" is taken");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Named("a.b", "c"))
        .withMessageContaining("letters, digits and underscores");
  }

  private static final class Named extends Layer {
    Named(String first, String second) {
      parameter(first, torch.ones(1), ParameterRole.ACTIVATION);
      buffer(second, torch.ones(1));
    }

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  @Test
  void forward_namesLayerAndShapes_whereTheyDoNotFit() {
    Small network = new Small(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.forward(torch.ones(2, 1, 28, 28)))
        .withMessage("Conv2d stem.0 takes N×3×H×W, but was given 2×1×28×28.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.forward(torch.ones(2, 3, 8, 8).to(ScalarType.Double)))
        .withMessage("Conv2d stem.0 takes Float values, but was given Double.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.head.forward(torch.ones(2, 3)))
        .withMessage("Linear head takes …×4, but was given 2×3.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.forward(torch.ones(1, 3, 1, 1)))
        .withMessageContaining("BatchNorm2d stem.1 has no variance to compute");
  }
}
