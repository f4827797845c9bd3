package org.lslu.torch.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/** Runs a model from x to y in ONNX Runtime. */
final class RunModel {
  private RunModel() {}

  static float[] run(OnnxModel model, float[] x, long... shape) throws OrtException {
    final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(model.bytes(), options);
          OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
          OrtSession.Result result = session.run(Map.of("x", input))) {
        final OnnxTensor y = (OnnxTensor) result.get("y").orElseThrow();
        final FloatBuffer values = y.getFloatBuffer();
        final float[] all = new float[values.remaining()];
        values.get(all);
        return all;
      }
    }
  }
}
