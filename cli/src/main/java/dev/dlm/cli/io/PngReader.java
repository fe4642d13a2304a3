package dev.dlm.cli.io;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads PNG images of all colour types and depths, without interlacing. Transparency is left out;
 * samples of 16 bits keep their upper 8.
 *
 * <p>Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C.
 */
final class PngReader {
  static final int FILTER_UP = 2;

  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int TRUE_COLOUR_ALPHA = 6;
  private static final long MAX_PIXELS = 1L << 26;

  private final String origin;
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
  private int width;
  private int height;
  private int depth;
  private int colour;
  private byte[] palette = new byte[0];

  private PngReader(String origin) {
    this.origin = origin;
  }

  /**
   * Reads the content of a file.
   *
   * @param origin names the file in messages
   * @throws GraphException with code {@code tensor-file} if it is not a sound PNG image
   */
  static Picture parse(String origin, byte[] content) {
    PngReader reader = new PngReader(origin);
    try {
      reader.readChunks(ByteBuffer.wrap(content));
    } catch (BufferUnderflowException e) {
      throw reader.problem("it ends too early");
    }
    return reader.picture();
  }

  private GraphException problem(String what) {
    return new GraphException(
        Diagnostic.error(
            "tensor-file",
            "'%s' is not a PNG image that can be read: %s".formatted(origin, what),
            Location.UNKNOWN));
  }

  private void readChunks(ByteBuffer file) {
    byte[] signature = new byte[PngWriter.SIGNATURE.length];
    file.get(signature);
    if (!Arrays.equals(signature, PngWriter.SIGNATURE)) {
      throw problem("it does not begin as one");
    }
    while (true) {
      int length = file.getInt();
      byte[] name = new byte[4];
      file.get(name);
      if (length < 0 || length > file.remaining()) {
        throw problem("it ends too early");
      }
      byte[] content = new byte[length];
      file.get(content);
      CRC32 sum = new CRC32();
      sum.update(name);
      sum.update(content);
      String type = new String(name, StandardCharsets.US_ASCII);
      if (file.getInt() != (int) sum.getValue()) {
        throw problem("the checksum of its part '%s' is wrong".formatted(type));
      }
      switch (type) {
        case "IHDR" -> readHeader(ByteBuffer.wrap(content));
        case "PLTE" -> palette = content;
        case "IDAT" -> compressed.writeBytes(content);
        case "IEND" -> {
          return;
        }
        default -> {
          if (Character.isUpperCase(type.charAt(0))) {
            throw problem("it has an unknown part '%s'".formatted(type));
          }
        }
      }
    }
  }

  private void readHeader(ByteBuffer header) {
    width = header.getInt();
    height = header.getInt();
    depth = header.get();
    colour = header.get();
    int compression = header.get();
    int filter = header.get();
    int interlace = header.get();
    if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
      throw problem("its size is %d by %d pixels".formatted(width, height));
    }
    if (samplesPerPixel() == 0
        || Integer.bitCount(depth) != 1
        || depth > 16
        || compression != 0
        || filter != 0) {
      throw problem("its colour type %d with %d bits is unknown".formatted(colour, depth));
    }
    if (interlace != 0) {
      throw problem("it is interlaced");
    }
  }

  private int samplesPerPixel() {
    return switch (colour) {
      case PngWriter.GREY, PALETTE -> 1;
      case GREY_ALPHA -> 2;
      case PngWriter.TRUE_COLOUR -> 3;
      case TRUE_COLOUR_ALPHA -> 4;
      default -> 0;
    };
  }

  private Picture picture() {
    if (width == 0) {
      throw problem("it has no header");
    }
    int stride = Math.toIntExact(((long) width * samplesPerPixel() * depth + 7) / 8);
    byte[] rows = inflated(Math.multiplyExact(height, stride + 1));
    unfilter(rows, stride, Math.max(1, samplesPerPixel() * depth / 8));
    int channels = colour == PngWriter.GREY || colour == GREY_ALPHA ? 1 : 3;
    byte[] samples = new byte[width * height * channels];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        for (int channel = 0; channel < channels; channel++) {
          samples[(row * width + column) * channels + channel] =
              (byte) sample(rows, row * (stride + 1) + 1, column, channel);
        }
      }
    }
    return new Picture(width, height, channels, samples);
  }

  private int sample(byte[] rows, int rowBegin, int column, int channel) {
    if (colour == PALETTE) {
      int place = 3 * raw(rows, rowBegin, column) + channel;
      if (place >= palette.length) {
        throw problem("a pixel's colour is not in its palette");
      }
      return palette[place];
    }
    int value = raw(rows, rowBegin, column * samplesPerPixel() + channel);
    return depth < 8 ? value * 255 / ((1 << depth) - 1) : value;
  }

  /** A sample's bits; of 16 the upper 8. */
  private int raw(byte[] rows, int rowBegin, int index) {
    if (depth >= 8) {
      return rows[rowBegin + index * (depth / 8)] & 0xff;
    }
    int bit = index * depth;
    int shift = 8 - depth - bit % 8;
    return (rows[rowBegin + bit / 8] & 0xff) >> shift & ((1 << depth) - 1);
  }

  private byte[] inflated(int count) {
    byte[] bytes = new byte[count];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(compressed.toByteArray());
      int done = 0;
      while (done < count) {
        int more = inflater.inflate(bytes, done, count - done);
        if (more == 0) {
          throw problem("its pixels end too early");
        }
        done += more;
      }
    } catch (DataFormatException e) {
      throw problem("its pixels are damaged: " + e.getMessage());
    }
    return bytes;
  }

  private void unfilter(byte[] rows, int stride, int pixelBytes) {
    for (int row = 0; row < height; row++) {
      int begin = row * (stride + 1) + 1;
      int filter = rows[begin - 1];
      for (int i = 0; i < stride; i++) {
        int left = i < pixelBytes ? 0 : rows[begin + i - pixelBytes] & 0xff;
        int above = row == 0 ? 0 : rows[begin + i - stride - 1] & 0xff;
        int corner =
            row == 0 || i < pixelBytes ? 0 : rows[begin + i - stride - 1 - pixelBytes] & 0xff;
        int predicted =
            switch (filter) {
              case 0 -> 0;
              case 1 -> left;
              case FILTER_UP -> above;
              case 3 -> (left + above) / 2;
              case 4 -> paeth(left, above, corner);
              default -> throw problem("row %d has an unknown filter".formatted(row));
            };
        rows[begin + i] += (byte) predicted;
      }
    }
  }

  /** Of the three neighbours the one that is nearest to {@code left + above - corner}. */
  private static int paeth(int left, int above, int corner) {
    int estimate = left + above - corner;
    int toLeft = Math.abs(estimate - left);
    int toAbove = Math.abs(estimate - above);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }
}
