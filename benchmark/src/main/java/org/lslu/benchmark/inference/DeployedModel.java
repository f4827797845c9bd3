package org.lslu.benchmark.inference;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.lslu.benchmark.measure.Work;
import org.lslu.function.ActivationFunction;
import org.lslu.function.UserException;
import org.lslu.torch.deploy.DeployedNetwork;
import org.lslu.torch.deploy.OnnxNetwork;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.network.Network;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;
import org.lslu.torch.onnx.OnnxModel;

/** A VanillaNet-5 as {@code lslu export} deploys it, in ONNX Runtime. */
final class DeployedModel implements AutoCloseable {
  private static final int CLASSES = 10;
  private static final int CHANNELS = 3;
  private static final int SIDE = 32;
  private static final long SEED = 1;

  private final Network network;
  private final OnnxModel model;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private DeployedModel(
      Network network, OnnxModel model, OrtEnvironment environment, OrtSession session) {
    this.network = network;
    this.model = model;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Makes the network, gives its norms statistics as after a training, folds it, exports it, and
   * opens it.
   *
   * @param width width factor
   * @param function the activation in the series, at its initial values
   * @param threads of ONNX Runtime
   */
  static DeployedModel of(double width, ActivationFunction function, int threads) {
    final Network network =
        Networks.create(
            NetworkSettings.of("vanillanet-5", CLASSES, CHANNELS, SIDE)
                .withWidth(width)
                .withSeed(SEED),
            (_, channels) -> new ActivationLayer(function, channels));
    settle(network);
    network.training(false);
    final OnnxModel model =
        OnnxNetwork.of(
            DeployedNetwork.of(network),
            "bench",
            new OnnxNetwork.Signature(CHANNELS, SIDE, SIDE, CLASSES),
            Map.of());
    try {
      final OrtEnvironment environment = OrtEnvironment.getEnvironment();
      return new DeployedModel(network, model, environment, open(environment, model, threads));
    } catch (OrtException problem) {
      throw failed(problem);
    }
  }

  /**
   * Means and variances as different as those of a trained network; the same for every function.
   */
  private static void settle(Network network) {
    final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    try (NoGradGuard off = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      network
          .state()
          .forEach(
              (name, tensor) -> {
                if (name.endsWith("running_mean")) {
                  fill(tensor, random, -0.1, 0.1);
                } else if (name.endsWith("running_var")) {
                  fill(tensor, random, 0.5, 1.5);
                }
              });
    }
  }

  private static void fill(Tensor tensor, RandomGenerator random, double least, double most) {
    for (long i = 0; i < tensor.numel(); i++) {
      tensor.select(0, i).fill_(new Scalar(random.nextDouble(least, most)));
    }
  }

  private static OrtSession open(OrtEnvironment environment, OnnxModel model, int threads)
      throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      // Else the threads of the model that had its turn before would spin through the next one's.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return environment.createSession(model.bytes(), options);
    }
  }

  /** How often each ONNX operator is in the model, by its name. */
  SortedMap<String, Long> operators() {
    return model.proto().getGraph().getNodeList().stream()
        .collect(Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.counting()));
  }

  /** The network before it was folded, in evaluation. */
  Network network() {
    return network;
  }

  /** The logits of images in a row, N×C×H×W. */
  float[] logits(FloatBuffer images, int count) {
    try (OnnxTensor x = input(images, count);
        OrtSession.Result result = session.run(Map.of(OnnxNetwork.INPUT, x))) {
      final FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      final float[] logits = new float[values.remaining()];
      values.get(logits);
      return logits;
    } catch (OrtException problem) {
      throw failed(problem);
    }
  }

  /** One run on images that stay where they are. */
  Work run(FloatBuffer images, int count) {
    return Work.of(() -> logits(images, count));
  }

  private OnnxTensor input(FloatBuffer images, int count) throws OrtException {
    return OnnxTensor.createTensor(
        environment, images.duplicate(), new long[] {count, CHANNELS, SIDE, SIDE});
  }

  /** Values of one image. */
  static int values() {
    return CHANNELS * SIDE * SIDE;
  }

  private static UserException failed(OrtException problem) {
    return UserException.failure("ONNX Runtime failed: " + problem.getMessage(), problem);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException problem) {
      throw failed(problem);
    }
  }
}
