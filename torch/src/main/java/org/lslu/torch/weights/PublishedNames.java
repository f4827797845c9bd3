package org.lslu.torch.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.UserException;
import org.lslu.torch.Scopes;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.weights.StateDict.Entry;

/**
 * Names of parameters in the published code of VanillaNet and LSLU, and ours.
 *
 * <p>Ours are the same, apart from LSLU's own: the published {@code act.alphas} is our {@code
 * act.activation.theta}, {@code act.biases} our {@code act.activation.omega}. The published ones
 * have one entry for each of the C channels, of which the code uses the first n, in order, for the
 * n steps of the chain; the others are never used or trained. The series activation at a ResNet's
 * stem is called {@code lslu} there and {@code act} here.
 */
public final class PublishedNames {
  private static final String LSLU = "lslu";
  private static final String THEIR_STEM = "lslu.";
  private static final String OUR_STEM = "act.";
  private static final String INSIDE_SERIES = "activation";
  private static final Map<String, String> OURS =
      new TreeMap<>(Map.of("alphas", "theta", "biases", "omega"));

  private PublishedNames() {}

  /**
   * The entries of a file under the names of {@code network}.
   *
   * @throws UserException if a chain of LSLU in the file is not that of the network
   */
  static SequencedMap<String, Entry> toOurs(Layer network, Map<String, Entry> published) {
    final SequencedMap<String, Entry> ours = new LinkedHashMap<>();
    final Map<String, ActivationLayer> activations = activations(network);
    final Map<String, Entry> placed = new LinkedHashMap<>();
    final boolean hasStem = activations.containsKey(OUR_STEM + INSIDE_SERIES);
    published.forEach(
        (name, entry) ->
            placed.put(
                hasStem && name.startsWith(THEIR_STEM)
                    ? OUR_STEM + name.substring(THEIR_STEM.length())
                    : name,
                entry));
    placed.forEach(
        (name, entry) -> {
          final int dot = name.lastIndexOf('.');
          final String parameter = OURS.get(name.substring(dot + 1));
          if (dot < 0 || parameter == null) {
            ours.put(name, entry);
            return;
          }
          final String place = name.substring(0, dot);
          final ActivationLayer activation = activations.get(place + "." + INSIDE_SERIES);
          if (activation == null || !isLslu(activation)) {
            throw UserException.failure(
                "The file's network has LSLU at %s (%s), and this one has %s there; take lslu as its"
                        .formatted(
                            RestrictedUnpickler.clean(place),
                            RestrictedUnpickler.clean(name),
                            activation == null ? "no activation" : activation.function().id())
                    + " activation.");
          }
          final long n = steps(placed, place);
          ours.put(activation.path() + "." + parameter, firstOf(name, entry, activation, n));
        });
    return ours;
  }

  /** n, from the published kernel, whose side is 2n + 1; 0 where there is none. */
  private static long steps(Map<String, Entry> published, String place) {
    final Entry kernel = published.get(place + ".weight");
    return kernel == null || kernel.shape().size() != 4 ? 0 : (kernel.shape().getLast() - 1) / 2;
  }

  private static Entry firstOf(String name, Entry entry, ActivationLayer activation, long n) {
    final int length = activation.function().parameters().getFirst().length();
    if (n > 0 && n != length) {
      throw UserException.failure(
          "The file's LSLU has n = %d (the kernel beside %s is %d×%d), and this network's has n = %d; take n = %d."
              .formatted(n, RestrictedUnpickler.clean(name), 2 * n + 1, 2 * n + 1, length, n));
    }
    if (entry.shape().size() != 1 || entry.shape().getFirst() < length) {
      throw UserException.failure(
          "%s is %s, and at least the %d entries of the chain are needed."
              .formatted(RestrictedUnpickler.clean(name), entry, length));
    }
    final long[] shape = Shapes.of(activation.tensor("theta"));
    return Entry.of(
        shape,
        () -> Scopes.inner(() -> entry.values().get().narrow(0, 0, length).expand(shape).clone()));
  }

  /**
   * The state of a network under the published names, so that the published code loads it: θ and ω
   * of an LSLU chain that one layer shares become {@code alphas} and {@code biases} with one entry
   * for each channel, 1 and 0 behind the first n. Everything else keeps its name, and so do θ and ω
   * that the published code has no place for: several sets in a layer, more steps than channels, or
   * another number of steps than the radius of the kernel.
   *
   * @return tensors by name; those that were changed belong to the surrounding scope
   */
  public static SequencedMap<String, Tensor> ofNetwork(Layer network) {
    final SequencedMap<String, Tensor> published = new LinkedHashMap<>();
    final Map<String, UnaryOperator<Tensor>> padded = new TreeMap<>();
    final Map<String, String> names = new TreeMap<>();
    activations(network)
        .forEach(
            (path, activation) -> {
              if (hasPlace(network, path, activation)) {
                final String place = path.substring(0, path.lastIndexOf('.'));
                OURS.forEach(
                    (name, ours) -> {
                      final double rest = ours.equals("theta") ? 1 : 0;
                      names.put(path + "." + ours, place + "." + name);
                      padded.put(
                          path + "." + ours, tensor -> padded(tensor, activation.channels(), rest));
                    });
              }
            });
    final boolean hasStem = names.containsKey(OUR_STEM + INSIDE_SERIES + ".theta");
    network
        .state()
        .forEach(
            (name, tensor) ->
                published.put(
                    theirs(names.getOrDefault(name, name), hasStem),
                    padded.getOrDefault(name, UnaryOperator.identity()).apply(tensor)));
    return published;
  }

  private static String theirs(String name, boolean hasStem) {
    return hasStem && name.startsWith(OUR_STEM)
        ? THEIR_STEM + name.substring(OUR_STEM.length())
        : name;
  }

  /** The published code takes n from its kernel, of side 2n + 1, and has one chain a layer. */
  private static boolean hasPlace(Layer network, String path, ActivationLayer activation) {
    if (!path.endsWith("." + INSIDE_SERIES) || !isLslu(activation)) {
      return false;
    }
    final String place = path.substring(0, path.lastIndexOf('.'));
    final Tensor kernel = network.state().get(place + ".weight");
    final long[] theta = Shapes.of(activation.tensor("theta"));
    return kernel != null
        && kernel.dim() == 4
        && theta.length == 1
        && kernel.size(3) == 2 * theta[0] + 1
        && theta[0] <= activation.channels();
  }

  private static Tensor padded(Tensor first, long length, double rest) {
    return Scopes.inner(
        () -> {
          final Tensor values = first.detach();
          return torch.constant_pad_nd(
              values, new long[] {0, length - values.numel()}, new Scalar(rest));
        });
  }

  private static boolean isLslu(ActivationLayer activation) {
    final String id = activation.function().id();
    return id.equals(LSLU) || id.startsWith(LSLU + "(");
  }

  private static Map<String, ActivationLayer> activations(Layer network) {
    final Map<String, ActivationLayer> found = new TreeMap<>();
    network
        .walk()
        .forEach(
            layer -> {
              if (layer instanceof ActivationLayer activation) {
                found.put(activation.path(), activation);
              }
            });
    return found;
  }
}
