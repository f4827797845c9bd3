package org.lslu.torch.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;
import org.lslu.torch.Shapes;

/**
 * y = layer(x): a function of one tensor with parameters, buffers and child layers.
 *
 * <p>The life of a layer:
 *
 * <ol>
 *   <li>Its constructor registers parameters ({@link #parameter}), buffers ({@link #buffer}) and
 *       children ({@link #child}), with initial values. What is registered outlives every scope.
 *   <li>It becomes the child of another layer, which gives it its name. A tree of layers has a
 *       {@linkplain #state() state} with dotted names, as PyTorch's state dict.
 *   <li>It is called, in training or in evaluation; a new layer is in training.
 * </ol>
 *
 * <p>Tensors made by {@link #forward} belong to the surrounding {@link PointerScope}; open one for
 * each training step. A layer may be called from one thread at a time.
 */
public abstract class Layer {
  private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, ParameterRole> roles = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();
  private final SequencedMap<String, Layer> children = new LinkedHashMap<>();

  private @Nullable Layer parent;
  private String name = "";
  private boolean training = true;

  /** Makes a layer without parameters; starts LibTorch where it does not run yet. */
  protected Layer() {
    LibTorch.start();
  }

  /**
   * y = layer(x).
   *
   * @param x the input, of the shape that the layer names
   * @return the output; x itself where the layer changes nothing
   * @throws IllegalArgumentException if x has a shape or dtype that the layer does not take
   */
  public abstract Tensor forward(Tensor x);

  /**
   * Registers a trainable tensor.
   *
   * @param name its name in this layer: letters, digits and underscores
   * @param initial its initial value, which is not copied
   * @param role what it is for
   * @return the leaf tensor, contiguous and requiring a gradient
   */
  protected final Tensor parameter(String name, Tensor initial, ParameterRole role) {
    checkName(name);
    Tensor leaf = registered(initial).set_requires_grad(true);
    parameters.put(name, leaf);
    roles.put(name, role);
    return leaf;
  }

  /**
   * Registers a tensor that belongs to the state but is not trained.
   *
   * @param name its name in this layer: letters, digits and underscores
   * @param initial its initial value, which is not copied
   * @return the tensor, contiguous
   */
  protected final Tensor buffer(String name, Tensor initial) {
    checkName(name);
    Tensor buffer = registered(initial);
    buffers.put(name, buffer);
    return buffer;
  }

  /**
   * Registers a layer as part of this one.
   *
   * @param name its name in this layer; empty where its entries are to appear as this layer's own
   * @return {@code layer}
   * @throws IllegalArgumentException if the layer is part of another already, or the name is taken
   */
  protected final <L extends Layer> L child(String name, L layer) {
    if (!name.isEmpty()) {
      checkName(name);
    }
    Layer child = layer;
    if (child.parent != null) {
      throw new IllegalArgumentException(
          "%s cannot become \"%s\": it is part of a %s already."
              .formatted(child, name, child.parent.getClass().getSimpleName()));
    }
    child.parent = this;
    child.name = name;
    children.put(name, layer);
    return layer;
  }

  /** The layers that this one is made of, by name, in order of registration. */
  public final SequencedMap<String, Layer> parts() {
    return Collections.unmodifiableSequencedMap(children);
  }

  /** Puts this layer and all below it into training ({@code true}) or evaluation. */
  public final void training(boolean on) {
    walk().forEach(layer -> layer.training = on);
  }

  /** Whether this layer is in training. */
  public final boolean training() {
    return training;
  }

  /** The trainable tensors of this layer and all below it, in order of registration. */
  public final List<NamedParameter> parameters() {
    List<NamedParameter> found = new ArrayList<>();
    collectParameters("", found);
    return List.copyOf(found);
  }

  private void collectParameters(String prefix, List<NamedParameter> found) {
    parameters.forEach(
        (key, tensor) ->
            found.add(
                new NamedParameter(
                    prefix + key, tensor, roles.getOrDefault(key, ParameterRole.WEIGHT))));
    children.forEach((key, layer) -> layer.collectParameters(below(prefix, key), found));
  }

