package org.lslu.torch.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.Shapes;
import org.lslu.torch.weights.PickledValue.Mapping;
import org.lslu.torch.weights.PickledValue.StoredTensor;

/**
 * The tensors of one network in a weight file, by name: a {@code .safetensors} file, or what {@code
 * torch.save} writes.
 *
 * <p>In a checkpoint they are looked for under the usual keys: {@code model}, {@code state_dict},
 * {@code model_state_dict}, then those of averaged weights, {@code model_ema}, {@code
 * state_dict_ema}. {@code FILE#KEY} names a key. Prefixes that wrappers put before every name are
 * taken off: {@code module.} (distributed training), {@code _orig_mod.}, {@code model.}. What a
 * run's {@code last.safetensors} holds beside the network is left out; {@code FILE#average.0} takes
 * the first of its moving averages.
 */
public final class StateDict implements AutoCloseable {
  private static final List<String> KEYS =
      List.of("model", "state_dict", "model_state_dict", "model_ema", "state_dict_ema");
  private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");
  private static final List<String> BESIDE = List.of("optimiser.", "average.");
  private static final int SHOWN = 8;

  private final String source;
  private final Optional<PyTorchFile> archive;
  private final SequencedMap<String, Entry> entries;
  private final List<String> remarks;
  private final boolean isDeployed;

  /**
   * A tensor of the file.
   *
   * @param shape its sizes
   * @param values reads it, into the surrounding scope
   */
  record Entry(List<Long> shape, Supplier<Tensor> values) {
    static Entry of(long[] shape, Supplier<Tensor> values) {
      return new Entry(Arrays.stream(shape).boxed().toList(), values);
    }

    long[] sizes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String toString() {
      return Shapes.text(sizes());
    }
  }

  private StateDict(
      String source,
      Optional<PyTorchFile> archive,
      SequencedMap<String, Entry> entries,
      List<String> remarks,
      boolean isDeployed) {
    this.source = source;
    this.archive = archive;
    this.remarks = new ArrayList<>(remarks);
    this.isDeployed = isDeployed;
    this.entries = withoutPrefixes(entries);
  }

  /**
   * Opens a weight file.
   *
   * @param source its path, or {@code PATH#KEY}; tensors of a {@code .safetensors} file are read at
   *     once, into the surrounding scope, others when they are asked for
   * @throws UserException if there is no such file or key, or it is damaged or not plain
   */
  public static StateDict open(String source) {
    final int mark = source.lastIndexOf('#');
    final boolean hasKey = mark > 0 && Files.notExists(Path.of(source));
    final Path path = Path.of(hasKey ? source.substring(0, mark) : source);
    final String key = hasKey ? source.substring(mark + 1) : "";
    return path.toString().endsWith(".safetensors")
        ? ofSafetensors(source, path, key)
        : ofPyTorch(source, path, key);
  }

