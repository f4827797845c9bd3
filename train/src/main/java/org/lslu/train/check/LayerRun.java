package org.lslu.train.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.torch.Autograd;
import org.lslu.torch.Shapes;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.NamedParameter;

/**
 * What a layer gave for one tensor.
 *
 * @param y the values, in the tensor's logical order
 * @param dx the gradients by x
 * @param parameters for each set the gradients by its values
 */
record LayerRun(double[] y, double[] dx, double[][] parameters) {
  /** Makes a layer with the given parameter values. */
  static ActivationLayer layer(
      ActivationFunction function, Sharing sharing, int channels, double[][] sets) {
    final ActivationLayer layer = new ActivationLayer(function, sharing, channels);
    try (PointerScope scope = new PointerScope()) {
      final Map<String, Tensor> values = new HashMap<>();
      int first = 0;
      for (final Parameter parameter : function.parameters()) {
        final int length = parameter.length();
        final float[] all = new float[sets.length * length];
        for (int i = 0; i < all.length; i++) {
          all[i] = (float) sets[i / length][first + i % length];
        }
        values.put(parameter.name(), Tensor.create(all, Shapes.of(layer.tensor(parameter.name()))));
        first += length;
      }
      layer.load(values);
    }
    return layer;
  }

  /** Runs a layer forward and backward. */
  static LayerRun of(ActivationLayer layer, Tensor x, Tensor dy, int sets) {
    final Tensor leaf = x.detach().set_requires_grad(true);
    final List<Tensor> inputs = inputs(layer, leaf);
    final Tensor y = layer.forward(leaf);
    final List<Tensor> gradients = Autograd.gradients(y, dy, inputs, false);
    return new LayerRun(
        values(y, x.numel()),
        values(gradients.get(0), x.numel()),
        gathered(layer, gradients, sets));
  }

  /** Runs a layer forward, backward, and backward again through the gradient by x. */
  static LayerRun twice(ActivationLayer layer, Tensor x, Tensor dy, Tensor weights, int sets) {
    final Tensor leaf = x.detach().set_requires_grad(true);
    final List<Tensor> inputs = inputs(layer, leaf);
    final Tensor dx = Autograd.gradients(layer.forward(leaf), dy, List.of(leaf), true).get(0);
    final List<Tensor> gradients = new ArrayList<>();
    if (dx.defined() && dx.requires_grad()) {
      gradients.addAll(Autograd.gradients(dx, weights, inputs, false));
    } else {
      inputs.forEach(_ -> gradients.add(new Tensor())); // a slope that depends on nothing
    }
    return new LayerRun(
        values(dx, x.numel()),
        values(gradients.get(0), x.numel()),
        gathered(layer, gradients, sets));
  }

  private static List<Tensor> inputs(ActivationLayer layer, Tensor x) {
    final List<Tensor> inputs = new ArrayList<>(List.of(x));
    layer.parameters().stream().map(NamedParameter::tensor).forEach(inputs::add);
    return inputs;
  }

  /** The gradients by all parameters, one row a set, flattened in declaration order. */
  private static double[][] gathered(ActivationLayer layer, List<Tensor> gradients, int sets) {
    final List<Parameter> parameters = layer.function().parameters();
    final double[][] all = new double[sets][parameters.stream().mapToInt(Parameter::length).sum()];
    int first = 0;
    for (int p = 0; p < parameters.size(); p++) {
      final int length = parameters.get(p).length();
      final double[] own = values(gradients.get(1 + p), (long) sets * length);
      for (int i = 0; i < own.length; i++) {
        all[i / length][first + i % length] = own[i];
      }
      first += length;
    }
    return all;
  }

  /** A tensor's values in logical order; zeros for an undefined one. */
  private static double[] values(Tensor tensor, long size) {
    final double[] values = new double[Math.toIntExact(size)];
    if (tensor.defined()) {
      final Tensor wide = tensor.detach().to(ScalarType.Double).contiguous(MemoryFormat.Contiguous);
      new DoublePointer(wide.data_ptr()).get(values);
    }
    return values;
  }
}
