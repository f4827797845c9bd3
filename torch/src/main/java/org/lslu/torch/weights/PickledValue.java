package org.lslu.torch.weights;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.lslu.torch.Shapes;

/**
 * A value out of a pickle: what can be built without running code of the file's.
 *
 * <p>Containers of a damaged or hostile file may contain themselves; do not follow them to the end.
 */
public sealed interface PickledValue
    permits PickledValue.Text,
        PickledValue.Whole,
        PickledValue.Real,
        PickledValue.Truth,
        PickledValue.Nothing,
        PickledValue.Sequence,
        PickledValue.Mapping,
        PickledValue.Namespace,
        PickledValue.StoredTensor,
        PicklePart {
  /** A string. */
  record Text(String value) implements PickledValue {}

  /** An integer of any size. */
  record Whole(BigInteger value) implements PickledValue {}

  /** A floating-point number. */
  record Real(double value) implements PickledValue {}

  /** A truth value. */
  record Truth(boolean value) implements PickledValue {}

  /** Python's {@code None}. */
  enum Nothing implements PickledValue {
    /** The only one. */
    NONE
  }

  /** A list or a tuple. */
  final class Sequence implements PickledValue {
    private final List<PickledValue> elements;

    Sequence(List<PickledValue> elements) {
      this.elements = new ArrayList<>(elements);
    }

    /** Its elements. */
    public List<PickledValue> elements() {
      return Collections.unmodifiableList(elements);
    }

    void add(PickledValue element) {
      elements.add(element);
    }

    @Override
    public String toString() {
      return "a list of " + elements.size();
    }
  }

  /** A dictionary, ordered or not; keys that are no strings appear as Python prints them. */
  final class Mapping implements PickledValue {
    private final SequencedMap<String, PickledValue> entries = new LinkedHashMap<>();

    /** Its entries in the file's order. */
    public SequencedMap<String, PickledValue> entries() {
      return Collections.unmodifiableSequencedMap(entries);
    }

    /** The value of a key. */
    public Optional<PickledValue> get(String key) {
      return Optional.ofNullable(entries.get(key));
    }

    void put(String key, PickledValue value) {
      entries.put(key, value);
    }

    @Override
    public String toString() {
      return "a dictionary of " + entries.size();
    }
  }

  /**
   * An {@code argparse.Namespace}: the settings of the training that wrote the file, as plain
   * values.
   */
  final class Namespace implements PickledValue {
    private Mapping attributes = new Mapping();

    /** The settings by name. */
    public Mapping attributes() {
      return attributes;
    }

    void attributes(Mapping attributes) {
      this.attributes = attributes;
    }

    @Override
    public String toString() {
      return "a namespace of " + attributes.entries().size();
    }
  }

  /** A tensor that lies in the file: which of its storages, and where in it. */
  final class StoredTensor implements PickledValue {
    private final String storage;
    private final ElementType type;
    private final long offset;
    private final long[] shape;
    private final long[] strides;

    /**
     * Keeps what {@link StorageTable} has checked.
     *
     * @param storage the key of its storage
     * @param type its elements
     * @param offset its first element in the storage
     * @param shape its sizes
     * @param strides elements from one to the next, for each dimension
     */
    StoredTensor(String storage, ElementType type, long offset, long[] shape, long[] strides) {
      this.storage = storage;
      this.type = type;
      this.offset = offset;
      this.shape = shape.clone();
      this.strides = strides.clone();
    }

    String storage() {
      return storage;
    }

    ElementType type() {
      return type;
    }

    long offset() {
      return offset;
    }

    long[] strides() {
      return strides.clone();
    }

    /** Its sizes; empty for a scalar. */
    public long[] shape() {
      return shape.clone();
    }

    /** Whether its elements lie row by row without gaps. */
    boolean isContiguous() {
      long expected = 1;
      for (int i = shape.length - 1; i >= 0; i--) {
        if (shape[i] != 1 && strides[i] != expected) {
          return false;
        }
        expected *= shape[i];
      }
      return true;
    }

    /** How many elements of the storage it spans. */
    long span() {
      long last = 0;
      for (int i = 0; i < shape.length; i++) {
        if (shape[i] == 0) {
          return 0;
        }
        last += (shape[i] - 1) * strides[i];
      }
      return last + 1;
    }

    @Override
    public String toString() {
      return "a tensor %s of %s".formatted(Shapes.text(shape), type);
    }
  }
}
