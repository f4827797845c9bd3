package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DoctorCommandTest {
  private static final int CORES = 4;

  private final StringWriter out = new StringWriter();
  private final CommandLine lslu = Lslu.commandLine().setOut(new PrintWriter(out));

  @Test
  void everythingWorks_asText() {
    assertThat(lslu.execute("doctor")).isZero();
    assertThat(out.toString())
        .contains("Everything works; ")
        .containsPattern("(?m)^ok +Java +25|(?m)^ok +Java +2[6-9]")
        .containsPattern("(?m)^ok +kernels .*largest error")
        .containsPattern("(?m)^ok +LibTorch's matmul ")
        .containsPattern("(?m)^ok +autograd ");
  }

  @Test
  void everythingWorks_asJson() throws Exception {
    assertThat(lslu.execute("doctor", "--json")).isZero();
    final JsonNode node = new ObjectMapper().readTree(out.toString());
    final List<String> names = new ArrayList<>();
    long warnings = 0;
    for (final JsonNode check : node.get("checks")) {
      names.add(check.get("name").asText());
      warnings += check.get("state").asText().equals("warning") ? 1 : 0;
      assertThat(check.get("found").asText()).as(check.toString()).isNotBlank();
      if (!check.get("state").asText().equals("ok")) {
        assertThat(check.get("cure").asText()).as(check.toString()).isNotBlank();
      }
    }

    assertThat(node.get("works").asBoolean()).isTrue();
    assertThat(node.get("warnings").asLong()).isEqualTo(warnings);
    assertThat(names)
        .contains("Java", "vectors", "processors", "memory", "LibTorch", "threads", "allocator")
        .contains("native cache", "kernels", "LibTorch's matmul", "autograd");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENBLAS_CORETYPE, Haswell",
    "OMP_NUM_THREADS, 1",
    "OPENBLAS_NUM_THREADS, 3",
    "LSLU_THREADS, 2",
    "MKL_DEBUG_CPU_TYPE, 5",
    "OMP_WAIT_POLICY, ACTIVE",
    "OMP_WAIT_POLICY, active",
    "OMP_PROC_BIND, true",
    "ATEN_CPU_CAPABILITY, avx2",
    "MALLOC_PERTURB_, 7",
    "LD_PRELOAD, /usr/lib/libjemalloc.so"
  })
  void slowVariable_isNamedWithItsCure(String name, String value) {
    final List<Finding> findings = Surroundings.variables(Map.of(name, value), CORES);

    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().state()).isEqualTo(Finding.State.WARNING);
    assertThat(findings.getFirst().name()).isEqualTo(name);
    assertThat(findings.getFirst().found()).startsWith(value + ": ");
    assertThat(findings.getFirst().cure()).contains("env -u " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "OMP_NUM_THREADS, 4",
    "OMP_NUM_THREADS, 8",
    "OMP_WAIT_POLICY, PASSIVE",
    "OMP_PROC_BIND, false",
    "ATEN_CPU_CAPABILITY, avx512",
    "OPENBLAS_CORETYPE, ''",
    "MALLOC_TOP_PAD_, 67108864",
    "LD_LIBRARY_PATH, /usr/lib"
  })
  void harmlessVariable_isPassedOver(String name, String value) {
    assertThat(Surroundings.variables(Map.of(name, value), CORES))
        .containsExactly(Finding.ok("environment", "no variable that slows things down"));
  }

  @Test
  void otherLibTorch_isFound(@TempDir Path directory) throws Exception {
    Files.createFile(directory.resolve("libtorch_cpu.so"));

    assertThat(Surroundings.variables(Map.of("LD_LIBRARY_PATH", "/usr/lib::" + directory), CORES))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.found()).contains("another LibTorch lies in " + directory));
  }

  @Test
  void slowJvmOption_isFound() {
    assertThat(
            Surroundings.options(
                List.of("-Xmx4g", "-XX:TieredStopAtLevel=1", "-XX:UseAVX=3", "-XX:UseAVX=2")))
        .extracting(Finding::found)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("-XX:TieredStopAtLevel=1"),
            second -> assertThat(second).startsWith("-XX:UseAVX=2"));
  }
}
