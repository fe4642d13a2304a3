package dev.dlm.benchmarks.peer.onnxruntime;

import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.DIMENSION_SIZE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ELEMENTS_FLOAT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ELEMENTS_INT64;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.GRAPH_INITIALIZER;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.GRAPH_INPUT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.GRAPH_NAME;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.GRAPH_NODE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.GRAPH_OUTPUT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.MODEL_GRAPH;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.MODEL_IR_VERSION;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.MODEL_OPSET;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.NODE_ATTRIBUTE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.NODE_DOMAIN;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.NODE_INPUT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.NODE_NAME;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.NODE_OP;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.NODE_OUTPUT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.OPSET_DOMAIN;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.OPSET_VERSION;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.SHAPE_DIMENSION;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TENSOR_DATA;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TENSOR_ELEMENTS;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TENSOR_NAME;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TENSOR_SIZE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.VALUE_ELEMENTS;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.VALUE_NAME;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.VALUE_SHAPE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.VALUE_TYPE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.VALUE_TYPE_TENSOR;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.dlm.benchmarks.work.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that is being built, node after node, and its encoding as a {@code ModelProto} of
 * onnx.proto. Values go by their names; weights are initializers, so that sessions can lay them out
 * anew once and for all.
 */
final class OnnxModel {
  /** Domain of the ops that ONNX Runtime adds to those of the standard, which have no domain. */
  static final String MICROSOFT = "com.microsoft";

  private static final int IR_VERSION = 10;
  private static final int OPSET = 21;

  /** What {@code graph} holds beside the initializers. */
  private final Message graph = new Message().add(GRAPH_NAME, "work");

  private final List<Initializer> initializers = new ArrayList<>();
  private final Map<String, Input> inputs = new LinkedHashMap<>();
  private String output = "";
  private long[] outputShape = {};
  private int nodes;

  /** What is fed. */
  interface Input {
    /** Makes a tensor of the input's elements, in a direct buffer of its own. */
    OnnxTensor tensor(OrtEnvironment environment) throws OrtException;
  }

  /** A tensor's header, and the bytes of its elements. */
  private record Initializer(Message header, ByteBuffer data) {
    int size() {
      return header.toBytes().length + CodedOutputStream.computeByteBufferSize(TENSOR_DATA, data);
    }
  }

  /** An input whose elements are those of {@link Values#input}. */
  String input(String name, int... shape) {
    FloatBuffer elements = FloatBuffer.wrap(Values.input(name, count(shape)));
    long[] sizes = longs(shape);
    inputs.put(name, environment -> OnnxTensor.createTensor(environment, elements, sizes));
    graph.add(GRAPH_INPUT, value(name, ELEMENTS_FLOAT, shape));
    return name;
  }

  /** An input of whole numbers from 0 to {@code bound - 1}, those of {@link Values#index}. */
  String indices(String name, int bound, int... shape) {
    LongBuffer elements = LongBuffer.wrap(longs(Values.index(name, count(shape), bound)));
    long[] sizes = longs(shape);
    inputs.put(name, environment -> OnnxTensor.createTensor(environment, elements, sizes));
    graph.add(GRAPH_INPUT, value(name, ELEMENTS_INT64, shape));
    return name;
  }

  /** Makes a value, of floats, the model's only output. */
  void output(String name, int... shape) {
    graph.add(GRAPH_OUTPUT, value(name, ELEMENTS_FLOAT, shape));
    output = name;
    outputShape = longs(shape);
  }

  /** By name. */
  Map<String, Input> inputs() {
    return inputs;
  }

  /** The output's name. */
  String output() {
    return output;
  }

  long[] outputShape() {
    return outputShape.clone();
  }

  /**
   * A weight named by {@link Values} whose last axis, or for four axes the first one, runs over its
   * outputs.
   */
  String weight(String name, int... shape) {
    int fanIn =
        shape.length == 4 ? count(shape) / shape[0] : count(shape) / shape[shape.length - 1];
    return constant(name, Values.weight(name, count(shape), fanIn), shape);
  }

  String bias(String name, int count) {
    return constant(name, Values.bias(name, count), count);
  }

  String scale(String name, int count) {
    return constant(name, Values.scale(name, count), count);
  }

  String constant(String name, float[] values, int... shape) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return initializer(name, ELEMENTS_FLOAT, data, shape);
  }

  /** A constant vector of whole numbers. */
  String constant(String name, long... values) {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return initializer(name, ELEMENTS_INT64, data, values.length);
  }

  /** A node of the standard with one output, whose name is returned. */
  String node(String op, List<String> inputs, Attribute... attributes) {
    String output = op + nodes;
    node("", op, inputs, List.of(output), attributes);
    return output;
  }

  /** A node; an input or output that is left out has an empty name. */
  void node(
      String domain,
      String op,
      List<String> inputs,
      List<String> outputs,
      Attribute... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.add(NODE_INPUT, input));
    outputs.forEach(output -> node.add(NODE_OUTPUT, output));
    node.add(NODE_NAME, "node" + nodes++).add(NODE_OP, op);
    for (Attribute attribute : attributes) {
      node.add(NODE_ATTRIBUTE, attribute.message());
    }
    graph.add(GRAPH_NODE, node.add(NODE_DOMAIN, domain));
  }

  /** The model in a buffer that can be handed to a session. */
  ByteBuffer encode() throws IOException {
    byte[] head =
        new Message()
            .add(MODEL_IR_VERSION, IR_VERSION)
            .add(MODEL_OPSET, opset("", OPSET))
            .add(MODEL_OPSET, opset(MICROSOFT, 1))
            .toBytes();
    byte[] rest = graph.toBytes();
    int graphSize = rest.length;
    for (Initializer initializer : initializers) {
      graphSize += nested(GRAPH_INITIALIZER, initializer.size());
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(head.length + nested(MODEL_GRAPH, graphSize));
    CodedOutputStream out = CodedOutputStream.newInstance(buffer);
    out.writeRawBytes(head);
    out.writeTag(MODEL_GRAPH, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(graphSize);
    out.writeRawBytes(rest);
    for (Initializer initializer : initializers) {
      out.writeTag(GRAPH_INITIALIZER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(initializer.size());
      out.writeRawBytes(initializer.header().toBytes());
      out.writeByteBuffer(TENSOR_DATA, initializer.data());
    }
    out.flush();
    return buffer.flip();
  }

  private String initializer(String name, int elements, ByteBuffer data, int... shape) {
    Message header = new Message();
    for (int size : shape) {
      header.add(TENSOR_SIZE, size);
    }
    header.add(TENSOR_ELEMENTS, elements).add(TENSOR_NAME, name);
    initializers.add(new Initializer(header, data));
    return name;
  }

  private static Message opset(String domain, int version) {
    return new Message().add(OPSET_DOMAIN, domain).add(OPSET_VERSION, version);
  }

  private static Message value(String name, int elements, int... shape) {
    Message dimensions = new Message();
    for (int size : shape) {
      dimensions.add(SHAPE_DIMENSION, new Message().add(DIMENSION_SIZE, size));
    }
    Message tensor = new Message().add(VALUE_ELEMENTS, elements).add(VALUE_SHAPE, dimensions);
    return new Message()
        .add(VALUE_NAME, name)
        .add(VALUE_TYPE, new Message().add(VALUE_TYPE_TENSOR, tensor));
  }

  private static int nested(int field, int size) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(size)
        + size;
  }

  private static long[] longs(int... values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private static int count(int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }
}
