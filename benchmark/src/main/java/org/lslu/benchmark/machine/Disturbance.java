package org.lslu.benchmark.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.lslu.benchmark.measure.Alternation;
import org.lslu.benchmark.measure.Quartiles;

/**
 * How quiet the machine was: a plain copy and a matrix product, timed before and after a suite, and
 * the processor time that others took in between.
 *
 * @param copy seconds of the copies
 * @param product seconds of the matrix products
 * @param others share of the processors that worked for other processes; NaN where unknown
 * @param stolen share that the host of a virtual machine took away; NaN where unknown
 */
public record Disturbance(Quartiles copy, Quartiles product, double others, double stolen) {
  /** The copies' middle half is wider than this part of their median. */
  private static final double COPY_TOO_WIDE = 0.25;

  /** The products' is: they depend on the processor alone, and hardly vary on a quiet machine. */
  private static final double PRODUCT_TOO_WIDE = 0.1;

  private static final double MOST_OTHERS = 0.05;

  /** A measurement that has begun. */
  public static final class Watch {
    private static final Alternation ROUNDS = new Alternation(0.2, 0.6, 5);

    private final Limits limits;
    private final SequencedMap<String, double[]> first;
    private final Optional<ProcessorTime> start;

    /** Times the references for the first time. */
    public Watch(Limits limits) {
      this.limits = limits;
      first = time(limits);
      start = ProcessorTime.now();
    }

    private static SequencedMap<String, double[]> time(Limits limits) {
      return ROUNDS.time(Map.of("copy", limits.copy(), "product", limits.product()));
    }

    /** Times them again. */
    public Disturbance end() {
      final Optional<ProcessorTime> passed =
          start.flatMap(begin -> ProcessorTime.now().map(end -> end.since(begin)));
      final SequencedMap<String, double[]> last = time(limits);
      return new Disturbance(
          both(last, "copy"),
          both(last, "product"),
          passed.map(ProcessorTime::shareOfOthers).orElse(Double.NaN),
          passed.map(ProcessorTime::shareStolen).orElse(Double.NaN));
    }

    private Quartiles both(Map<String, double[]> last, String name) {
      final List<Double> all = new ArrayList<>();
      for (final Map<String, double[]> times : List.of(first, last)) {
        for (final double seconds : times.getOrDefault(name, new double[0])) {
          all.add(seconds);
        }
      }
      return Quartiles.of(all.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /** Whether verdicts can be trusted. */
  public boolean isQuiet() {
    return warnings().isEmpty();
  }

  /** Why they cannot, in sentences. */
  public List<String> warnings() {
    final List<String> warnings = new ArrayList<>();
    if (copy.spread() > COPY_TOO_WIDE) {
      warnings.add(spread("a plain copy", copy));
    }
    if (product.spread() > PRODUCT_TOO_WIDE) {
      warnings.add(spread("one and the same matrix product", product));
    }
    if (others > MOST_OTHERS) {
      warnings.add(
          "Other programs took %s of the processors' time; end them.".formatted(share(others)));
    }
    if (stolen > MOST_OTHERS) {
      warnings.add(
          "The virtual machine's host took %s of the processors' time.".formatted(share(stolen)));
    }
    return warnings;
  }

  private static String spread(String what, Quartiles times) {
    return "The time of %s spread by %s of its median (quartiles)."
        .formatted(what, share(times.spread()));
  }

  private static String share(double part) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * part);
  }
}
