package org.lslu.benchmark.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  @Test
  void line_isReadByItsFields() {
    // user nice system idle iowait irq softirq steal guest guest_nice
    final ProcessorTime time =
        ProcessorTime.of(ProcessorTime.processors("cpu  100 20 30 1000 50 4 6 10 70 0"), 60);

    assertThat(time).isEqualTo(new ProcessorTime(1220, 160, 10, 60));
  }

  @Test
  void ticks_areThoseOfTheProcessAndItsEndedChildren_whateverItsName() {
    final String stat =
        "42 (a (b) c) S 1 42 42 0 -1 4194560 900 0 0 0 11 7 5 2 20 0 1 0 100 1000 200";

    assertThat(ProcessorTime.ticks(stat)).isEqualTo(11 + 7 + 5 + 2);
  }

  @Test
  void shares_areOfWhatPassed() {
    final ProcessorTime start = new ProcessorTime(1000, 500, 10, 300);
    final ProcessorTime passed = new ProcessorTime(1400, 700, 30, 400).since(start);

    assertThat(passed.shareOfOthers()).isCloseTo(0.25, within(1e-12)); // (200 − 100) / 400
    assertThat(passed.shareStolen()).isCloseTo(0.05, within(1e-12));
    assertThat(start.since(start).shareOfOthers()).isZero();
  }

  @Test
  void now_countsWhatThisProcessDoes() {
    assumeTrue(Files.isReadable(Path.of("/proc/stat")), "no /proc/stat on this system");
    final ProcessorTime start = ProcessorTime.now().orElseThrow();
    double sum = 0;
    final long end = System.nanoTime() + 300_000_000;
    while (System.nanoTime() < end) {
      sum += Math.sin(sum + 1);
    }
    final ProcessorTime passed = ProcessorTime.now().orElseThrow().since(start);

    assertThat(sum).isNotNaN();
    assertThat(passed.all()).isPositive();
    assertThat(passed.own()).isPositive();
    assertThat(Optional.of(passed.shareOfOthers()))
        .hasValueSatisfying(s -> assertThat(s).isBetween(0.0, 1.0));
  }
}
