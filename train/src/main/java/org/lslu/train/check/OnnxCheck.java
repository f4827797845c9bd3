package org.lslu.train.check;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Sharing;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.Layout;
import org.lslu.torch.onnx.OnnxFunction;
import org.lslu.torch.onnx.OnnxModel;
import org.lslu.train.check.ErrorScale.Expected;

/** The exported model, run by ONNX Runtime, against the kernel. */
final class OnnxCheck {
  /** Of 1 at least: runtimes cut their sigmoid off where it is 10⁻⁸ and less. */
  private static final double BOUND = 1e-5;

  private static final int CHANNELS = 6;
  private static final long[] SHAPE = {3, CHANNELS, 5, 3};
  private static final float[] UNUSUAL = {0, 1e-20f, -1e-20f, 30, -30, 100, -100, 1e4f, -1e4f};

  private final Truth truth;
  private final Samples samples;
  private final LargestError errors = new LargestError();

  OnnxCheck(Truth truth, long seed) {
    this.truth = truth;
    this.samples = new Samples(truth, seed);
  }

  Check check() {
    final List<Sharing> sharings =
        truth.parameterCount() == 0
            ? List.of(Sharing.layer())
            : List.of(Sharing.layer(), Sharing.channel(), Sharing.groups(2));
    for (final Sharing sharing : sharings) {
      compare(sharing);
    }
    return errors.check(
        "ONNX", "ONNX Runtime with the kernel, as written and folded, every sharing", BOUND);
  }

  private void compare(Sharing sharing) {
    final ActivationFunction function = truth.checked().shared(sharing);
    final double[][] sets = new double[sharing.sets(CHANNELS)][];
    for (int set = 0; set < sets.length; set++) {
      sets[set] = samples.parameters();
    }
    final long inner = SHAPE[2] * SHAPE[3];
    final Layout layout = new Layout(SHAPE[0], CHANNELS, inner, sets.length);
    final float[] x = new float[Math.toIntExact(layout.elements())];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % inner == 0 ? UNUSUAL[(int) (i / inner) % UNUSUAL.length] : samples.input();
    }
    final KernelRun kernel =
        KernelRun.of(ActivationKernel.of(truth.function()), x, new float[x.length], layout, sets);
    final OnnxFunction.Values values = new OnnxFunction.Values("", sets, CHANNELS, 2);
    final Map<String, OnnxFunction> forms =
        Map.of("as written", OnnxFunction.of(function), "folded", OnnxFunction.folded(function));
    forms.forEach(
        (form, exported) -> {
          final String where = "%s, sharing %s, ".formatted(form, sharing);
          final float[] y;
          try {
            y = run(exported.model(values), x);
          } catch (OrtException problem) {
            errors.add(Double.POSITIVE_INFINITY, () -> where + "refused: " + problem.getMessage());
            return;
          }
          for (int i = 0; i < x.length; i++) {
            final double[] set = sets[(int) (i / inner % CHANNELS) * sets.length / CHANNELS];
            add(y[i], kernel.y()[i], x[i], set, where);
          }
        });
  }

  private void add(float found, float wanted, double x, double[] set, String where) {
    final double scale = truth.at(x, set)[0].scale();
    final double error = Truth.error(found, new Expected(wanted, scale), 1);
    if (error > BOUND && truth.isOnKink(found, 0, 1, x, set)) {
      errors.count("on a kink");
      return;
    }
    errors.add(
        error,
        () -> "%s%s: ONNX %s, kernel %s".formatted(where, truth.place(x, set), found, wanted));
  }

  private static float[] run(OnnxModel model, float[] x) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      final OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession session = environment.createSession(model.bytes(), options);
          OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), SHAPE);
          OrtSession.Result result = session.run(Map.of("x", input))) {
        final OnnxTensor y = (OnnxTensor) result.get("y").orElseThrow(); // closed with the result
        final float[] all = new float[x.length];
        y.getFloatBuffer().get(all);
        return all;
      }
    }
  }
}
