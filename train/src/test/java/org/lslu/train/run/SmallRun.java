package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.lslu.function.FunctionChoice;

/**
 * Runs that take a moment: three kinds of grey 16×16 images, told apart by which third is bright,
 * and a network of a few hundred weights.
 *
 * @param data the directory of the images, as IDX files
 */
public record SmallRun(Path data) {
  static final int SIZE = 16;
  static final int CLASSES = 3;
  static final int TRAINING = 90;
  static final int HELD_OUT = 33;
  static final int BATCH = 16;

  /** Batches an epoch. */
  static final int STEPS = 6;

  /** Writes the images. */
  public static SmallRun in(Path data) {
    write(data, TRAINING);
    return new SmallRun(data);
  }

  static void write(Path data, int training) {
    final Random random = new Random(7);
    write(data, "train", training, random);
    write(data, "t10k", HELD_OUT, random);
  }

  private static void write(Path data, String part, int count, Random random) {
    final ByteBuffer images = ByteBuffer.allocate(16 + count * SIZE * SIZE);
    images.putInt(0x00000803).putInt(count).putInt(SIZE).putInt(SIZE);
    final ByteBuffer labels = ByteBuffer.allocate(8 + count);
    labels.putInt(0x00000801).putInt(count);
    for (int i = 0; i < count; i++) {
      images.put(image(i % CLASSES, random));
      labels.put((byte) (i % CLASSES));
    }
    try {
      Files.createDirectories(data);
      Files.write(data.resolve(part + "-images-idx3-ubyte"), images.array());
      Files.write(data.resolve(part + "-labels-idx1-ubyte"), labels.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Noise with a bright band at the top, in the middle or at the bottom. */
  static byte[] image(int label, Random random) {
    final byte[] pixels = new byte[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      final boolean bright = i / SIZE * CLASSES / SIZE == label;
      pixels[i] = (byte) (random.nextInt(120) + (bright ? 100 : 0));
    }
    return pixels;
  }

  /** An MLP with dropout, so that a resume must get the same random numbers. */
  RunSettings mlp(int epochs, long seed) {
    return settings("mlp", 0.05, 0.3, FunctionChoice.of("lslu"), epochs, seed);
  }

  /** An MLP with any activation. */
  public RunSettings mlp(FunctionChoice activation, int epochs) {
    return settings("mlp", 0.05, 0, activation, epochs, 1);
  }

  RunSettings vanillaNet(int epochs, long seed) {
    return settings("vanillanet-5", 0.02, 0.1, FunctionChoice.of("lslu"), epochs, seed);
  }

  RunSettings settings(
      String model,
      double width,
      double dropout,
      FunctionChoice activation,
      int epochs,
      long seed) {
    final String form = model.equals("mlp") ? "pointwise" : "series";
    return new RunSettings(
        new RunSettings.Data("idx:" + data, 0, 0, "bilinear", 1, 0.1, 0, false, 0),
        new RunSettings.Augmentation(1, false, false, "", 0, 0, "pixel", 0, 0, 0.5, 1),
        new RunSettings.Network(
            model, width, "auto", 0, 1, form, "all", dropout, 0, 0, "usual", ""),
        activation,
        new RunSettings.Loss("ce", 0),
        new RunSettings.Optimiser("adamw", 0.01, 0, 0.9, 0.05, -1, 1, 1, 0, 0, 0),
        new RunSettings.Activations(0, 0, 0, "", "warn"),
        new RunSettings.Schedule(epochs, BATCH, 1, 0.5, 0, "linear", "float32", seed),
        new RunSettings.Watch(1, 0, 0, List.of()));
  }

  static Training start(
      Path directory, RunSettings settings, TrainingListener listener, StopSignal stop) {
    return Training.start(
        RunDirectory.create(directory),
        settings,
        new RunFile.Environment(
            "2026-01-01T00:00:00Z", "./lslu train", "a test", Map.of("java", "25")),
        listener,
        stop);
  }

  static Training start(Path directory, RunSettings settings) {
    return start(directory, settings, TrainingListener.SILENT, StopSignal.manual());
  }

  /** Trains from start to end. */
  static RunDirectory finish(Path directory, RunSettings settings) {
    assertThat(start(directory, settings).train()).isInstanceOf(Training.Outcome.Finished.class);
    return new RunDirectory(directory);
  }

  /** Trains until so many steps are done, as Ctrl-C after that step would have it. */
  static Training.Outcome stopAfter(Path directory, RunSettings settings, int steps) {
    final StopSignal stop = StopSignal.manual();
    return start(directory, settings, new After(steps, stop::request), stop).train();
  }

  static Training resume(Path directory) {
    return Training.resume(
        RunDirectory.open(directory), TrainingListener.SILENT, StopSignal.manual());
  }

  /** Does something once after a number of steps. */
  static final class After implements TrainingListener {
    private final Runnable action;
    private int left;

    After(int steps, Runnable action) {
      this.left = steps;
      this.action = action;
    }

    @Override
    public void stepped(Step step) {
      left--;
      if (left == 0) {
        action.run();
      }
    }
  }

  /** Every file of a directory with its bytes. */
  static SequencedMap<String, List<Byte>> contents(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      final SequencedMap<String, List<Byte>> contents = new LinkedHashMap<>();
      for (final Path file : files.sorted().toList()) {
        final byte[] bytes = Files.readAllBytes(file);
        final Byte[] boxed = new Byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
          boxed[i] = bytes[i];
        }
        contents.put(String.valueOf(file.getFileName()), List.of(boxed));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
