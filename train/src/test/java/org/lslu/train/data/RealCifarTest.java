package org.lslu.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first images of CIFAR-10 (JPEG), where the project's shared data are at hand. */
class RealCifarTest {
  private static final Path TRAIN = Path.of("../../shared/data/cifar10-train.jpegs");
  private static final int COUNT = 500;

  @TempDir Path directory;

  @Test
  void firstImages_areReadTheSame_asFolderAndAsRecords() throws IOException {
    assumeThat(TRAIN).as("%s is not there: this test needs the shared data", TRAIN).isRegularFile();
    List<String> names =
        List.of("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    Path records = directory.resolve("records");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    // A record of this file: label, length in two bytes, JPEG.
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(TRAIN)))) {
      for (int i = 0; i < COUNT; i++) {
        int label = in.readUnsignedByte();
        byte[] jpeg = in.readNBytes(in.readUnsignedShort());
        Path file = directory.resolve("folder/%s/%04d.jpg".formatted(names.get(label), i));
        files.add(Fixtures.write(file, jpeg));
        labels.add(label);
        out.write(label);
        out.writeBytes(ImageFile.read(file, RecordFormat.SHAPE));
      }
    }
    Fixtures.write(records.resolve("train.bin"), out.toByteArray());
    Fixtures.write(records.resolve("val.bin"), out.toByteArray());
    Fixtures.write(records.resolve("classes.txt"), String.join("\n", names));

    DataSet fromRecords = DataSource.parse(records.toString()).load();
    assertThat(fromRecords.train().size()).isEqualTo(COUNT);
    for (int i = 0; i < COUNT; i++) {
      assertThat(fromRecords.train().label(i)).isEqualTo(labels.get(i));
      assertThat(fromRecords.train().image(i))
          .isEqualTo(ImageFile.read(files.get(i), RecordFormat.SHAPE));
    }
    // The published means of CIFAR-10 are 0.4914, 0.4822, 0.4465, its deviations 0.247 to 0.262.
    Normalisation measured = Normalisation.measuredOn(fromRecords.train());
    double[] published = {0.4914, 0.4822, 0.4465};
    for (int c = 0; c < 3; c++) {
      assertThat(measured.mean()[c]).isBetween(published[c] - 0.03, published[c] + 0.03);
      assertThat(measured.deviation()[c]).isBetween(0.22, 0.29);
    }

    DataSet fromFolder = DataSource.parse(directory.resolve("folder").toString()).load();
    assertThat(fromFolder.train().size() + fromFolder.validation().size()).isEqualTo(COUNT);
    assertThat(fromFolder.shape()).isEqualTo(RecordFormat.SHAPE);
    assertThat(fromFolder.classes()).isEqualTo(10);
  }
}
