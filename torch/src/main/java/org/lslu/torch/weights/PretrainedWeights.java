package org.lslu.torch.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.SeriesActivation;
import org.lslu.torch.weights.StateDict.Entry;

/**
 * Gives a network the weights of a file that was written elsewhere: a state dict of PyTorch or a
 * {@code .safetensors} file, with the names of the published code of VanillaNet and LSLU, of
 * torchvision, or our own.
 *
 * <p>Four things may differ. A classifier for other classes, or none, leaves the network's own at
 * its initial values. Activations that the file knows nothing of keep theirs, so a VanillaNet with
 * LSLU can start from one without: initially they are the same function. The count of batches that
 * a batch norm has seen may be absent or too many. Floating-point values of another width are
 * converted. Everything else must fit.
 */
public final class PretrainedWeights {
  private static final Pattern HEAD = Pattern.compile("(cls1|cls2|fc|classifier|head)\\..+");
  private static final Pattern DEPLOYED =
      Pattern.compile("stem\\.\\d+\\.weight|stages\\.\\d+\\.conv\\.weight|cls\\.\\d+\\.weight");
  private static final String BATCHES = "num_batches_tracked";
  private static final int SHOWN = 4;

  /** How much of the network must be in the file. */
  public enum Matching {
    /**
     * All but the classifier and activations that the file knows nothing of; nothing else in it.
     */
    STRICT,
    /** What there is; the rest keeps its initial values. At least one weight must fit. */
    PARTIAL
  }

  private final StateDict file;
  private final Layer network;
  private final SequencedMap<String, Tensor> state;
  private final List<String> loaded = new ArrayList<>();
  private final Set<String> head = new TreeSet<>();
  private final List<String> initial = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  private PretrainedWeights(StateDict file, Layer network) {
    this.file = file;
    this.network = network;
    this.state = network.state();
    this.remarks.addAll(file.remarks());
  }

  /**
   * Loads a file into a network. Nothing is changed unless everything that must fit does.
   *
   * @param source the file, or {@code FILE#KEY} for one of the networks of a checkpoint, such as
   *     {@code model_ema}
   * @param network where the values go
   * @param matching how much must be there
   * @return what was done
   * @throws UserException if the file is damaged, holds code, was folded for deployment, or is of
   *     another network
   */
  public static LoadedWeights load(String source, Layer network, Matching matching) {
    try (PointerScope scope = new PointerScope();
        StateDict file = StateDict.open(source)) {
      return new PretrainedWeights(file, network).load(matching);
    }
  }

  private LoadedWeights load(Matching matching) {
    refuseDeployed();
    final SequencedMap<String, Entry> entries =
        new LinkedHashMap<>(PublishedNames.toOurs(network, file.entries()));
    entries.keySet().removeIf(name -> name.endsWith(BATCHES) && !state.containsKey(name));
    replaceHead(entries);
    requireShapes(entries);
    sort(entries);
    if (loaded.stream().allMatch(name -> name.endsWith(BATCHES))) {
      throw UserException.failure(
          "None of the tensors in %s belongs to this network; the file has %s, the network %s."
              .formatted(
                  file.source(),
                  StateDict.listed(file.names()),
                  StateDict.listed(List.copyOf(state.keySet()))));
    }
    if (matching == Matching.STRICT && !(missing.isEmpty() && unexpected.isEmpty())) {
      throw UserException.failure(mismatch());
    }
    network.load(values(entries));
    return new LoadedWeights(
        file.source(), loaded, List.copyOf(head), initial, missing, unexpected, remarks);
  }

  private void refuseDeployed() {
    final Optional<String> folded =
        file.names().stream()
            .filter(name -> DEPLOYED.matcher(name).matches() && !state.containsKey(name))
            .findFirst();
    if (file.isDeployed() || folded.isPresent()) {
      throw UserException.failure(
          "The file %s holds a network that was folded for deployment%s, so its batch norms and paired convolutions are gone; take the weights from before that."
              .formatted(file.source(), folded.map(name -> " (" + name + ")").orElse("")));
    }
  }

  /** A classifier for another number of classes is none for these, and neither is half of one. */
  private void replaceHead(Map<String, Entry> entries) {
    boolean isWhole = true;
    Optional<String> other = Optional.empty();
    for (final Map.Entry<String, Tensor> own : state.entrySet()) {
      if (isHead(own.getKey()) && !own.getKey().endsWith(BATCHES)) {
        final Entry entry = entries.get(own.getKey());
        isWhole &= entry != null;
        if (entry != null && other.isEmpty() && hasOtherOutputs(entry, own.getValue())) {
          other = Optional.of(misfit(own.getKey(), entry, own.getValue()));
        }
      }
    }
    other.ifPresent(
        misfit ->
            remarks.add("The file's classifier is for other classes (%s).".formatted(misfit)));
    if (other.isPresent() || !isWhole) {
      state.keySet().stream().filter(PretrainedWeights::isHead).forEach(head::add);
      entries.keySet().removeIf(PretrainedWeights::isHead);
    }
  }

