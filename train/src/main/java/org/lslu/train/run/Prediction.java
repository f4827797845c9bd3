package org.lslu.train.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.train.data.ImageFile;
import org.lslu.train.data.ImageFit;

/**
 * What a network takes an image for.
 *
 * @param image the file
 * @param classes the likeliest classes, likeliest first
 */
public record Prediction(String image, List<Ranked> classes) {
  private static final int SHOWN = 5;

  /**
   * One class.
   *
   * @param name its name
   * @param probability by softmax over the logits
   */
  public record Ranked(String name, double probability) {}

  /**
   * Predicts one image, brought to the size and normalisation of the training images.
   *
   * @throws org.lslu.function.UserException if the file is missing or no image
   */
  public static Prediction of(Model model, RunFile.Images trained, Path image) {
    return of(model, trained, image, ImageFit.DEFAULT);
  }

  /**
   * Predicts one image, brought to the size and normalisation of the training images.
   *
   * @param fit how it is brought to that size
   * @throws org.lslu.function.UserException if the file is missing or no image
   */
  public static Prediction of(Model model, RunFile.Images trained, Path image, ImageFit fit) {
    final float[] pixels = ImageFile.read(image, trained.shape(), fit, trained.normalisation());
    model.network().training(false);
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      final Tensor x =
          Tensor.create(pixels, 1, trained.channels(), trained.height(), trained.width());
      final Tensor probabilities =
          model.network().forward(Model.channelsLast(x)).softmax(1).contiguous(); // 1×classes
      final int count = trained.classes().size();
      final MemorySegment memory =
          MemorySegment.ofAddress(probabilities.data_ptr().address())
              .reinterpret((long) count * Float.BYTES);
      return new Prediction(
          image.toString(),
          IntStream.range(0, count)
              .mapToObj(
                  i ->
                      new Ranked(
                          trained.classes().get(i),
                          memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)))
              .sorted(Comparator.comparingDouble(Ranked::probability).reversed())
              .limit(SHOWN)
              .toList());
    }
  }
}
