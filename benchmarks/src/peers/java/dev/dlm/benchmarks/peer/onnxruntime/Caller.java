package dev.dlm.benchmarks.peer.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A caller of a session: inputs lie in direct buffers, and the output is written to one. */
final class Caller implements AutoCloseable {
  private static final Set<String> NO_OTHER_OUTPUTS = Set.of();

  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs;
  private final FloatBuffer output;

  Caller(OrtSession session, OnnxModel model) throws OrtException {
    this.session = session;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    for (Map.Entry<String, OnnxModel.Input> input : model.inputs().entrySet()) {
      inputs.put(input.getKey(), input.getValue().tensor(environment));
    }
    long[] shape = model.outputShape();
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    output = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
    outputs = Map.of(model.output(), OnnxTensor.createTensor(environment, output, shape));
  }

  /** The elements of an input, which may be written between runs. */
  FloatBuffer input(String name) {
    return (FloatBuffer) Objects.requireNonNull(inputs.get(name)).getBufferRef().orElseThrow();
  }

  /** The elements of the output, which each run writes. */
  FloatBuffer output() {
    return output;
  }

  void run() throws OrtException {
    session.run(inputs, NO_OTHER_OUTPUTS, outputs).close();
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
