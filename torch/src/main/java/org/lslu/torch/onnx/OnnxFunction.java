package org.lslu.torch.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lslu.function.ActivationFunction;
import org.lslu.function.BinaryOperator;
import org.lslu.function.CoefficientProgram;
import org.lslu.function.Expression;
import org.lslu.function.Expression.Coefficient;
import org.lslu.function.Expression.Input;
import org.lslu.function.Expression.Leaf;
import org.lslu.function.Expression.Relation;
import org.lslu.function.Hoisting;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.function.Tape;
import org.lslu.function.Tape.Operation;
import org.lslu.function.UnaryOperator;

/**
 * y = f(x; parameters) as nodes of an ONNX graph, standard operators only.
 *
 * <p>In two forms. {@link #of} keeps the formula as it is written, with one initializer for each
 * element of each parameter, so that the model can be read and trained on. {@link #folded} is for
 * deployment: all that does not depend on x has been computed in double, and chains of relu, scale
 * and shift are one clipped line, as in the kernels; LSLU of any length is then the same six nodes.
 *
 * <p>Branches are Where nodes, so that an overflow in the side that is not taken does not reach the
 * value.
 */
public final class OnnxFunction {
  private final ActivationFunction function;
  private final Tape tape;
  private final List<Leaf> constants;
  private final boolean isFolded;
  private final CoefficientProgram coefficients;

  private OnnxFunction(
      ActivationFunction function, Expression body, List<Expression> folded, boolean isFolded) {
    this.function = function;
    this.tape = Tape.of(body);
    this.isFolded = isFolded;
    this.coefficients = new CoefficientProgram(folded, function.parameters());
    this.constants = tape.leaves().stream().filter(leaf -> !(leaf instanceof Input)).toList();
  }

  /** The formula as it is written, its parameters as initializers. */
  public static OnnxFunction of(ActivationFunction function) {
    return new OnnxFunction(function, function.expression(), List.of(), false);
  }

  /** The formula with everything computed beforehand that does not depend on x. */
  public static OnnxFunction folded(ActivationFunction function) {
    final Hoisting hoisting = Hoisting.of(function.expression());
    return new OnnxFunction(function, hoisting.body(), hoisting.coefficients(), true);
  }

  /**
   * Parameter values and how they spread over x.
   *
   * @param name what the initializers' names begin with, such as a layer's path; may be empty
   * @param sets for each set of parameters its values, flattened in declaration order; the
   *     neighbouring channels of one group share a set
   * @param channels how many channels x has; a multiple of the number of sets
   * @param behind how many dimensions of x follow that of the channels: 2 for N×C×H×W, 0 for N×C
   *     and batch × tokens × features
   */
  public record Values(String name, double[][] sets, int channels, int behind) {
    /** Refuses what does not fit together. */
    public Values {
      sets = Arrays.stream(sets).map(double[]::clone).toArray(double[][]::new);
      if (sets.length < 1 || channels % sets.length != 0) {
        throw new IllegalArgumentException(
            "%d parameter sets for %d channels; the sets must divide the channels"
                .formatted(sets.length, channels));
      }
    }

    @Override
    public double[][] sets() {
      return Arrays.stream(sets).map(double[]::clone).toArray(double[][]::new);
    }
  }

  /**
   * A model of this function alone.
   *
   * @param values the parameters
   * @return from {@code x} to {@code y}, both N×C followed by as many open dimensions as {@code
   *     values} says
   */
  public OnnxModel model(Values values) {
    final List<String> shape = new ArrayList<>(List.of("N"));
    shape.add(values.sets.length == 1 ? "C" : Integer.toString(values.channels));
    shape.addAll(List.of("H", "W", "D").subList(0, values.behind));
    final String[] dimensions = shape.toArray(String[]::new);
    final OnnxGraph graph = new OnnxGraph(function.id());
    graph.metadata("formula", function.formula());
    graph.metadata("source", function.source());
    final String x = graph.input("x", dimensions);
    graph.output("y", append(graph, x, values), dimensions);
    return graph.model();
  }

  /**
   * Adds the function to a graph.
   *
   * @param graph the graph
   * @param x the name of the value that the function is applied to
   * @param values the parameters
   * @return the name of y; x itself for the identity
   */
  public String append(OnnxGraph graph, String x, Values values) {
    final Map<Leaf, String> leaves = leaves(graph, values);
    leaves.put(new Input(), x);
    final List<Tape.Step> steps = tape.steps();
    final String[] results = new String[steps.size()];
    boolean dependsOnX = false;
    for (int i = 0; i < results.length; i++) {
      final Tape.Step step = steps.get(i);
      final String[] a =
          step.arguments().stream().map(argument -> results[argument]).toArray(String[]::new);
      dependsOnX |= step.operation().equals(new Operation.Load(new Input()));
      results[i] = new Nodes(graph).add(step.operation(), a, leaves);
    }
    final String y = results[tape.outputs()[0]];
    if (dependsOnX) {
      return y;
    }
    return graph.node("Expand", List.of(y, graph.node("Shape", List.of(x))));
  }

