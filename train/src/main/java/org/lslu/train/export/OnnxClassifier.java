package org.lslu.train.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import org.lslu.function.UserException;
import org.lslu.torch.deploy.OnnxNetwork;
import org.lslu.train.data.ImageFile;
import org.lslu.train.data.ImageShape;
import org.lslu.train.run.Prediction;

/** An exported model in ONNX Runtime; needs neither its run nor LibTorch. */
public final class OnnxClassifier implements Classifier, AutoCloseable {
  private static final int SHOWN = 5;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ModelCard card;

  private OnnxClassifier(OrtEnvironment environment, OrtSession session, ModelCard card) {
    this.environment = environment;
    this.session = session;
    this.card = card;
  }

  /**
   * Opens a model.
   *
   * @param file an ONNX model that {@code lslu export} wrote
   * @throws UserException if there is no such file, or it is no such model
   */
  public static OnnxClassifier open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw UserException.argument(
          "there is no model %s; lslu export RUN -o FILE.onnx writes one".formatted(file));
    }
    try {
      final OrtEnvironment environment = OrtEnvironment.getEnvironment();
      final OrtSession session = session(environment, file);
      try {
        final ModelCard card = ModelCard.read(file, session.getMetadata().getCustomMetadata());
        return new OnnxClassifier(environment, session, card);
      } catch (OrtException | UserException problem) {
        session.close();
        throw problem;
      }
    } catch (OrtException problem) {
      throw UserException.failure(
          "ONNX Runtime cannot read %s: %s".formatted(file, problem.getMessage()), problem);
    }
  }

  private static OrtSession session(OrtEnvironment environment, Path file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      return environment.createSession(file.toString(), options);
    }
  }

  /** What the file says of itself. */
  public ModelCard card() {
    return card;
  }

  @Override
  public float[] logits(float[] images, int count) {
    final ImageShape shape = card.images().shape();
    try (OnnxTensor x =
            OnnxTensor.createTensor(
                environment,
                FloatBuffer.wrap(images),
                new long[] {count, shape.channels(), shape.height(), shape.width()});
        OrtSession.Result result = session.run(Map.of(OnnxNetwork.INPUT, x))) {
      final FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer(); // N×classes
      final float[] logits = new float[values.remaining()];
      values.get(logits);
      return logits;
    } catch (OrtException problem) {
      throw UserException.failure(
          "ONNX Runtime failed to run the model: " + problem.getMessage(), problem);
    }
  }

  /**
   * Predicts one image, brought to the model's size and normalisation.
   *
   * @throws UserException if the file is missing or no image
   */
  public Prediction predict(Path image) {
    final float[] pixels =
        ImageFile.read(image, card.images().shape(), card.fit(), card.images().normalisation());
    final double[] probabilities = softmax(logits(pixels, 1));
    return new Prediction(
        image.toString(),
        IntStream.range(0, probabilities.length)
            .mapToObj(i -> new Prediction.Ranked(card.images().classes().get(i), probabilities[i]))
            .sorted(Comparator.comparingDouble(Prediction.Ranked::probability).reversed())
            .limit(SHOWN)
            .toList());
  }

  private static double[] softmax(float[] logits) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (final float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    final double[] shares = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(logits[i] - greatest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException problem) {
      throw UserException.failure(
          "ONNX Runtime failed to let go of the model: " + problem.getMessage(), problem);
    }
  }
}
