package org.lslu.torch.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.function.UserException;
import org.lslu.kernel.ActivationKernel;
import org.lslu.kernel.BatchNormKernel;
import org.lslu.kernel.Layout;
import org.lslu.torch.AutogradFunction;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/**
 * y = f(x; parameters), element by element, for any {@link ActivationFunction}.
 *
 * <p>Takes N×C×H×W (contiguous or channels last), N×C and batch × tokens × features; the channels
 * are dimension 1 of the first two and the last of the third. Where all parameters are shared by
 * the layer, any shape. The output has the input's shape, dtype and memory format.
 *
 * <p>float32 on the processor runs in one fused kernel forward, and in one backward that gives all
 * gradients; bfloat16 and half are widened to it. Other dtypes and devices, and a backward pass
 * that is to be differentiated itself, run as LibTorch operations ({@link ComposedActivation}).
 *
 * <p>State: each parameter under its name, of shape [length] where the layer shares one set and
 * [sets, length] otherwise, starting at the function's initial values in every set.
 */
public final class ActivationLayer extends Layer implements Pointwise {
  private final ActivationFunction function;
  private final ActivationKernel kernel;
  private final ComposedActivation composed;
  private final int channels;
  private final int sets;
  private final List<Tensor> values = new ArrayList<>();
  private final NormKernels normKernels;
  private Consumer<Tensor> observer = _ -> {};
  private Consumer<Tensor> outputObserver = _ -> {};
  private boolean isObserved;

  /**
   * Makes a layer whose parameters are shared as the function says.
   *
   * @param function f
   * @param channels C, the channels of the inputs
   */
  public ActivationLayer(ActivationFunction function, int channels) {
    LibTorch.start();
    this.function = function;
    this.channels = channels;
    this.kernel = ActivationKernel.of(function);
    this.composed = new ComposedActivation(function, channels);
    this.normKernels = new NormKernels(function);
    int finest = 1;
    for (final Parameter parameter : function.parameters()) {
      final int own = parameter.sharing().sets(channels);
      finest = leastCommonMultiple(finest, own);
      try (PointerScope scope = new PointerScope()) {
        values.add(
            parameter(
                parameter.name(),
                initial(parameter, own),
                parameter.decayed() ? ParameterRole.DECAYED_ACTIVATION : ParameterRole.ACTIVATION));
      }
    }
    this.sets = finest;
  }

  private ActivationLayer(ActivationLayer owner, int channels) {
    this.function = owner.function;
    this.channels = channels;
    this.kernel = owner.kernel;
    this.composed = new ComposedActivation(function, channels);
    this.normKernels = new NormKernels(function);
    this.values.addAll(owner.values);
    this.sets = 1;
  }

  /**
   * Another layer with this one's parameters: what one learns the other has learned. They stay this
   * layer's in state and parameters; the other has none of its own. Recurrent rational units share
   * theirs so (Delfosse et al. 2021, arXiv 2102.09407).
   *
   * @param channels C of the other layer's inputs
   * @throws UserException if a parameter is not shared by the whole layer
   */
  public ActivationLayer recurring(int channels) {
    if (sets > 1 || !function.parameters().stream().allMatch(ActivationLayer::isOfLayer)) {
      throw UserException.argument(
          "'%s' has parameters for each channel or group: those of one layer cannot be another's; share them by layer"
              .formatted(function.id()));
    }
    return new ActivationLayer(this, channels);
  }

  private static boolean isOfLayer(Parameter parameter) {
    return parameter.sharing() instanceof Sharing.Layer;
  }

  /** Makes a layer all of whose parameters are shared in one way. */
  public ActivationLayer(ActivationFunction function, Sharing sharing, int channels) {
    this(function.shared(sharing), channels);
  }

  private static Tensor initial(Parameter parameter, int sets) {
    final int length = parameter.length();
    final float[] all = new float[sets * length];
    for (int i = 0; i < all.length; i++) {
      all[i] = parameter.initial().get(i % length).floatValue();
    }
    return parameter.sharing() instanceof Sharing.Layer
        ? Tensor.create(all, length)
        : Tensor.create(all, sets, length);
  }

