package dev.dlm.cli.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes images as PNG, 8 bits a sample, grey or true colour, without interlacing.
 *
 * <p>Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C.
 */
final class PngWriter {
  static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  static final int GREY = 0;
  static final int TRUE_COLOUR = 2;

  private static final int HEADER_BYTES = 13;

  private PngWriter() {}

  /** The content of a file. */
  static byte[] format(Picture picture) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(picture.width()).putInt(picture.height());
    header.put((byte) 8).put((byte) (picture.channels() == 1 ? GREY : TRUE_COLOUR));
    chunk(file, "IHDR", header.array());
    chunk(file, "IDAT", deflated(filtered(picture)));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  /** Each row behind the number of its filter: less the row above, which suits drawings. */
  private static byte[] filtered(Picture picture) {
    int stride = picture.width() * picture.channels();
    byte[] rows = new byte[picture.height() * (stride + 1)];
    byte[] samples = picture.samples();
    for (int row = 0; row < picture.height(); row++) {
      int target = row * (stride + 1);
      rows[target] = PngReader.FILTER_UP;
      for (int i = 0; i < stride; i++) {
        int above = row == 0 ? 0 : samples[(row - 1) * stride + i];
        rows[target + 1 + i] = (byte) (samples[row * stride + i] - above);
      }
    }
    return rows;
  }

  private static byte[] deflated(byte[] bytes) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 14];
      while (!deflater.finished()) {
        compressed.write(buffer, 0, deflater.deflate(buffer));
      }
      return compressed.toByteArray();
    }
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    file.writeBytes(name);
    file.writeBytes(content);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }
}
