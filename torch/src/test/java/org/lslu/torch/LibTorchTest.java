package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class LibTorchTest {
  @TempDir Path directory;

  @Test
  void start_answersTheSame_fromAnyThread() throws Exception {
    LibTorch.Facts facts = LibTorch.start();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<LibTorch.Facts>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(() -> LibTorch.start()));
      }
      for (Future<LibTorch.Facts> answer : answers) {
        assertThat(answer.get()).isEqualTo(facts);
      }
    }
    assertThat(facts.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(facts.threads()).isEqualTo(torch.get_num_threads());
    assertThat(facts.cpuCapability()).isNotBlank();
    assertThat(facts.cacheDirectory()).isDirectory();
    assertThat(facts.allocator()).isNotBlank();
  }

  @Test
  void start_changesNumberOfThreads() {
    int before = LibTorch.start().threads();
    try {
      assertThat(LibTorch.start(3).threads()).isEqualTo(3);
      assertThat(torch.get_num_threads()).isEqualTo(3);
      assertThat(LibTorch.start().threads()).isEqualTo(3);
    } finally {
      LibTorch.start(before);
    }
    assertThatThrownBy(() -> LibTorch.start(0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("at least 1, but it is 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "two", "1.5", ""})
  void parseThreads_tellsWhatIsWrong(String text) {
    assertThatThrownBy(() -> LibTorch.parseThreads("environment variable LSLU_THREADS", text))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("environment variable LSLU_THREADS")
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void parseThreads_readsNumber() {
    assertThat(LibTorch.parseThreads("system property lslu.threads", " 12 ")).isEqualTo(12);
  }

  @Test
  void seed_repeatsRandomNumbers() {
    LibTorch.seed(5);
    Tensor first = torch.rand(7);
    LibTorch.seed(5);
    Tensor second = torch.rand(7);
    assertThat(first.equal(second)).isTrue();
  }

  @Test
  void physicalCores_countHyperThreadsOnce() throws IOException {
    String[] siblings = {"0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"};
    for (int cpu = 0; cpu < siblings.length; cpu++) {
      Path topology = Files.createDirectories(directory.resolve("cpu" + cpu + "/topology"));
      Files.writeString(topology.resolve("thread_siblings_list"), siblings[cpu] + "\n");
    }
    Files.createDirectories(directory.resolve("cpufreq"));
    assertThat(ProcessorCores.physical(directory, 8)).isEqualTo(4);
    assertThat(ProcessorCores.physical(directory, 3)).as("limited by the container").isEqualTo(3);
    assertThat(ProcessorCores.physical(directory.resolve("absent"), 6)).isEqualTo(6);
    assertThat(ProcessorCores.physical()).isPositive();
  }
}