  private static int leastCommonMultiple(int a, int b) {
    int multiple = Math.max(a, b);
    while (multiple % a != 0 || multiple % b != 0) {
      multiple += Math.max(a, b);
    }
    return multiple;
  }

  /** f. */
  public ActivationFunction function() {
    return function;
  }

  /** C, the channels of the inputs. */
  public int channels() {
    return channels;
  }

  /** How many different sets of parameters the layer has. */
  public int sets() {
    return sets;
  }

  /** Lets an observer see every input; the tensor is the caller's and only lent. */
  public void observe(Consumer<Tensor> observer) {
    this.observer = observer;
    isObserved = true;
  }

  /** Lets an observer see every output; the tensor is only lent, and may belong to a graph. */
  public void observeOutput(Consumer<Tensor> observer) {
    outputObserver = observer;
    isObserved = true;
  }

  /** Sends all observers away, so that the layer may be fused with what stands around it again. */
  public void stopObserving() {
    observer = _ -> {};
    outputObserver = _ -> {};
    isObserved = false;
  }

  /** For each set the current values of all parameters, flattened in declaration order. */
  @Override
  public double[][] values() {
    final double[][] all = new double[sets][kernel.parameterCount()];
    int first = 0;
    for (int p = 0; p < values.size(); p++) {
      final Parameter parameter = function.parameters().get(p);
      final MemorySegment memory = Kernels.memory(values.get(p));
      final int own = parameter.sharing().sets(channels);
      for (int set = 0; set < sets; set++) {
        for (int i = 0; i < parameter.length(); i++) {
          final long at = (long) set * own / sets * parameter.length() + i;
          all[set][first + i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
        }
      }
      first += parameter.length();
    }
    return all;
  }

  /**
   * Puts values back that were read and changed.
   *
   * @param all for each set the values of all parameters, flattened in declaration order; where
   *     sets share a parameter, the first of them counts
   */
  public void values(double[][] all) {
    int first = 0;
    for (int p = 0; p < values.size(); p++) {
      final Parameter parameter = function.parameters().get(p);
      final MemorySegment memory = Kernels.memory(values.get(p));
      final int own = parameter.sharing().sets(channels);
      for (int set = 0; set < own; set++) {
        for (int i = 0; i < parameter.length(); i++) {
          memory.setAtIndex(
              ValueLayout.JAVA_FLOAT_UNALIGNED,
              (long) set * parameter.length() + i,
              (float) all[set * (sets / own)][first + i]);
        }
      }
      first += parameter.length();
    }
  }

  /** Moves every parameter back to where its constraint wants it; to be called after each step. */
  public void project() {
    for (int p = 0; p < values.size(); p++) {
      final Parameter parameter = function.parameters().get(p);
      final MemorySegment memory = Kernels.memory(values.get(p));
      for (long i = 0; i < values.get(p).numel(); i++) {
        final float value = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        if (!Float.isNaN(value) && !parameter.constraint().allows(value)) {
          memory.setAtIndex(
              ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) parameter.constraint().project(value));
        }
      }
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    observer.accept(x);
    checkChannels(x);
    final Tensor y = applied(x);
    outputObserver.accept(y);
    return y;
  }

  private Tensor applied(Tensor x) {
    final ScalarType type = x.scalar_type().intern();
    if (!x.is_cpu()) {
      return composed.apply(x, values);
    }
    return switch (type) {
      case Float -> fused(x);
      case BFloat16, Half -> fused(x.to(ScalarType.Float)).to(type);
      default -> composed.apply(x, values);
    };
  }

  private void checkChannels(Tensor x) {
    if (!x.is_floating_point()) {
      throw new IllegalArgumentException(
          "%s takes floating-point values, but was given %s.".formatted(this, x.scalar_type()));
    }
    if (sets > 1 && (x.dim() < 2 || x.size(ComposedActivation.channelAxis(x)) != channels)) {
      throw new IllegalArgumentException(
          "%s has %d channels and takes N×C×H×W, N×C or batch×tokens×features, but was given %s."
              .formatted(this, channels, Shapes.text(x)));
    }
  }

  private Tensor fused(Tensor input) {
    final Tensor x = Kernels.dense(input);
    final Layout layout = layout(x);
    final double[][] parameters = values();
    final Tensor y;
    try (NoGradGuard off = new NoGradGuard()) {
      y = torch.empty_like(x);
      kernel.forward(Kernels.memory(x), Kernels.memory(y), layout, parameters, Kernels.WORKERS);
    }
    final Tensor[] inputs = new Tensor[1 + values.size()];
    inputs[0] = x;
    for (int p = 0; p < values.size(); p++) {
      inputs[1 + p] = values.get(p);
    }
    return AutogradFunction.record(y, new FusedBackward(layout), inputs);
  }

  private Layout layout(Tensor x) {
    if (sets == 1) {
      return Layout.uniform(x.numel());
    }
    if (Kernels.isChannelsLast(x)) {
      return new Layout(x.numel() / channels, channels, 1, sets); // (N·H·W)×C
    }
    final int axis = ComposedActivation.channelAxis(x);
    long outer = 1;
    for (int i = 0; i < axis; i++) {
      outer *= x.size(i);
    }
    final long inner = outer == 0 ? 0 : x.numel() / outer / channels;
    return new Layout(outer, channels, inner, sets);
  }

  /** Whether somebody asked to see inputs or outputs, which a fused operation does not form. */
  boolean isObserved() {
    return isObserved;
  }

  @Override
  public boolean isFusable(int channels) {
    return !isObserved && (sets == 1 || channels == this.channels);
  }

  @Override
  public BatchNormKernel kernel(boolean isAdded) {
    return normKernels.get(isAdded);
  }

  @Override
  public List<Tensor> learned() {
    return List.copyOf(values);
  }

  @Override
  public Tensor composed(Tensor u, List<Tensor> learned) {
    return composed.apply(u, learned);
  }

  @Override
  public List<Tensor> gathered(double[][] gradients) {
    final List<Tensor> all = new ArrayList<>();
    int first = 0;
    for (final Parameter parameter : function.parameters()) {
      all.add(gathered(gradients, parameter, first));
      first += parameter.length();
    }
    return all;
  }

  /** One parameter's gradient out of those of all sets, added up where sets share its values. */
  private Tensor gathered(double[][] gradients, Parameter parameter, int first) {
    final int own = parameter.sharing().sets(channels);
    final int length = parameter.length();
    final double[] sums = new double[own * length];
    for (int set = 0; set < sets; set++) {
      final int at = (int) ((long) set * own / sets) * length;
      for (int i = 0; i < length; i++) {
        sums[at + i] += gradients[set][first + i];
      }
    }
    final float[] rounded = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      rounded[i] = (float) sums[i];
    }
    return parameter.sharing() instanceof Sharing.Layer
        ? Tensor.create(rounded, length)
        : Tensor.create(rounded, own, length);
  }

  /** The fused backward pass. */
  private final class FusedBackward implements AutogradFunction.Backward {
    private final Layout layout;

    FusedBackward(Layout layout) {
      this.layout = layout;
    }

    @Override
    public String name() {
      return ActivationLayer.this.toString();
    }

    @Override
    public Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
      final Tensor x = saved.input(0);
      final Tensor arriving = Kernels.ordered(dy, x);
      final Tensor dx = Kernels.gradientMemory(x, dy, arriving);
      final double[][] gradients =
          kernel.backward(
              Kernels.memory(x),
              Kernels.memory(arriving),
              Kernels.memory(dx),
              layout,
              values(),
              Kernels.WORKERS);
      final List<Tensor> all = new ArrayList<>();
      all.add(dx);
      all.addAll(gathered(gradients));
      return all.toArray(Tensor[]::new);
    }

    @Override
    public Tensor[] differentiableGradients(Tensor dy, AutogradFunction.Saved saved) {
      return composed.gradients(dy, saved);
    }
  }
}
