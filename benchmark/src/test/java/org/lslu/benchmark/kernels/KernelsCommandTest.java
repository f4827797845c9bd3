package org.lslu.benchmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelsCommandTest {
  @Test
  void names_keepTheirOwnCommas() {
    assertThat(KernelsCommand.names("lslu(n=8), rational(m=3,n=2),gelu"))
        .containsExactly("lslu(n=8)", "rational(m=3,n=2)", "gelu");
  }
}
