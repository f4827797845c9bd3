package org.lslu.benchmark.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lslu.benchmark.process.ChildProcess.Surrounding;
import org.lslu.function.UserException;

class ChildProcessTest {
  /** Work of a process of its own: takes the memory that its argument says, once. */
  static final class Taker {
    private static byte[] taken = new byte[0];

    private Taker() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println("words that are no answer");
      ChildSide.serve(
          () -> {
            if (taken.length == 0) {
              taken = new byte[Integer.parseInt(arguments[0]) << 20];
              Arrays.fill(taken, (byte) 1);
            }
          });
    }
  }

  /** Work that fails. */
  static final class Failing {
    private Failing() {}

    public static void main(String[] arguments) {
      throw new IllegalStateException("no such luck");
    }
  }

  @Test
  void child_worksWhenAsked_andTellsItsPeak() {
    try (ChildProcess child = ChildProcess.start(Taker.class, Surrounding.OURS, List.of("200"))) {
      final long before = child.peakMemory();
      final double seconds = child.seconds(2);
      final long after = child.peakMemory();

      assertThat(seconds).isPositive();
      assertThat(before).isGreaterThan(10L << 20);
      assertThat(after - before).isGreaterThan(180L << 20);
    }
  }

  @Test
  void failure_isToldInTheChildsWords() {
    assertThatThrownBy(() -> ChildProcess.start(Failing.class, Surrounding.PLAIN, List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no such luck");
  }

  @Test
  void plainSurrounding_isWithoutWhatTheLauncherSets() {
    final Map<String, String> ours =
        new HashMap<>(
            Map.of("MALLOC_TOP_PAD_", "1", "OMP_WAIT_POLICY", "PASSIVE", "HOME", "/somewhere"));
    final Map<String, String> plain = new HashMap<>(ours);
    ChildProcess.surround(ours, Surrounding.OURS);
    ChildProcess.surround(plain, Surrounding.PLAIN);

    assertThat(ours).containsKeys("MALLOC_TOP_PAD_", "OMP_WAIT_POLICY", "HOME", "CLASSPATH");
    assertThat(plain).containsOnlyKeys("HOME", "CLASSPATH");
  }
}
