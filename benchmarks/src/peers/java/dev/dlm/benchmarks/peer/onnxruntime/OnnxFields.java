package dev.dlm.benchmarks.peer.onnxruntime;

/** The numbers of fields, types of attributes and types of elements in onnx.proto. */
final class OnnxFields {
  static final int MODEL_IR_VERSION = 1;
  static final int MODEL_GRAPH = 7;
  static final int MODEL_OPSET = 8;

  static final int OPSET_DOMAIN = 1;
  static final int OPSET_VERSION = 2;

  static final int GRAPH_NODE = 1;
  static final int GRAPH_NAME = 2;
  static final int GRAPH_INITIALIZER = 5;
  static final int GRAPH_INPUT = 11;
  static final int GRAPH_OUTPUT = 12;

  static final int NODE_INPUT = 1;
  static final int NODE_OUTPUT = 2;
  static final int NODE_NAME = 3;
  static final int NODE_OP = 4;
  static final int NODE_ATTRIBUTE = 5;
  static final int NODE_DOMAIN = 7;

  static final int ATTRIBUTE_NAME = 1;
  static final int ATTRIBUTE_FLOAT = 2;
  static final int ATTRIBUTE_INT = 3;
  static final int ATTRIBUTE_STRING = 4;
  static final int ATTRIBUTE_INTS = 8;
  static final int ATTRIBUTE_TYPE = 20;

  static final int TYPE_FLOAT = 1;
  static final int TYPE_INT = 2;
  static final int TYPE_STRING = 3;
  static final int TYPE_INTS = 7;

  static final int TENSOR_SIZE = 1;
  static final int TENSOR_ELEMENTS = 2;
  static final int TENSOR_NAME = 8;
  static final int TENSOR_DATA = 9;

  static final int ELEMENTS_FLOAT = 1;
  static final int ELEMENTS_INT64 = 7;

  static final int VALUE_NAME = 1;
  static final int VALUE_TYPE = 2;
  static final int VALUE_TYPE_TENSOR = 1;
  static final int VALUE_ELEMENTS = 1;
  static final int VALUE_SHAPE = 2;
  static final int SHAPE_DIMENSION = 1;
  static final int DIMENSION_SIZE = 1;

  private OnnxFields() {}
}
