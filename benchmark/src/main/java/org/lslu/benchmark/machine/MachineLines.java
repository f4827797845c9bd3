package org.lslu.benchmark.machine;

import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.lslu.torch.LibTorch;
import org.lslu.train.run.Machine;

/** The machine and its settings, as they stand above every table. */
public final class MachineLines {
  private MachineLines() {}

  /** What matters for speed, by name. */
  public static SequencedMap<String, String> facts() {
    final SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("date", LocalDate.now().toString());
    facts.put("machine", Machine.description());
    facts.putAll(Machine.versions());
    facts.put("vectors", LibTorch.start().cpuCapability() + " in LibTorch");
    facts.put("allocator", LibTorch.start().allocator());
    facts.put(
        "environment",
        System.getenv().entrySet().stream()
            .filter(
                entry -> entry.getKey().matches("(MALLOC|OMP|GOMP|KMP|DNNL|ONEDNN|OPENBLAS)_.*"))
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" ")));
    facts.put(
        "load",
        Double.toString(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    return facts;
  }

  /** The same as one line. */
  public static String line() {
    return facts().entrySet().stream()
        .filter(fact -> !fact.getValue().isEmpty())
        .map(
            fact ->
                fact.getKey().equals("machine") || fact.getKey().equals("date")
                    ? fact.getValue()
                    : fact.getKey() + " " + fact.getValue())
        .collect(Collectors.joining("; "));
  }
}
