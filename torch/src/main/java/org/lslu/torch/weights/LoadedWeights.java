package org.lslu.torch.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link PretrainedWeights} did.
 *
 * @param source the file
 * @param loaded names of the network that have their values from the file
 * @param head names of the classifier that were left at their new initial values, because the
 *     file's is for other classes or has none
 * @param initial names of activations that the file does not know, which were left at their initial
 *     values
 * @param missing other names that the file does not have, left at their initial values
 * @param unexpected names of the file that the network does not have
 * @param remarks what else is to be known, in sentences
 */
public record LoadedWeights(
    String source,
    List<String> loaded,
    List<String> head,
    List<String> initial,
    List<String> missing,
    List<String> unexpected,
    List<String> remarks) {
  /** Keeps copies. */
  public LoadedWeights {
    loaded = List.copyOf(loaded);
    head = List.copyOf(head);
    initial = List.copyOf(initial);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    remarks = List.copyOf(remarks);
  }

  /** The same in sentences. */
  public List<String> sentences() {
    final int all = loaded.size() + head.size() + initial.size() + missing.size();
    final List<String> sentences = new ArrayList<>();
    sentences.add(
        "%d of the network's %d tensors have their values from %s."
            .formatted(loaded.size(), all, source));
    sentences.addAll(remarks);
    if (!head.isEmpty()) {
      sentences.add("The classifier starts anew: %s.".formatted(StateDict.listed(head)));
    }
    if (!initial.isEmpty()) {
      sentences.add(
          "The file knows nothing of these activations, which keep their initial values: %s."
              .formatted(StateDict.listed(initial)));
    }
    if (!missing.isEmpty()) {
      sentences.add(
          "Not in the file, and left at their initial values: %s."
              .formatted(StateDict.listed(missing)));
    }
    if (!unexpected.isEmpty()) {
      sentences.add(
          "In the file, but not in the network: %s.".formatted(StateDict.listed(unexpected)));
    }
    return List.copyOf(sentences);
  }
}