  private static StateDict ofSafetensors(String source, Path path, String key) {
    final Safetensors.Contents contents = Safetensors.read(path);
    final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    final String prefix = key.isEmpty() ? "" : key + ".";
    contents
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)
                  && (!key.isEmpty() || BESIDE.stream().noneMatch(name::startsWith))) {
                entries.put(
                    name.substring(prefix.length()), Entry.of(Shapes.of(tensor), () -> tensor));
              }
            });
    if (entries.isEmpty()) {
      throw UserException.argument(
          key.isEmpty()
              ? "The file %s holds no tensors of a network.".formatted(path)
              : "The file %s holds nothing under \"%s\".".formatted(path, key));
    }
    return new StateDict(
        source,
        Optional.empty(),
        entries,
        List.of(),
        "deployed".equals(contents.metadata().get("form")));
  }

  private static StateDict ofPyTorch(String source, Path path, String key) {
    final PyTorchFile archive = PyTorchFile.open(path);
    try {
      if (!(archive.value() instanceof Mapping whole)) {
        throw UserException.failure(
            "The file %s holds %s; a dictionary of tensors is needed, as model.state_dict() gives."
                .formatted(path, described(archive.value())));
      }
      final String chosen = key.isEmpty() ? usualKey(whole) : key;
      final Mapping tensors = chosen.isEmpty() ? whole : below(path, whole, chosen);
      final List<String> remarks = new ArrayList<>();
      if (!chosen.isEmpty()) {
        final List<String> others =
            whole.entries().keySet().stream().filter(name -> !name.equals(chosen)).toList();
        remarks.add(
            others.isEmpty()
                ? "The weights are those under \"%s\".".formatted(chosen)
                : "The weights are those under \"%s\"; the file's %s %s left alone."
                    .formatted(chosen, listed(others), others.size() == 1 ? "is" : "are"));
      }
      return new StateDict(
          source, Optional.of(archive), entries(archive, tensors, remarks), remarks, false);
    } catch (UserException problem) {
      archive.close();
      throw problem;
    }
  }

  private static String usualKey(Mapping whole) {
    return KEYS.stream()
        .filter(key -> whole.get(key).map(value -> value instanceof Mapping).orElse(false))
        .findFirst()
        .orElse("");
  }

  private static Mapping below(Path path, Mapping whole, String key) {
    return switch (whole.get(key).orElse(PickledValue.Nothing.NONE)) {
      case Mapping found -> found;
      case PickledValue other ->
          throw UserException.argument(
              "The file %s holds %s under \"%s\" where a dictionary of tensors is needed; it has %s."
                  .formatted(
                      path,
                      whole.get(key).isPresent() ? described(other) : "nothing",
                      key,
                      listed(List.copyOf(whole.entries().keySet()))));
    };
  }

  private static SequencedMap<String, Entry> entries(
      PyTorchFile archive, Mapping tensors, List<String> remarks) {
    final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    final List<String> others = new ArrayList<>();
    tensors
        .entries()
        .forEach(
            (name, value) -> {
              if (value instanceof StoredTensor tensor) {
                entries.put(name, Entry.of(tensor.shape(), () -> archive.read(tensor)));
              } else {
                others.add(name);
              }
            });
    if (entries.isEmpty()) {
      throw UserException.failure(
          "There is no tensor among what was looked for in the weight file, only %s; save"
                  .formatted(others.isEmpty() ? "an empty dictionary" : listed(others))
              + " model.state_dict(), or say the key: FILE#KEY.");
    }
    if (!others.isEmpty()) {
      remarks.add("No tensors, and left alone: %s.".formatted(listed(others)));
    }
    return entries;
  }

  private SequencedMap<String, Entry> withoutPrefixes(SequencedMap<String, Entry> whole) {
    SequencedMap<String, Entry> current = whole;
    for (Optional<String> common = prefix(current); common.isPresent(); common = prefix(current)) {
      final String prefix = common.get();
      final SequencedMap<String, Entry> shorter = new LinkedHashMap<>();
      current.forEach((name, entry) -> shorter.put(name.substring(prefix.length()), entry));
      remarks.add("The prefix \"%s\" of every name was taken off.".formatted(prefix));
      current = shorter;
    }
    return current;
  }

  private static Optional<String> prefix(Map<String, Entry> entries) {
    return entries.isEmpty()
        ? Optional.empty()
        : PREFIXES.stream()
            .filter(prefix -> entries.keySet().stream().allMatch(name -> name.startsWith(prefix)))
            .findFirst();
  }

  private static String described(PickledValue value) {
    return switch (value) {
      case StoredTensor tensor -> tensor.toString();
      case PickledValue.Sequence sequence -> sequence.toString();
      case Mapping mapping -> mapping.toString();
      case PickledValue.Namespace namespace -> namespace.toString();
      case PickledValue.Nothing _ -> "None";
      case PickledValue.Text _ -> "a string";
      default -> "a single value";
    };
  }

  /** The first few names, and how many more there are. */
  static String listed(List<String> names) {
    final List<String> shown = names.stream().limit(SHOWN).map(RestrictedUnpickler::shown).toList();
    return names.size() <= SHOWN
        ? String.join(", ", shown)
        : "%s and %d more".formatted(String.join(", ", shown), names.size() - SHOWN);
  }

  /** What was opened, as it was named. */
  public String source() {
    return source;
  }

  /** The names of its tensors, without common prefixes, in the file's order. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** The sizes of a tensor; empty for a scalar. */
  public long[] shape(String name) {
    return entry(name).sizes();
  }

  /**
   * Reads a tensor; it belongs to the surrounding scope.
   *
   * @throws UserException if the file is damaged there
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor read(String name) {
    return entry(name).values().get();
  }

  private Entry entry(String name) {
    final Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("%s holds no \"%s\".".formatted(source, name));
    }
    return entry;
  }

  SequencedMap<String, Entry> entries() {
    return Collections.unmodifiableSequencedMap(entries);
  }

  /** Whether the file says itself that it holds a network folded for deployment. */
  boolean isDeployed() {
    return isDeployed;
  }

  /** Which of the file's contents these are and what was left alone, in sentences. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  @Override
  public void close() {
    archive.ifPresent(PyTorchFile::close);
  }
}
