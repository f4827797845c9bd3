package org.lslu.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorFeaturesTest {
  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "fpu avx2 avx512_bf16 clzero, avx512_bf16",
    "fpu amx_bf16 avx512_bf16 amx_tile, avx512_bf16",
    "fpu amx_bf16 amx_tile, amx_bf16",
    "fpu avx512f avx512_vnni avx512_bf16x, none",
    "fpu avx2, none"
  })
  void bfloat16_isAmongTheFlags(String flags, String found) throws IOException {
    Path list = directory.resolve("cpuinfo");
    Files.writeString(
        list,
        "processor\t: 0\nmodel name\t: Some avx512_bf16 processor\nflags\t\t: %s\nbugs\t\t: amx_bf16\n"
            .formatted(flags));
    assertThat(ProcessorFeatures.bfloat16(list).orElse("none")).isEqualTo(found);
  }

  @Test
  void noList_isNoBfloat16() {
    assertThat(ProcessorFeatures.bfloat16(directory.resolve("absent"))).isEmpty();
  }
}
