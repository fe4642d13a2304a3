package dev.dlm.samples.stories;

import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A model in the first format of llama2.c: seven little-endian integers, then the weights as {@code
 * f32}, each kind for all layers in a row, matrices as outputs × inputs.
 *
 * @param weights by the names of {@code stories.dlm}, matrices as inputs × outputs
 */
public record LlamaFile(Map<String, Tensor> weights) {
  private static final int HEADER_BYTES = 7 * Integer.BYTES;

  /** The sizes that {@code stories.dlm} has as standard values. */
  private record Header(
      int width, int hidden, int depth, int heads, int groups, int vocabulary, int context) {
    static Header read(ByteBuffer from) {
      return new Header(
          from.getInt(),
          from.getInt(),
          from.getInt(),
          from.getInt(),
          from.getInt(),
          from.getInt(),
          from.getInt());
    }

    long countElements() {
      long keys = (long) width / heads * groups;
      long layer = 2L * width + 2L * width * width + 2L * width * keys + 3L * width * hidden;
      long angles = (long) context * (width / heads);
      return (long) vocabulary * width + depth * layer + width + angles;
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is not of this format
   */
  public static LlamaFile read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() < HEADER_BYTES) {
      throw new IOException(file + " has no room for a header of " + HEADER_BYTES + " bytes");
    }
    Header header = Header.read(bytes);
    long expected = HEADER_BYTES + Float.BYTES * header.countElements();
    if (bytes.capacity() != expected) {
      throw new IOException(
          "%s has %d bytes, its header %s says %d"
              .formatted(file, bytes.capacity(), header, expected));
    }
    return new LlamaFile(weights(bytes, header));
  }

  private static Map<String, Tensor> weights(ByteBuffer from, Header header) {
    int width = header.width();
    int keys = width / header.heads() * header.groups();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("embedding", vectors(from, header.vocabulary(), width));
    eachLayer(header, weights, "attention_norm.scale", () -> vector(from, width));
    eachLayer(header, weights, "attention.query", () -> matrix(from, width, width));
    eachLayer(header, weights, "attention.key", () -> matrix(from, keys, width));
    eachLayer(header, weights, "attention.value", () -> matrix(from, keys, width));
    eachLayer(header, weights, "attention.out", () -> matrix(from, width, width));
    eachLayer(header, weights, "gate_norm.scale", () -> vector(from, width));
    eachLayer(header, weights, "gate.gate", () -> matrix(from, header.hidden(), width));
    eachLayer(header, weights, "gate.down", () -> matrix(from, width, header.hidden()));
    eachLayer(header, weights, "gate.up", () -> matrix(from, header.hidden(), width));
    weights.put("root_mean_square_norm.scale", vector(from, width));
    return weights;
  }

  private static void eachLayer(
      Header header, Map<String, Tensor> weights, String name, Supplier<Tensor> next) {
    for (int layer = 0; layer < header.depth(); layer++) {
      weights.put("block[" + layer + "]." + name, next.get());
    }
  }

  private static Tensor vector(ByteBuffer from, int size) {
    return Tensor.of(floats(from, size), size);
  }

  private static Tensor vectors(ByteBuffer from, int count, int size) {
    return Tensor.of(floats(from, count * size), count, size);
  }

  private static Tensor matrix(ByteBuffer from, int outputs, int inputs) {
    float[] rows = floats(from, outputs * inputs);
    float[] transposed = new float[rows.length];
    for (int output = 0; output < outputs; output++) {
      for (int input = 0; input < inputs; input++) {
        transposed[input * outputs + output] = rows[output * inputs + input];
      }
    }
    return Tensor.of(transposed, inputs, outputs);
  }

  private static float[] floats(ByteBuffer from, int count) {
    float[] floats = new float[count];
    from.asFloatBuffer().get(floats);
    from.position(from.position() + count * Float.BYTES);
    return floats;
  }
}
