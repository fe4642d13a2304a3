package dev.dlm.training.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Makes the bytes of IDX files for tests. */
final class IdxBytes {
  private IdxBytes() {}

  static byte[] of(int type, int[] shape, byte[] data) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + data.length);
    buffer.put((byte) 0).put((byte) 0).put((byte) type).put((byte) shape.length);
    for (int size : shape) {
      buffer.putInt(size);
    }
    return buffer.put(data).array();
  }

  static byte[] gzip(byte[] bytes) {
    try {
      ByteArrayOutputStream result = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(result)) {
        gzip.write(bytes);
      }
      return result.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
