package org.lslu.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class UserExceptionTest {
  @Test
  void argument_endsWithTwo() {
    UserException mistake = UserException.argument("no function is called 'relo'.");

    assertThat(mistake.exitCode()).isEqualTo(2);
    assertThat(mistake).hasMessage("no function is called 'relo'.").hasNoCause();
  }

  @Test
  void failure_endsWithOneAndKeepsItsCause() {
    IOException cause = new IOException("short read");

    assertThat(UserException.failure("train.bin ends early.").exitCode()).isEqualTo(1);
    assertThat(UserException.failure("train.bin ends early.", cause)).hasCause(cause);
  }
}