  /** Parameters and buffers of this layer and all below it, by dotted name; not copies. */
  public final SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    collectState("", state);
    return state;
  }

  /**
   * The parameter or buffer with the given dotted name; not a copy.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Tensor tensor(String name) {
    Tensor found = state().get(name);
    if (found == null) {
      throw new IllegalArgumentException("%s holds no \"%s\".".formatted(this, name));
    }
    return found;
  }

  private void collectState(String prefix, Map<String, Tensor> state) {
    parameters.forEach((key, tensor) -> state.put(prefix + key, tensor));
    buffers.forEach((key, tensor) -> state.put(prefix + key, tensor));
    children.forEach((key, layer) -> layer.collectState(below(prefix, key), state));
  }

  private static String below(String prefix, String child) {
    return child.isEmpty() ? prefix : prefix + child + ".";
  }

  /**
   * Copies values into parameters and buffers. Nothing is changed unless everything fits.
   *
   * @param values one tensor for each entry of {@link #state()}, of its shape and dtype
   * @throws UserException if entries are missing, unexpected, or of another shape or dtype
   */
  public final void load(Map<String, Tensor> values) {
    SequencedMap<String, Tensor> state = state();
    List<String> misfits = misfits(state, values);
    if (!misfits.isEmpty()) {
      throw UserException.failure(
          "The weights are not those of this network: " + String.join("; ", misfits) + ".");
    }
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      state.forEach((key, tensor) -> tensor.copy_(values.get(key)));
    }
  }

  private static List<String> misfits(Map<String, Tensor> state, Map<String, Tensor> values) {
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    state.forEach(
        (key, tensor) -> {
          Tensor value = values.get(key);
          if (value == null) {
            missing.add(key);
          } else if (!Arrays.equals(Shapes.of(value), Shapes.of(tensor))
              || value.scalar_type().intern() != tensor.scalar_type().intern()) {
            misshaped.add("%s is %s instead of %s".formatted(key, kind(value), kind(tensor)));
          }
        });
    TreeSet<String> unexpected = new TreeSet<>(values.keySet());
    unexpected.removeAll(state.keySet());
    List<String> misfits = new ArrayList<>();
    addNames(misfits, "missing", missing);
    addNames(misfits, "unexpected", List.copyOf(unexpected));
    if (!misshaped.isEmpty()) {
      misfits.add(listed(misshaped));
    }
    return misfits;
  }

  private static void addNames(List<String> misfits, String what, List<String> names) {
    if (!names.isEmpty()) {
      misfits.add(what + " " + listed(names));
    }
  }

  /** The first few of {@code entries} and how many more there are. */
  private static String listed(List<String> entries) {
    int shown = 4;
    String listed = String.join(", ", entries.subList(0, Math.min(shown, entries.size())));
    return entries.size() <= shown
        ? listed
        : listed + " and %d more".formatted(entries.size() - shown);
  }

  private static String kind(Tensor tensor) {
    return tensor.scalar_type() + " " + Shapes.text(tensor);
  }

  /** This layer and all below it: parents before children, children in order of registration. */
  public final Stream<Layer> walk() {
    return Stream.concat(Stream.of(this), children.values().stream().flatMap(Layer::walk));
  }

  /** The number of trainable values of this layer and all below it. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.tensor().numel()).sum();
  }

  /** The number of trainable values of this layer alone. */
  final long ownParameterCount() {
    return parameters.values().stream().mapToLong(Tensor::numel).sum();
  }

  /** Puts this layer alone into training or evaluation. */
  final void trainingHere(boolean on) {
    training = on;
  }

  /** The dotted name of this layer below its root; empty for the root. */
  public final String path() {
    Layer above = parent;
    if (above == null) {
      return name;
    }
    String prefix = above.path();
    return prefix.isEmpty() ? name : name.isEmpty() ? prefix : prefix + "." + name;
  }

  /** The kind of layer and its place, such as {@code Conv2d stem1.0}. */
  @Override
  public String toString() {
    String path = path();
    String kind = getClass().getSimpleName();
    return path.isEmpty() ? kind : kind + " " + path;
  }

  /**
   * Checks that an input is a batch of images with {@code channels} channels.
   *
   * @throws IllegalArgumentException if it is not
   */
  protected final void requireImage(Tensor x, long channels) {
    if (x.dim() != 4 || x.size(1) != channels) {
      throw new IllegalArgumentException(
          "%s takes N×%d×H×W, but was given %s.".formatted(this, channels, Shapes.text(x)));
    }
  }

  /**
   * Checks that an input has the dtype of a parameter.
   *
   * @throws IllegalArgumentException if it has not
   */
  protected final void requireType(Tensor x, Tensor parameter) {
    ScalarType expected = parameter.scalar_type();
    ScalarType found = x.scalar_type();
    if (found.value != expected.value) {
      throw new IllegalArgumentException(
          "%s takes %s values, but was given %s.".formatted(this, expected, found));
    }
  }

  /** No tensor, as LibTorch's operations take it; outlives every scope. */
  protected static TensorOptional none() {
    return Scopes.outside(TensorOptional::new);
  }

  /**
   * {@code tensor} as LibTorch's operations take it where it may be absent; outlives every scope.
   */
  protected static TensorOptional optional(Tensor tensor) {
    return Scopes.outside(() -> new TensorOptional(tensor));
  }

  /**
   * Tells a {@link Summary} under way what this call cost.
   *
   * @param y the output
   * @param terms multiply-adds for each value of y
   * @return {@code y}
   */
  protected final Tensor counted(Tensor y, long terms) {
    Summary.count(this, y, terms);
    return y;
  }

  private static Tensor registered(Tensor initial) {
    try (PointerScope scope = new PointerScope()) {
      return Scopes.keep(initial.detach().contiguous());
    }
  }

  private void checkName(String name) {
    if (!name.matches("[A-Za-z0-9_]+")) {
      throw new IllegalArgumentException(
          "\"%s\" cannot be a name in a %s: use letters, digits and underscores."
              .formatted(name, getClass().getSimpleName()));
    }
    if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
      throw new IllegalArgumentException(
          "The name \"%s\" is taken in this %s.".formatted(name, getClass().getSimpleName()));
    }
  }
}
