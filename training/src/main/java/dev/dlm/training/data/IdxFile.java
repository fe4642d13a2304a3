package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A strict reader of IDX files, plain or compressed with gzip; the first bytes tell which.
 *
 * <p>The format (Y. LeCun, C. Cortes, C. Burges, "The MNIST database"): two zero bytes, a type
 * byte, a byte with the number of dimensions, the sizes as 32-bit integers, then the elements in
 * row-major order; all big-endian.
 */
public final class IdxFile {
  /** Deflate turns one byte into at most 1032. */
  private static final long MAX_INFLATION = 1032;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int ALIGNMENT_BYTES = 64;

  /** The element types of the format. */
  private enum ElementType {
    UNSIGNED_BYTE(0x08, 1, DType.U8),
    SIGNED_BYTE(0x09, 1, DType.I8),
    SHORT(0x0B, 2, DType.I32),
    INT(0x0C, 4, DType.I32),
    FLOAT(0x0D, 4, DType.F32),
    DOUBLE(0x0E, 8, DType.F64);

    private final int code;
    private final int fileBytes;
    private final DType dtype;

    ElementType(int code, int fileBytes, DType dtype) {
      this.code = code;
      this.fileBytes = fileBytes;
      this.dtype = dtype;
    }
  }

  private final String origin;
  private final InputStream input;
  private final long fileBytes;
  private final boolean compressed;
  private long position;

  private IdxFile(String origin, InputStream input, long fileBytes, boolean compressed) {
    this.origin = origin;
    this.input = input;
    this.fileBytes = fileBytes;
    this.compressed = compressed;
  }

  /**
   * Reads a whole file into memory.
   *
   * @throws GraphException with code {@code file-read} if it cannot be read, or {@code
   *     data-invalid} if it is not a sound IDX file; the message names the file, the byte behind
   *     any compression, and what was expected
   */
  public static IdxArray read(Path file) {
    String origin = file.toString();
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      long fileBytes = Files.size(file);
      raw.mark(2);
      boolean compressed = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      InputStream input = compressed ? decompressing(origin, raw) : raw;
      return new IdxFile(origin, input, fileBytes, compressed).array(file);
    } catch (IOException e) {
      throw DataDiagnostics.unreadable(origin, e);
    }
  }

  private static InputStream decompressing(String origin, InputStream raw) throws IOException {
    try {
      return new GZIPInputStream(raw, BUFFER_BYTES);
    } catch (ZipException | EOFException e) {
      throw DataDiagnostics.invalidAt(origin, 0, "the gzip header is damaged", e);
    }
  }

  private IdxArray array(Path file) throws IOException {
    byte[] magic = new byte[4];
    requireBytes(magic, 4, "the 4 bytes that begin an IDX file");
    if (magic[0] != 0 || magic[1] != 0) {
      throw DataDiagnostics.invalidAt(
          origin,
          0,
          "found %02x %02x, expected the 00 00 that begins an IDX file"
              .formatted(magic[0], magic[1]));
    }
    ElementType type = elementType(magic[2]);
    List<Long> shape = shape(magic[3]);
    long dataOffset = position;
    long count = countElements(shape, type);
    MemorySegment data = Arena.ofAuto().allocate(count * type.dtype.sizeBytes(), ALIGNMENT_BYTES);
    readData(type, count, data);
    requireEnd(shape);
    return new IdxArray(file, type.dtype, shape, data.asReadOnly(), dataOffset, type.fileBytes);
  }

  private ElementType elementType(byte code) {
    for (ElementType type : ElementType.values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw DataDiagnostics.invalidAt(
        origin, 2, "found element type %02x, expected one of 08 09 0b 0c 0d 0e".formatted(code));
  }

  private List<Long> shape(byte rank) throws IOException {
    List<Long> shape = new ArrayList<>();
    byte[] size = new byte[4];
    for (int axis = 0; axis < (rank & 0xff); axis++) {
      long place = position;
      requireBytes(size, 4, "the size of dimension " + axis + " of " + (rank & 0xff));
      int value = ByteBuffer.wrap(size).getInt();
      if (value < 0) {
        throw DataDiagnostics.invalidAt(
            origin,
            place,
            "dimension %d has the size %d, expected 0 or more".formatted(axis, value));
      }
      shape.add((long) value);
    }
    return shape;
  }

  /** Refuses sizes that the file cannot hold before any memory is taken for them. */
  private long countElements(List<Long> shape, ElementType type) {
    if (shape.contains(0L)) {
      return 0;
    }
    long availableBytes = compressed ? Math.multiplyExact(fileBytes, MAX_INFLATION) : fileBytes;
    long available = availableBytes / type.fileBytes;
    long count = 1;
    for (long size : shape) {
      if (size > available / count) {
        throw DataDiagnostics.invalidAt(
            origin,
            4,
            "the sizes %s need more elements of %d bytes than the file of %d bytes can hold"
                .formatted(shape, type.fileBytes, fileBytes));
      }
      count *= size;
    }
    return count;
  }

  private void readData(ElementType type, long count, MemorySegment data) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int elementsPerBuffer = BUFFER_BYTES / type.fileBytes;
    for (long done = 0; done < count; done += elementsPerBuffer) {
      int elements = (int) Math.min(elementsPerBuffer, count - done);
      requireBytes(
          buffer,
          elements * type.fileBytes,
          "%d elements of %d bytes".formatted(count, type.fileBytes));
      decode(type, buffer, elements, data, done);
    }
  }

  private static void decode(
      ElementType type, byte[] buffer, int elements, MemorySegment data, long first) {
    ByteBuffer source = ByteBuffer.wrap(buffer);
    switch (type) {
      case UNSIGNED_BYTE, SIGNED_BYTE ->
          MemorySegment.copy(buffer, 0, data, ValueLayout.JAVA_BYTE, first, elements);
      case SHORT -> {
        for (int i = 0; i < elements; i++) {
          data.setAtIndex(ValueLayout.JAVA_INT, first + i, source.getShort());
        }
      }
      case INT, FLOAT -> {
        for (int i = 0; i < elements; i++) {
          data.setAtIndex(ValueLayout.JAVA_INT, first + i, source.getInt());
        }
      }
      case DOUBLE -> {
        for (int i = 0; i < elements; i++) {
          data.setAtIndex(ValueLayout.JAVA_LONG, first + i, source.getLong());
        }
      }
    }
  }

  private void requireBytes(byte[] buffer, int count, String expected) throws IOException {
    int found;
    try {
      found = input.readNBytes(buffer, 0, count);
    } catch (ZipException | EOFException e) {
      throw DataDiagnostics.invalidAt(
          origin, position, "the gzip data are damaged or truncated: " + e.getMessage(), e);
    }
    position += found;
    if (found < count) {
      throw DataDiagnostics.invalidAt(
          origin, position, "the file ends, expected %s: it is truncated".formatted(expected));
    }
  }

  private void requireEnd(List<Long> shape) throws IOException {
    int next;
    try {
      // Reaching the end makes gzip compare its checksum too.
      next = input.read();
    } catch (ZipException | EOFException e) {
      throw DataDiagnostics.invalidAt(
          origin, position, "the gzip data are damaged or truncated: " + e.getMessage(), e);
    }
    if (next >= 0) {
      throw DataDiagnostics.invalidAt(
          origin,
          position,
          "more data follow, expected the end after %s elements".formatted(shape));
    }
  }
}
