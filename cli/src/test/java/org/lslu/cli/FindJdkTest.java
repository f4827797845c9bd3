package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The search for a JDK that the launcher makes, among directories that only look like JDKs. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a bash script")
class FindJdkTest {
  private static final Path SCRIPT = Path.of("src/main/launcher/find-jdk.sh").toAbsolutePath();

  @TempDir private Path machine;
  private Path places;
  private Path tools;

  @BeforeEach
  void makePlaces() throws IOException {
    places = Files.createDirectory(machine.resolve("places"));
    // A PATH with the one program that the script calls, and no Java.
    tools = Files.createDirectory(machine.resolve("tools"));
    for (String directory : System.getenv("PATH").split(":", -1)) {
      Path readlink = Path.of(directory, "readlink");
      if (Files.isExecutable(readlink)) {
        script(tools.resolve("readlink"), "exec " + readlink + " \"$@\"");
        break;
      }
    }
  }

  @Test
  void javaHome_comesFirst() throws Exception {
    Path home = jdk(machine.resolve("home"), "25.0.3");
    jdk(places.resolve("other"), "26");

    assertThat(search(Map.of("JAVA_HOME", home.toString()))).isEqualTo("found " + home);
  }

  @Test
  void oldJavaHome_isPassedOver() throws Exception {
    Path home = jdk(machine.resolve("home"), "17.0.15");
    Path newer = jdk(places.resolve("newer"), "26-ea");

    assertThat(search(Map.of("JAVA_HOME", home.toString()))).isEqualTo("found " + newer);
  }

  @Test
  void path_isFollowedThroughLinks() throws Exception {
    Path home = jdk(machine.resolve("home"), "25");
    Path bin = Files.createDirectory(machine.resolve("bin"));
    Files.createSymbolicLink(machine.resolve("alternative"), home.resolve("bin/java"));
    Files.createSymbolicLink(bin.resolve("java"), Path.of("../alternative"));
    jdk(places.resolve("other"), "25");

    assertThat(search(Map.of("PATH", bin + ":" + tools))).isEqualTo("found " + home);
  }

  @Test
  void versionOfAJdkWithoutReleaseFile_isAskedOfJava() throws Exception {
    Path home = jdk(places.resolve("bare"), "25.0.1");
    Files.delete(home.resolve("release"));

    assertThat(search(Map.of())).isEqualTo("found " + home);
  }

  @Test
  void oldJavasAndRuntimes_areSaidOnce() throws Exception {
    Path eight = jdk(places.resolve("a"), "1.8.0_392");
    jdk(places.resolve("b"), "1.8.0_392");
    Path runtime = jdk(places.resolve("c"), "25.0.3");
    Files.delete(runtime.resolve("bin/javac"));

    assertThat(search(Map.of()))
        .isEqualTo("seen Java 1.8.0_392 (%s), Java 25.0.3 without a compiler (%s)", eight, runtime);
  }

  @Test
  void emptyMachine_hasSeenNothing() throws Exception {
    assertThat(search(Map.of())).isEqualTo("seen");
  }

  /** A directory like a JDK's: a release file, a java that answers with its version, a javac. */
  private static Path jdk(Path home, String version) throws IOException {
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    for (String program : new String[] {"java", "javac"}) {
      script(
          home.resolve("bin").resolve(program),
          "echo 'openjdk version \"" + version + "\" 2026-01-01' >&2");
    }
    return home;
  }

  private static void script(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String search(Map<String, String> environment) throws Exception {
    String command =
        """
        . "$1"
        usual_places=("$2"/*)
        if find_jdk; then echo "found $jdk"; else echo "seen${seen:+ $seen}"; fi
        """;
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-uc", command, "bash", SCRIPT.toString(), places.toString())
            .redirectErrorStream(true);
    bash.environment().remove("JAVA_HOME");
    bash.environment().put("PATH", tools.toString());
    bash.environment().putAll(environment);
    Process process = bash.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }
}
