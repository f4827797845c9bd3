package org.lslu.torch.weights;

import java.util.Arrays;
import java.util.Optional;

/** What a pickle needs on the way to its values. */
sealed interface PicklePart extends PickledValue {
  /** Where a run of arguments begins. */
  enum Mark implements PicklePart {
    /** The only one. */
    MARK
  }

  /** What a pickle may call by name, apart from classes of storages. */
  enum Callable implements PicklePart {
    /** A dictionary. */
    ORDERED_DICT("collections.OrderedDict"),
    /** The settings of a training. */
    NAMESPACE("argparse.Namespace"),
    /** A shape. */
    SIZE("torch.Size"),
    /** A view of a storage. */
    TENSOR("torch._utils._rebuild_tensor_v2"),
    /** A tensor that is trained. */
    PARAMETER("torch._utils._rebuild_parameter");

    private final String name;

    Callable(String name) {
      this.name = name;
    }

    static Optional<Callable> named(String name) {
      return Arrays.stream(values()).filter(callable -> callable.name.equals(name)).findFirst();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A class of storages.
   *
   * @param type what they hold
   */
  record StorageClass(ElementType type) implements PicklePart {}

  /**
   * A run of elements in the file.
   *
   * @param key its name there
   * @param type what it holds
   * @param elements how many
   */
  record Storage(String key, ElementType type, long elements) implements PicklePart {}
}
