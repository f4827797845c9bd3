package org.lslu.train.report;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a run was: the head of its report.
 *
 * @param title the report's headline
 * @param model the network, such as {@code VanillaNet-5, width 0.25}
 * @param activation the activation function's id, such as {@code lslu(n=3)}
 * @param formula the activation function's formula
 * @param data the data set, such as {@code Fashion-MNIST sample, 8,000 to train, 2,000 to validate}
 * @param seed the seed of weights, batches and augmentation
 * @param started when the run began
 * @param versions library or program to version, in the order to show
 * @param machine processor, threads and memory in one line
 * @param command the command line that made the run
 */
public record RunSummary(
    String title,
    String model,
    String activation,
    String formula,
    String data,
    long seed,
    Instant started,
    SequencedMap<String, String> versions,
    String machine,
    String command) {
  /** Keeps a copy of the versions. */
  public RunSummary {
    versions = ordered(versions);
  }

  static SequencedMap<String, String> ordered(Map<String, String> entries) {
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
  }
}
