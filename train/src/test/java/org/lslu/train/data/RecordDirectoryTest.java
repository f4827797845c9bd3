package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lslu.function.UserException;

class RecordDirectoryTest {
  @TempDir Path directory;

  @BeforeEach
  void write() {
    Random random = new Random(81);
    Fixtures.write(
        directory.resolve("train.bin"),
        Fixtures.records(random, new int[] {2}, new int[] {0}, new int[] {1}));
    Fixtures.write(directory.resolve("val.bin"), Fixtures.records(random, new int[] {1}));
    Fixtures.write(directory.resolve("classes.txt"), "oak\nash tree\r\nelm");
  }

  private DataSet load() {
    return DataSource.parse("records:" + directory).load();
  }

  @Test
  void records_haveTheClassesOfTheirFile() {
    DataSet set = load();
    assertThat(set.name()).isEqualTo(directory.getFileName().toString());
    assertThat(set.classNames()).containsExactly("oak", "ash tree", "elm");
    assertThat(set.train().countsByClass()).containsExactly(1, 1, 1);
    assertThat(set.train().label(0)).isEqualTo(2);
    assertThat(set.validation().size()).isEqualTo(1);
  }

  @Test
  void names_ofATable_areItsThirdColumnUpToTheComma() {
    Fixtures.write(
        directory.resolve("classes.txt"),
        "0\tn01443537\tgoldfish, Carassius\n1\tn01629819\tnewt\n2\tn016\tbullfrog, Rana\n");
    assertThat(load().classNames()).containsExactly("goldfish", "newt", "bullfrog");
  }

  @Test
  void names_thatOnlyLookLikeATable_areKept() {
    Fixtures.write(directory.resolve("classes.txt"), "0\ta\tb\n2\ta\tc\n1\ta\td\n");
    assertThat(load().classNames()).containsExactly("0\ta\tb", "2\ta\tc", "1\ta\td");
  }

  @Test
  void label_beyondTheNames_isNamed() {
    Fixtures.write(directory.resolve("classes.txt"), "oak\nash\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has label 2 in record 0 (counted from 0); there are 2 classes, so labels go from 0"
                + " to 1.",
            directory.resolve("train.bin"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.bin", "val.bin", "classes.txt"})
  void missingFile_isNamed(String name) throws IOException {
    Files.delete(directory.resolve(name));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("The data file %s is missing", directory.resolve(name));
  }

  @Test
  void names_emptyOrBlankOrTooManyOrNoText_areRejected() {
    Path names = directory.resolve("classes.txt");
    Fixtures.write(names, "\n\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s names no class; expected one name on each line.", names);
    Fixtures.write(names, "oak\n\nelm\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s has an empty line 2; expected one class name on each line.", names);
    Fixtures.write(
        names, IntStream.range(0, 257).mapToObj(i -> "c" + i).collect(Collectors.joining("\n")));
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("%s has 257 class names; the record format has room for 256.", names);
    Fixtures.write(names, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(this::load)
        .isInstanceOf(UserException.class)
        .hasMessage("The class names in %s are not UTF-8.", names);
  }

  @Test
  void classes_mayBe256() {
    Random random = new Random(82);
    Fixtures.write(
        directory.resolve("classes.txt"),
        IntStream.range(0, 256).mapToObj(i -> "c" + i).collect(Collectors.joining("\n")));
    Fixtures.write(directory.resolve("train.bin"), Fixtures.records(random, new int[] {255}));
    assertThat(load().train().label(0)).isEqualTo(255);
  }
}
