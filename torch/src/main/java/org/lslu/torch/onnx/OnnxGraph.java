package org.lslu.torch.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.lslu.torch.Shapes;

/**
 * Builds an ONNX model value by value: inputs, initializers and nodes each give the name of a
 * value, by which later nodes take it.
 *
 * <p>Names are made unique by a number behind them. Nodes stand in the order in which they were
 * added, which is an order in which they can be computed, since a node takes only values that are
 * there. All floating-point values are float32. A graph is used by one thread.
 *
 * <pre>{@code
 * OnnxGraph graph = new OnnxGraph("network");
 * String x = graph.input("x", "N", "3", "H", "W");
 * String hidden = graph.node("Conv", List.of(x, weight), OnnxAttribute.integers("pads", 1, 1, 1, 1));
 * graph.output("y", OnnxFunction.of(lslu).append(graph, hidden, parameters), "N", "16", "H", "W");
 * graph.model().write(file);
 * }</pre>
 */
public final class OnnxGraph {
  /** The version of the standard operators that models are made of. */
  public static final int OPERATOR_SET = 17;

  /** The version of the file format that came with those operators. */
  private static final int FORMAT = 8;

  private final String name;
  private final Set<String> names = new HashSet<>();
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final Map<String, ValueInfoProto> outputs = new LinkedHashMap<>();
  private final List<TensorProto> initializers = new ArrayList<>();
  private final Map<Integer, String> scalars = new HashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  /**
   * An empty graph.
   *
   * @param name what readers of the model show as its name
   */
  public OnnxGraph(String name) {
    this.name = name;
  }

  /**
   * Adds an input of float32 values.
   *
   * @param name its name, which must be free
   * @param dimensions its shape: a size such as {@code 3}, or a letter or word for one that is open
   *     until the model is run, such as {@code N}
   * @return the name
   */
  public String input(String name, String... dimensions) {
    take(name);
    inputs.add(described(name, dimensions));
    return name;
  }

  /**
   * Adds a tensor of float32 values, such as a layer's weights.
   *
   * @param wanted the name that it gets where it is free
   * @param values all values, row by row
   * @param shape its shape; none for a scalar
   * @return the name that it got
   */
  public String initializer(String wanted, float[] values, long... shape) {
    if (values.length != Shapes.elements(shape)) {
      throw new IllegalArgumentException(
          "initializer '%s' is %s, but has %d values"
              .formatted(wanted, Shapes.text(shape), values.length));
    }
    final ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return initializer(wanted, TensorProto.DataType.FLOAT, bytes, shape);
  }

  /** Adds a row of whole numbers, such as the shape that a Reshape takes. */
  public String integers(String wanted, long... values) {
    final ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return initializer(wanted, TensorProto.DataType.INT64, bytes, values.length);
  }

  private String initializer(
      String wanted, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    final String given = free(wanted);
    initializers.add(
        TensorProto.newBuilder()
            .setName(given)
            .setDataType(type.getNumber())
            .addAllDims(Arrays.stream(shape).boxed().toList())
            .setRawData(ByteString.copyFrom(bytes.rewind()))
            .build());
    return given;
  }

  /** A number, rounded to float32; equal numbers are one value of the graph. */
  public String scalar(double value) {
    final float rounded = (float) value;
    return scalars.computeIfAbsent(
        Float.floatToRawIntBits(rounded),
        _ -> initializer("number_" + rounded, new float[] {rounded}));
  }

  /**
   * Adds a node with one output.
   *
   * @param operator a standard operator's name, such as {@code Conv}
   * @param inputs the values that it takes, in the operator's order; "" for one that is left out
   * @param attributes the operator's attributes; see {@link OnnxAttribute}
   * @return the name of its value
   * @throws IllegalArgumentException if the graph has no value of an input's name
   */
  public String node(String operator, List<String> inputs, AttributeProto... attributes) {
    inputs.stream().filter(input -> !input.isEmpty()).forEach(this::require); // one left out is ""
    final String given = free(operator.toLowerCase(java.util.Locale.ROOT));
    nodes.add(
        NodeProto.newBuilder()
            .setName(given)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(given)
            .addAllAttribute(Arrays.asList(attributes))
            .build());
    return given;
  }

  /**
   * Makes a value an output of the model.
   *
   * @param name the output's name, which must be free
   * @param value the value, which keeps its old name inside the graph
   * @param dimensions its shape, as for {@link #input}
   */
  public void output(String name, String value, String... dimensions) {
    require(value);
    take(name);
    nodes.add(
        NodeProto.newBuilder()
            .setName(name)
            .setOpType("Identity")
            .addInput(value)
            .addOutput(name)
            .build());
    outputs.put(name, described(name, dimensions));
  }

  /** Writes a text beside the model, such as the formula that it computes. */
  public void metadata(String key, String text) {
    metadata.put(key, text);
  }

  /**
   * The model as built so far.
   *
   * @throws IllegalStateException if it has no output
   */
  public OnnxModel model() {
    if (outputs.isEmpty()) {
      throw new IllegalStateException("the graph '" + name + "' has no output; add one first");
    }
    final ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT)
            .setProducerName("LSLU for Java")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setGraph(
                GraphProto.newBuilder()
                    .setName(name)
                    .addAllInput(inputs)
                    .addAllInitializer(initializers)
                    .addAllNode(nodes)
                    .addAllOutput(outputs.values()));
    metadata.forEach(
        (key, text) ->
            model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
    return new OnnxModel(model.build());
  }

  private void require(String value) {
    if (!names.contains(value)) {
      throw new IllegalArgumentException(
          "the graph '%s' has no value '%s'; it has %s"
              .formatted(name, value, names.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  private void take(String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          "the graph '%s' has a value '%s' already; choose another name"
              .formatted(this.name, name));
    }
  }

  private String free(String wanted) {
    String found = wanted;
    for (int i = 1; !names.add(found); i++) {
      found = wanted + "_" + i;
    }
    return found;
  }

  private static ValueInfoProto described(String name, String... dimensions) {
    final TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (final String dimension : dimensions) {
      shape.addDim(
          dimension.matches("[0-9]+")
              ? TensorShapeProto.Dimension.newBuilder().setDimValue(Long.parseLong(dimension))
              : TensorShapeProto.Dimension.newBuilder().setDimParam(dimension));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
