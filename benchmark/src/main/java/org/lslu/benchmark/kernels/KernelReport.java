package org.lslu.benchmark.kernels;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lslu.benchmark.measure.Quartiles;

/** Writes the results of {@link KernelComparison} for people and for programs. */
final class KernelReport {
  /** Where the middle half of the ratios is wider than this part of their median. */
  static final double TOO_WIDE = 0.25;

  private static final double MILLI = 1e3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private KernelReport() {}

  /** The two lines above the table. */
  static String header() {
    return """
                         copy      forward        forward + backward, through autograd
        function           ms     ms  × copy      fused ms  LibTorch ms  times as fast  [quartiles]""";
  }

  /** One function's line. */
  static String row(KernelResult result) {
    final Quartiles overCopy = result.forwardOverCopy();
    final Quartiles speedUp = result.speedUp();
    return String.format(
        Locale.ROOT,
        "%-14s %6.2f %6.2f  %6.2f      %8.2f  %11.2f  %13.1f  [%.1f … %.1f]%s",
        id(result),
        MILLI * result.of(Measure.COPY).median(),
        MILLI * result.of(Measure.FUSED_FORWARD).median(),
        overCopy.median(),
        MILLI * result.of(Measure.FUSED_BOTH).median(),
        MILLI * result.of(Measure.LIBTORCH_BOTH).median(),
        speedUp.median(),
        speedUp.lower(),
        speedUp.upper(),
        isClear(result) ? "" : " *");
  }

  private static String id(KernelResult result) {
    final String name = result.function();
    // The default options of a rational unit would fill the line.
    return name.length() <= 14 || !name.contains("(") ? name : name.substring(0, name.indexOf('('));
  }

  /** Whether the middle halves of both ratios are narrow enough to judge by. */
  static boolean isClear(KernelResult result) {
    return result.forwardOverCopy().spread() <= TOO_WIDE && result.speedUp().spread() <= TOO_WIDE;
  }

  /** What stands beneath the table. */
  static List<String> notes(List<KernelResult> results) {
    final List<String> notes = new ArrayList<>();
    notes.add(
        "Medians of %d rounds or more in turn. LibTorch's side:"
            .formatted(
                results.stream().mapToInt(result -> result.speedUp().count()).min().orElse(0)));
    for (final KernelResult result : results) {
      notes.add("  %-14s %s".formatted(id(result), result.composition()));
    }
    final List<String> unclear =
        results.stream().filter(result -> !isClear(result)).map(KernelReport::id).toList();
    if (!unclear.isEmpty()) {
      notes.add(
          "* The times spread too far for a verdict on "
              + String.join(", ", unclear)
              + ": end other programs and run again, with more --seconds.");
    }
    return notes;
  }

  /** One function's result. */
  static ObjectNode json(KernelResult result) {
    final ObjectNode node = JSON.createObjectNode();
    node.put("function", result.function());
    node.put("libtorch", result.composition());
    node.put("rounds", result.speedUp().count());
    final ObjectNode milliseconds = node.putObject("milliseconds");
    for (final Measure measure : Measure.values()) {
      milliseconds.set(measure.key(), json(result.of(measure), MILLI));
    }
    final ObjectNode ratios = node.putObject("ratios");
    ratios.set("forwardOverCopy", json(result.forwardOverCopy(), 1));
    ratios.set("timesAsFast", json(result.speedUp(), 1));
    ratios.set(
        "forwardTimesAsFast",
        json(result.ratio(Measure.LIBTORCH_FORWARD, Measure.FUSED_FORWARD), 1));
    node.put("clear", isClear(result));
    return node;
  }

  private static ObjectNode json(Quartiles quartiles, double unit) {
    return JSON.createObjectNode()
        .put("lower", rounded(unit * quartiles.lower()))
        .put("median", rounded(unit * quartiles.median()))
        .put("upper", rounded(unit * quartiles.upper()));
  }

  /** Four digits after the point are finer than any clock here. */
  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