  /** An initializer for each parameter element, or for each coefficient. */
  private Map<Leaf, String> leaves(OnnxGraph graph, Values values) {
    final Map<Leaf, String> names = new HashMap<>();
    if (isFolded) {
      final double[][] computed =
          Arrays.stream(values.sets).map(coefficients::values).toArray(double[][]::new);
      for (final Leaf leaf : constants) {
        if (leaf instanceof Coefficient(int index)) {
          names.put(leaf, initializer(graph, values, "c" + index, computed, index, false));
        }
      }
      return names;
    }
    int first = 0;
    for (final Parameter parameter : function.parameters()) {
      final boolean isOne = parameter.sharing() instanceof Sharing.Layer;
      for (final Expression.Element element : parameter.elements()) {
        if (constants.contains(element)) {
          final String name =
              parameter.length() == 1 ? parameter.name() : parameter.name() + "_" + element.index();
          names.put(
              element,
              initializer(graph, values, name, values.sets, first + element.index(), isOne));
        }
      }
      first += parameter.length();
    }
    return names;
  }

  /**
   * A scalar where all of x shares it; else one value a channel, of shape C×1×1 in front of H×W.
   */
  private static String initializer(
      OnnxGraph graph, Values values, String name, double[][] sets, int place, boolean isOne) {
    final String full = values.name.isEmpty() ? name : values.name + "." + name;
    if (isOne || sets.length == 1) {
      return graph.initializer(full, new float[] {(float) sets[0][place]});
    }
    final float[] all = new float[values.channels];
    for (int channel = 0; channel < all.length; channel++) {
      all[channel] = (float) sets[channel * sets.length / all.length][place];
    }
    final long[] shape = new long[1 + values.behind];
    Arrays.fill(shape, 1);
    shape[0] = values.channels;
    return graph.initializer(full, all, shape);
  }

  /** Turns each operation of a tape into nodes. */
  private record Nodes(OnnxGraph graph) {
    String add(Operation operation, String[] a, Map<Leaf, String> leaves) {
      return switch (operation) {
        case Operation.Load(Leaf leaf) -> {
          final String name = leaves.get(leaf);
          if (name == null) {
            throw new IllegalStateException("no value for " + leaf);
          }
          yield name;
        }
        case Operation.Literal(double value) -> graph.scalar(value);
        case Operation.Apply(UnaryOperator operator) -> unary(operator, a[0]);
        case Operation.Combine(BinaryOperator operator) -> node(name(operator), a);
        case Operation.Compare(Relation relation) -> node(name(relation), a);
        case Operation.Choose() -> node("Where", a);
        case Operation.Pick() -> pick(a);
      };
    }

    private String node(String operator, String... inputs) {
      return graph.node(operator, List.of(inputs));
    }

    private static String name(BinaryOperator operator) {
      return switch (operator) {
        case ADD -> "Add";
        case SUBTRACT -> "Sub";
        case MULTIPLY -> "Mul";
        case DIVIDE -> "Div";
        case POWER -> "Pow";
        case MIN -> "Min";
        case MAX -> "Max";
      };
    }

    private static String name(Relation relation) {
      return switch (relation) {
        case LESS -> "Less";
        case AT_MOST -> "LessOrEqual";
        case GREATER -> "Greater";
        case AT_LEAST -> "GreaterOrEqual";
        case EQUAL -> "Equal";
      };
    }

    private String unary(UnaryOperator operator, String u) {
      return switch (operator) {
        case NEGATE -> node("Neg", u);
        case ABS, MAGNITUDE -> node("Abs", u);
        case SIGN -> node("Sign", u);
        case SIDE -> // NaN, which is on neither side, stays
            node(
                "Where",
                node("GreaterOrEqual", u, number(0)),
                number(1),
                node("Where", node("Less", u, number(0)), number(-1), u));
        case RELU -> node("Relu", u);
        case EXP -> node("Exp", u);
        case EXPM1 -> expm1(u);
        case LOG -> node("Log", u);
        case LOG1P -> log1p(u);
        case SQRT -> node("Sqrt", u);
        case TANH -> node("Tanh", u);
        case SIGMOID -> node("Sigmoid", u);
        case SOFTPLUS -> node("Softplus", u);
        case ERF -> node("Erf", u);
        case SIN -> node("Sin", u);
        case COS -> node("Cos", u);
        case FLOOR -> node("Floor", u);
      };
    }

    /**
     * The entry of a cell, as choices by halves: log₂ of their number lie one upon the other, and
     * entries that differ by channel spread as any other value does.
     */
    private String pick(String[] a) {
      return picked(a, 0, a.length - 1);
    }

    private String picked(String[] a, int from, int to) {
      if (to - from == 1) {
        return a[1 + from];
      }
      final int middle = (from + to) / 2;
      return node(
          "Where",
          node("GreaterOrEqual", a[0], number(middle)),
          picked(a, middle, to),
          picked(a, from, middle));
    }

    private String number(double value) {
      return graph.scalar(value);
    }

    /** tanh(u/2)·(eᵘ + 1), which is eᵘ − 1 without the cancellation near 0. */
    private String expm1(String u) {
      return node(
          "Mul", node("Tanh", node("Mul", u, number(0.5))), node("Add", node("Exp", u), number(1)));
    }

    /**
     * ln(w)·u/(w − 1) with w the rounded 1 + u, after Kahan: what rounding took from w is put right
     * by the factor; u itself where w is 1. From u = 1 on, ln(w), since there nothing is lost.
     */
    private String log1p(String u) {
      final String w = node("Add", number(1), u);
      final String rest = node("Sub", w, number(1));
      final String logarithm = node("Log", w);
      final String small =
          node(
              "Where",
              node("Equal", rest, number(0)),
              u,
              node("Mul", logarithm, node("Div", u, rest)));
      return node("Where", node("Less", u, number(1)), small, logarithm);
    }
  }
}
