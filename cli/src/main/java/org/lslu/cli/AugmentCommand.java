package org.lslu.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.lslu.function.UserException;
import org.lslu.train.data.Augmentation;
import org.lslu.train.data.ContactSheet;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.DataSource;
import org.lslu.train.data.ImageFit;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.Interpolation;
import org.lslu.train.data.LoadSettings;
import org.lslu.train.data.Mixing;
import org.lslu.train.data.Normalisation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the augmentation does to images; needs no LibTorch. */
@Command(
    name = "augment",
    description = {
      "Draw a sheet of images as training sees them: the image, versions of it, mixed ones;"
          + " print the file's name."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu augment --randaugment rand-m7-mstd0.5-inc1 --erase 0.25 --out sheet.png",
      "  lslu augment --data cifar10:DIR --randaugment rand-m9-n3 --mixup 0.1 --cutmix 1"
    })
final class AugmentCommand implements Callable<Integer> {
  private static final int MOST_PIXELS = 20_000_000;

  private static final int MOST = 1000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "D",
      defaultValue = "sample",
      description = "As of lslu train. Default: ${DEFAULT-VALUE}")
  private String data;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      defaultValue = "augmentation.png",
      description = {
        "A .png, which is replaced, or a directory to write augmentation.png in."
            + " Default: ${DEFAULT-VALUE}"
      })
  private Path out;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "8",
      description = "Number of training images, a row each. Default: ${DEFAULT-VALUE}")
  private int images;

  @Option(
      names = "--versions",
      paramLabel = "N",
      defaultValue = "8",
      description = "Number of versions of each. Default: ${DEFAULT-VALUE}")
  private int versions;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Of all that is random. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Side to which images are scaled before anything else; 0 as they are, 32 for a folder's."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int imageSize;

  @Mixin private AugmentationOptions augmentation;

  @Override
  public Integer call() {
    requireWithin("--images", images);
    requireWithin("--versions", versions);
    if (imageSize < 0) {
      throw UserException.argument(
          "--image-size is %d; expected at least 1, or 0 for the images' own".formatted(imageSize));
    }
    final Augmentation each = augmentation.settings().forImages();
    final Mixing mixing = augmentation.settings().mixing();
    final ImageSet all = load().train();
    final double pixels =
        (double) images * all.shape().height() * (versions + 3.0) * all.shape().width();
    if (pixels > MOST_PIXELS) {
      throw UserException.argument(
          "a sheet of %d images in %d versions would have more than %,d pixels; take fewer"
              .formatted(images, versions, MOST_PIXELS));
    }
    final BufferedImage sheet =
        ContactSheet.draw(evenly(all), Normalisation.measuredOn(all), each, mixing, versions, seed);
    final Path file = OutputFile.of(out, "augmentation.png");
    write(sheet, file);
    spec.commandLine().getOut().println(file);
    return 0;
  }

  private DataSet load() {
    final LoadSettings settings =
        imageSize > 0 ? LoadSettings.DEFAULT.withImageSize(imageSize) : LoadSettings.DEFAULT;
    final DataSet set = DataSource.parse(data).load(settings);
    if (set.train().size() == 0) {
      throw UserException.failure("--data %s has no images to train on".formatted(data));
    }
    return imageSize > 0 ? set.resized(imageSize, new ImageFit(Interpolation.BICUBIC, 1)) : set;
  }

  /** Images from all over the set, which may be sorted by class. */
  private ImageSet evenly(ImageSet all) {
    final int[] chosen = new int[Math.min(images, all.size())];
    Arrays.setAll(chosen, i -> (int) ((long) i * all.size() / chosen.length));
    return all.subset(chosen);
  }

  private static void write(BufferedImage sheet, Path file) {
    try (var stream = Files.newOutputStream(file)) {
      if (!ImageIO.write(sheet, "png", stream)) {
        throw new IllegalStateException("This Java has no writer of PNG.");
      }
    } catch (IOException problem) {
      throw UserException.failure(
          "%s cannot be written (%s)".formatted(file, problem.getMessage()), problem);
    }
  }

  private static void requireWithin(String option, int value) {
    if (value < 1 || value > MOST) {
      throw UserException.argument(
          "%s is %d: expected from 1 to %d".formatted(option, value, MOST));
    }
  }
}
