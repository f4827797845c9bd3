package org.lslu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void layout_countsItsElementsAndRuns() {
    Layout planes = new Layout(2, 6, 35, 3);

    assertThat(planes.elements()).isEqualTo(420);
    assertThat(planes.run()).isEqualTo(70);
    assertThat(planes.period()).isEqualTo(210);
    assertThat(new Layout(2, 6, 35, 1).run()).as("one set: one run").isEqualTo(420);
    assertThat(Layout.uniform(7)).isEqualTo(new Layout(1, 1, 7, 1));
    assertThat(new Layout(70_000, 3, 70_000, 1).elements()).isEqualTo(14_700_000_000L);
  }

  @Test
  void layout_refusesWhatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Layout(1, 6, 4, 4))
        .withMessage("4 parameter sets for 6 channels; the sets must divide the channels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Layout(1, 6, 4, 0))
        .withMessage("0 parameter sets for 6 channels; the sets must divide the channels");
    assertThatIllegalArgumentException().isThrownBy(() -> new Layout(1, 6, 4, 12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Layout(-1, 6, 4, 1))
        .withMessage("a layout of -1 × 6 × 4; sizes of at least 0, and a channel, are expected");
    assertThatIllegalArgumentException().isThrownBy(() -> new Layout(1, 0, 4, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Layout(1, 6, -4, 1));
  }
}
