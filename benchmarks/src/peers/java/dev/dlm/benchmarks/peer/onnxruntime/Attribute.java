package dev.dlm.benchmarks.peer.onnxruntime;

import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ATTRIBUTE_FLOAT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ATTRIBUTE_INT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ATTRIBUTE_INTS;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ATTRIBUTE_NAME;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ATTRIBUTE_STRING;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.ATTRIBUTE_TYPE;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TYPE_FLOAT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TYPE_INT;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TYPE_INTS;
import static dev.dlm.benchmarks.peer.onnxruntime.OnnxFields.TYPE_STRING;

/** An attribute of a node, as an {@code AttributeProto} of onnx.proto. */
record Attribute(Message message) {
  static Attribute of(String name, float value) {
    return new Attribute(
        new Message()
            .add(ATTRIBUTE_NAME, name)
            .add(ATTRIBUTE_FLOAT, value)
            .add(ATTRIBUTE_TYPE, TYPE_FLOAT));
  }

  static Attribute of(String name, String value) {
    return new Attribute(
        new Message()
            .add(ATTRIBUTE_NAME, name)
            .add(ATTRIBUTE_STRING, value)
            .add(ATTRIBUTE_TYPE, TYPE_STRING));
  }

  static Attribute of(String name, int value) {
    return new Attribute(
        new Message()
            .add(ATTRIBUTE_NAME, name)
            .add(ATTRIBUTE_INT, value)
            .add(ATTRIBUTE_TYPE, TYPE_INT));
  }

  static Attribute of(String name, int... values) {
    Message message = new Message().add(ATTRIBUTE_NAME, name);
    for (int value : values) {
      message.add(ATTRIBUTE_INTS, value);
    }
    return new Attribute(message.add(ATTRIBUTE_TYPE, TYPE_INTS));
  }
}
