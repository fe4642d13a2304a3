package dev.dlm.benchmarks.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of what engines computed: numbers of 32 bits, the lowest byte first. */
public final class Results {
  private Results() {}

  /** Writes numbers. */
  public static void write(Path file, float[] numbers) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    Files.write(file, bytes.array());
  }

  /** Reads what {@link #write} wrote. */
  public static float[] read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    float[] numbers = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
    return numbers;
  }
}
