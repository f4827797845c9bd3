package org.lslu.torch.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRef;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.ActivationFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Element;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expressions;
import org.lslu.function.Gradient;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;
import org.lslu.function.UnaryOperator;
import org.lslu.torch.AutogradFunction;
import org.lslu.torch.Shapes;

/**
 * An activation function as LibTorch operations: any dtype, any device, differentiable as often as
 * wanted. Slower than the fused kernel by the number of its operations.
 *
 * <p>The first derivative is our own, computed by LibTorch operations as well: LibTorch's
 * derivative of {@code where} sends zeros into the branch that is not taken, where they meet an
 * overflow and become NaN. Only a second derivative is left to LibTorch.
 */
public final class ComposedActivation {
  private final ActivationFunction function;
  private final int channels;
  private final Tape value;
  private final Tape gradient;

  /**
   * Prepares the operations.
   *
   * @param function f, its parameters shared as it says
   * @param channels C, the channels of the inputs
   */
  public ComposedActivation(ActivationFunction function, int channels) {
    this.function = function;
    this.channels = channels;
    this.value = Tape.of(function.expression());
    final Map<Leaf, Expression> all = Gradient.of(function.expression(), new Expression.Upstream());
    final List<Expression> wanted = new ArrayList<>();
    wanted.add(all.getOrDefault(new Expression.Input(), Expressions.constant(0)));
    function.parameters().stream()
        .flatMap(parameter -> parameter.elements().stream())
        .forEach(element -> wanted.add(all.getOrDefault(element, Expressions.constant(0))));
    this.gradient = Tape.of(wanted);
  }

  /** The dimension of the channels: 1 of N×C and N×C×H×W, the last of batch × tokens × features. */
  static int channelAxis(Tensor x) {
    return x.dim() == 3 ? 2 : 1;
  }