  private static boolean isHead(String name) {
    return HEAD.matcher(name).matches();
  }

  private static boolean hasOtherOutputs(Entry entry, Tensor own) {
    final long[] shape = Shapes.of(own);
    return shape.length > 0
        && entry.shape().size() == shape.length
        && entry.shape().getFirst() != shape[0];
  }

  private static String misfit(String name, Entry entry, Tensor own) {
    return "%s is %s instead of %s"
        .formatted(RestrictedUnpickler.clean(name), entry, Shapes.text(own));
  }

  private void requireShapes(Map<String, Entry> entries) {
    final List<String> misfits = new ArrayList<>();
    entries.forEach(
        (name, entry) -> {
          final Tensor own = state.get(name);
          if (own != null && !Arrays.equals(entry.sizes(), Shapes.of(own))) {
            requireChannels(name, entry.sizes(), Shapes.of(own));
            misfits.add(misfit(name, entry, own));
          }
        });
    if (!misfits.isEmpty()) {
      throw UserException.failure(
          "The weights in %s are of another network: %s; take the width, the depth and the series radius that the file was trained with."
              .formatted(file.source(), listed(misfits)));
    }
  }

  /** A first convolution for grey images does not serve colour, nor the other way round. */
  private void requireChannels(String name, long[] theirs, long[] own) {
    final boolean isFirst =
        state.entrySet().stream()
            .filter(entry -> entry.getValue().dim() == own.length)
            .findFirst()
            .map(entry -> entry.getKey().equals(name))
            .orElse(false);
    if (isFirst
        && own.length == 4
        && theirs.length == 4
        && theirs[0] == own[0]
        && theirs[1] != own[1]
        && theirs[2] == own[2]) {
      throw UserException.failure(
          "The network in %s takes images with %d channels, and this one with %d (%s is %s instead of %s); bring the images to %d channels (--channels %d)."
              .formatted(
                  file.source(),
                  theirs[1],
                  own[1],
                  name,
                  Shapes.text(theirs),
                  Shapes.text(own),
                  theirs[1],
                  theirs[1]));
    }
  }

  private void sort(Map<String, Entry> entries) {
    final Set<String> unknown = unknownActivations(entries);
    for (final String name : state.keySet()) {
      if (entries.containsKey(name)) {
        loaded.add(name);
      } else if (unknown.contains(name)) {
        initial.add(name);
      } else if (!head.contains(name) && !name.endsWith(BATCHES)) {
        missing.add(name);
      }
    }
    for (final String name : entries.keySet()) {
      if (!state.containsKey(name)) {
        unexpected.add(name);
      }
    }
  }

  /** What belongs to activations, or to whole series activations, of which the file has nothing. */
  private Set<String> unknownActivations(Map<String, Entry> entries) {
    final Set<String> unknown = new HashSet<>();
    network
        .walk()
        .filter(layer -> layer instanceof ActivationLayer || layer instanceof SeriesActivation)
        .forEach(
            layer -> {
              final List<String> names =
                  state.keySet().stream()
                      .filter(name -> name.startsWith(layer.path() + "."))
                      .toList();
              if (names.stream().noneMatch(entries::containsKey)) {
                unknown.addAll(names);
              }
            });
    return unknown;
  }

  private String mismatch() {
    final List<String> parts = new ArrayList<>();
    if (!missing.isEmpty()) {
      parts.add("it lacks " + listed(clean(missing)));
    }
    if (!unexpected.isEmpty()) {
      parts.add("it has, and the network has not, " + listed(clean(unexpected)));
    }
    return "The weights in %s are not those of this network: %s; take the model and the activation that the file was trained with."
        .formatted(file.source(), String.join("; ", parts));
  }

  private Map<String, Tensor> values(Map<String, Entry> entries) {
    final Map<String, Tensor> values = new LinkedHashMap<>(state);
    for (final String name : loaded) {
      final Entry entry = entries.get(name);
      final Tensor own = state.get(name);
      if (entry != null && own != null) {
        values.put(name, converted(name, entry.values().get(), own));
      }
    }
    return values;
  }

  private Tensor converted(String name, Tensor read, Tensor own) {
    if (read.is_floating_point() != own.is_floating_point()) {
      throw UserException.failure(
          "The tensor %s in %s has elements of type %s where %s are needed."
              .formatted(
                  RestrictedUnpickler.clean(name),
                  file.source(),
                  read.scalar_type(),
                  own.scalar_type()));
    }
    final Tensor value = read.to(own.scalar_type());
    if (value.is_floating_point() && !value.isfinite().all().item_bool()) {
      throw UserException.failure(
          "The tensor %s in %s has values that are not finite; such weights cannot be used."
              .formatted(RestrictedUnpickler.clean(name), file.source()));
    }
    return value;
  }

  private static List<String> clean(List<String> names) {
    return names.stream().map(RestrictedUnpickler::clean).toList();
  }

  private static String listed(List<String> entries) {
    final String first = entries.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return entries.size() <= SHOWN
        ? first
        : "%s and %d more".formatted(first, entries.size() - SHOWN);
  }
}
