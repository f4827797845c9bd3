package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepthwiseWeightGradientTest {
  private static final long SEED = 20_261;

  @ParameterizedTest(name = "{0}×{1}×{2}×{3}, radius {4}, {5} workers")
  @CsvSource({
    "3, 5, 7, 20, 3, 1",
    "2, 9, 9, 37, 2, 2",
    "2, 3, 3, 16, 5, 2",
    "2, 12, 30, 33, 0, 2",
    "1, 1, 1, 1, 3, 2",
    "5, 2, 2, 64, 3, 3",
    "7, 4, 4, 48, 3, 2",
    "2, 17, 13, 32, 4, 2",
    "2, 11, 19, 16, 7, 1",
    "0, 4, 4, 16, 3, 2",
    "40, 1, 6, 8, 1, 2"
  })
  void weightGradient_isTheSumOverAllPlaces(
      int images, int height, int width, int channels, int radius, int threads) {
    final int side = 2 * radius + 1;
    final int size = images * height * width * channels;
    final Random random = new Random(SEED);
    try (Arena arena = Arena.ofShared();
        Workers workers = new Workers(threads)) {
      final MemorySegment x = normal(arena, size, random);
      final MemorySegment dy = normal(arena, size, random);
      final MemorySegment dw = normal(arena, channels * side * side, random); // overwritten
      new DepthwiseWeightGradient(images, height, width, channels, radius)
          .compute(x, dy, dw, workers);
      for (int c = 0; c < channels; c++) {
        for (int k = 0; k < side; k++) {
          for (int l = 0; l < side; l++) {
            double sum = 0;
            double magnitude = 0;
            for (int n = 0; n < images; n++) {
              for (int h = Math.max(0, radius - k); h + k - radius < height && h < height; h++) {
                for (int w = Math.max(0, radius - l); w + l - radius < width && w < width; w++) {
                  final double term =
                      at(dy, ((n * height + h) * width + w) * channels + c)
                          * at(
                              x,
                              ((n * height + h + k - radius) * width + w + l - radius) * channels
                                  + c);
                  sum += term;
                  magnitude += Math.abs(term);
                }
              }
            }
            assertThat(at(dw, (c * side + k) * side + l))
                .as("dW[%d,%d,%d], seed %d", c, k, l, SEED)
                .isCloseTo(sum, org.assertj.core.data.Offset.offset(1e-6 * magnitude + 1e-12));
          }
        }
      }
    }
  }

  @Test
  void weightGradient_isTheSameBits_forAnyNumberOfWorkers() {
    final Random random = new Random(SEED);
    try (Arena arena = Arena.ofShared()) {
      final MemorySegment x = normal(arena, 6 * 5 * 5 * 80, random);
      final MemorySegment dy = normal(arena, 6 * 5 * 5 * 80, random);
      final byte[][] results = new byte[3][];
      for (int threads = 1; threads <= 3; threads++) {
        try (Workers workers = new Workers(threads)) {
          final MemorySegment dw = arena.allocate(80 * 49 * 4L, 64);
          new DepthwiseWeightGradient(6, 5, 5, 80, 3).compute(x, dy, dw, workers);
          results[threads - 1] = dw.toArray(ValueLayout.JAVA_BYTE);
        }
      }
      assertThat(results[1]).as("2 workers, seed %d", SEED).isEqualTo(results[0]);
      assertThat(results[2]).as("3 workers, seed %d", SEED).isEqualTo(results[0]);
    }
  }

  @Test
  void memory_thatIsTooSmall_isRefused() {
    try (Arena arena = Arena.ofShared();
        Workers workers = new Workers(1)) {
      final MemorySegment small = arena.allocate(64);
      final DepthwiseWeightGradient gradient = new DepthwiseWeightGradient(2, 3, 3, 16, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gradient.compute(small, small, small, workers))
          .withMessageContaining("64 bytes")
          .withMessageContaining("2×3×3×16");
    }
  }

  @Test
  void sizes_thatMakeNoSense_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DepthwiseWeightGradient(1, 0, 3, 16, 1))
        .withMessageContaining("1×0×3×16");
  }

  private static MemorySegment normal(Arena arena, int size, Random random) {
    final MemorySegment memory = arena.allocate(Math.max(size, 1) * 4L, 64);
    for (int i = 0; i < size; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    return memory;
  }

  private static double at(MemorySegment memory, int index) {
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }
}