  /** y, with its place in the autograd graph. */
  Tensor apply(Tensor x, List<Tensor> parameters) {
    final Tensor y;
    try (NoGradGuard off = new NoGradGuard()) {
      final Tensor value = value(x, parameters);
      y = value.is_same(x) ? x.clone() : value; // the identity's output is no input of its own
    }
    final List<Tensor> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.addAll(parameters);
    return AutogradFunction.record(
        y,
        new AutogradFunction.Backward() {
          @Override
          public String name() {
            return function.id();
          }

          @Override
          public Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
            return ComposedActivation.this.gradients(dy, saved);
          }

          @Override
          public Tensor[] differentiableGradients(Tensor dy, AutogradFunction.Saved saved) {
            return ComposedActivation.this.gradients(dy, saved);
          }
        },
        inputs.toArray(Tensor[]::new));
  }

  /**
   * y by differentiable operations, with LibTorch's derivatives of each.
   *
   * @param x the input
   * @param parameters one tensor a parameter, [length] where the layer shares it, else [sets,
   *     length]
   */
  public Tensor value(Tensor x, List<Tensor> parameters) {
    final Map<Leaf, Tensor> leaves = leaves(x, parameters);
    final Tensor y = run(value, leaves, x)[0];
    return Arrays.equals(Shapes.of(y), Shapes.of(x))
        ? y
        : y.expand_as(x).clone(); // a formula without x
  }

  /** The gradients by x and the parameters, by differentiable operations. */
  Tensor[] gradients(Tensor dy, AutogradFunction.Saved saved) {
    final List<Tensor> parameters = new ArrayList<>();
    for (int i = 1; i < saved.size(); i++) {
      parameters.add(saved.input(i));
    }
    return gradients(dy, saved.input(0), parameters);
  }

  private Tensor[] gradients(Tensor dy, Tensor x, List<Tensor> parameters) {
    final Map<Leaf, Tensor> leaves = leaves(x, parameters);
    leaves.put(new Expression.Upstream(), dy);
    final Tensor[] all = run(gradient, leaves, x);
    final Tensor[] gathered = new Tensor[1 + parameters.size()];
    gathered[0] = all[0].expand_as(x).contiguous();
    int next = 1;
    for (int p = 0; p < parameters.size(); p++) {
      final Parameter parameter = function.parameters().get(p);
      final Tensor[] elements = new Tensor[parameter.length()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = summed(all[next++].expand_as(x), parameter.sharing()); // [] or [sets]
      }
      gathered[1 + p] =
          torch
              .stack(new TensorArrayRef(new TensorVector(elements)), -1)
              .to(parameters.get(p).scalar_type());
    }
    return gathered;
  }

  /** The sum over all elements that share a set. */
  private Tensor summed(Tensor term, Sharing sharing) {
    if (sharing instanceof Sharing.Layer) {
      return term.sum();
    }
    final int sets = sharing.sets(channels);
    return term.transpose(channelAxis(term), 0)
        .reshape(sets, term.numel() / sets) // sets × everything that shares one
        .sum(1);
  }

  private Map<Leaf, Tensor> leaves(Tensor x, List<Tensor> parameters) {
    final Map<Leaf, Tensor> leaves = new HashMap<>();
    leaves.put(new Expression.Input(), x);
    for (int p = 0; p < parameters.size(); p++) {
      final Parameter parameter = function.parameters().get(p);
      final Tensor all = parameters.get(p).to(x.scalar_type());
      for (final Element element : parameter.elements()) {
        leaves.put(element, spread(all, parameter.sharing(), element.index(), x));
      }
    }
    return leaves;
  }

  /** One element of every set, shaped to broadcast over x. */
  private Tensor spread(Tensor all, Sharing sharing, int index, Tensor x) {
    if (sharing instanceof Sharing.Layer) {
      return all.select(0, index);
    }
    final int sets = sharing.sets(channels);
    final long[] shape = new long[(int) x.dim()];
    Arrays.fill(shape, 1);
    shape[channelAxis(x)] = channels;
    return all.select(1, index) // [sets]
        .reshape(sets, 1)
        .expand(sets, channels / sets)
        .reshape(shape);
  }

  private static Tensor[] run(Tape tape, Map<Leaf, Tensor> leaves, Tensor like) {
    final List<Tape.Step> steps = tape.steps();
    final Tensor[] results = new Tensor[steps.size()];
    for (int i = 0; i < results.length; i++) {
      final Tape.Step step = steps.get(i);
      final Tensor[] a =
          step.arguments().stream().map(argument -> results[argument]).toArray(Tensor[]::new);
      results[i] =
          switch (step.operation()) {
            case Operation.Load(Leaf leaf) -> loaded(leaves, leaf);
            case Operation.Literal(double value) -> literal(value, like);
            case Operation.Apply(UnaryOperator operator) -> unary(operator, a[0]);
            case Operation.Combine(BinaryOperator operator) -> binary(operator, a[0], a[1]);
            case Operation.Compare(Expression.Relation relation) ->
                switch (relation) {
                  case LESS -> a[0].lt(a[1]);
                  case AT_MOST -> a[0].le(a[1]);
                  case GREATER -> a[0].gt(a[1]);
                  case AT_LEAST -> a[0].ge(a[1]);
                  case EQUAL -> a[0].eq(a[1]);
                };
            case Operation.Choose() -> torch.where(a[0], a[1], a[2]);
            case Operation.Pick() -> picked(a, 0, a.length - 1);
          };
    }
    return Arrays.stream(tape.outputs()).mapToObj(output -> results[output]).toArray(Tensor[]::new);
  }

  /** The entry of a cell by choices between halves. */
  private static Tensor picked(Tensor[] a, int from, int to) {
    if (to - from == 1) {
      return a[1 + from];
    }
    final int middle = (from + to) / 2;
    return torch.where(
        a[0].ge(new Scalar((double) middle)), picked(a, middle, to), picked(a, from, middle));
  }

  private static Tensor loaded(Map<Leaf, Tensor> leaves, Leaf leaf) {
    final Tensor tensor = leaves.get(leaf);
    if (tensor == null) {
      throw new IllegalStateException("no tensor for " + leaf);
    }
    return tensor;
  }

  private static Tensor literal(double value, Tensor like) {
    return torch.full(new long[0], new Scalar(value), like.options());
  }

  private static Tensor unary(UnaryOperator operator, Tensor u) {
    return switch (operator) {
      case NEGATE -> u.neg();
      case ABS -> u.abs();
      case MAGNITUDE -> torch.where(u.ge(new Scalar(0)), u, u.neg());
      case SIGN -> u.sign();
      case SIDE -> // NaN stays
          torch.where(
              u.ge(new Scalar(0)),
              literal(1, u),
              torch.where(u.lt(new Scalar(0)), literal(-1, u), u.detach()));
      case RELU -> u.relu();
      case EXP -> u.exp();
      case EXPM1 -> u.expm1();
      case LOG -> u.log();
      case LOG1P -> u.log1p();
      case SQRT -> u.sqrt();
      case TANH -> u.tanh();
      case SIGMOID -> u.sigmoid();
      case SOFTPLUS -> torch.logaddexp(u, literal(0, u));
      case ERF -> u.erf();
      case SIN -> u.sin();
      case COS -> u.cos();
      case FLOOR -> u.floor();
    };
  }

  private static Tensor binary(BinaryOperator operator, Tensor a, Tensor b) {
    return switch (operator) {
      case ADD -> a.add(b);
      case SUBTRACT -> a.sub(b);
      case MULTIPLY -> a.mul(b);
      case DIVIDE -> a.div(b);
      case POWER -> a.pow(b);
      case MIN -> torch.minimum(a, b);
      case MAX -> torch.maximum(a, b);
    };
  }
}
