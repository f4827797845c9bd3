package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleTest {

  @Test
  void sample_isFashionMnistInTwoParts_ofEqualClasses() {
    DataSet sample = DataSource.parse("sample").load();
    assertThat(sample.name()).isEqualTo("Fashion-MNIST sample");
    assertThat(sample.description())
        .isEqualTo("8,000 training and 2,000 held-out images of 1×28×28, 10 classes");
    assertThat(sample.classNames()).startsWith("T-shirt/top").endsWith("Ankle boot");
    assertThat(sample.train().countsByClass()).containsOnly(800);
    assertThat(sample.validation().countsByClass()).containsOnly(200);
    Set<Integer> pixels = new HashSet<>();
    for (ImageSet part : new ImageSet[] {sample.train(), sample.validation()}) {
      for (int i = 0; i < part.size(); i++) {
        pixels.add(Arrays.hashCode(part.image(i)));
      }
    }
    assertThat(pixels.size()).as("no image twice (but for chance)").isGreaterThan(9_980);
  }

  @Test
  void sample_isSplitTheSameWay_whateverTheSettings() {
    ImageSet one = new Sample().load().validation();
    ImageSet other = new Sample().load(new LoadSettings(64, 0.5, 99)).validation();
    assertThat(other.size()).isEqualTo(one.size());
    int hash = 1;
    for (int i = 0; i < one.size(); i++) {
      assertThat(other.image(i)).isEqualTo(one.image(i));
      hash = 31 * (31 * hash + Arrays.hashCode(one.image(i))) + one.label(i);
    }
    assertThat(hash)
        .as("the split that figures of accuracy were measured on")
        .isEqualTo(-1340919571);
  }
}
