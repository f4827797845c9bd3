package org.lslu.benchmark.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.function.UserException;

class StartsTest {
  @TempDir private Path directory;

  @Test
  void firstStep_isWhatTheTrainingSays() throws Exception {
    final Path launcher =
        script(
            "echo \"$@\" >$(dirname $0)/called",
            "echo 'best top-1 10.00 % (epoch 1) after 1 s, first step 2.97 s after the command; x'");

    assertThat(Starts.toTheFirstStep(launcher).seconds(2)).isEqualTo(2.97);
    assertThat(Files.readString(directory.resolve("called"))).startsWith("train --epochs 1");
  }

  @Test
  void trainingThatSaysNothing_isAFailure() throws Exception {
    final Path launcher = script("echo done");

    assertThatThrownBy(() -> Starts.toTheFirstStep(launcher).seconds(1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("did not say");
  }

  @Test
  void commandThatFails_isAFailure() throws Exception {
    final Path launcher = script("exit 3");

    assertThatThrownBy(() -> Starts.toTheEnd(List.of(launcher.toString())).seconds(1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("did not end well");
    assertThat(Starts.toTheEnd(List.of(script("exit 0").toString())).seconds(1)).isPositive();
  }

  private Path script(String... lines) throws Exception {
    final Path file = directory.resolve("lslu");
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}
