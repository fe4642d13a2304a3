package dev.dlm.cli.io;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} format, versions 1.0 to 3.0, row-major and little-endian.
 *
 * <p>Source of the format: the documentation of {@code numpy.lib.format}. The magic {@code 93
 * "NUMPY"}, two bytes of version, the length of the header (two bytes in version 1.0, four after),
 * the header as the text of a Python dictionary, then the elements.
 */
final class NpyFormat {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT_BYTES = 64;

  private NpyFormat() {}

  /**
   * The tensor in a file's content.
   *
   * @param file what the file is called in messages
   * @throws GraphException with code {@code tensor-file} if the content is at fault
   */
  static Tensor parse(String file, byte[] content) {
    if (content.length < MAGIC.length + 2
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw invalid(file, "it does not begin with the 93 'NUMPY' of an .npy file");
    }
    int version = content[MAGIC.length];
    if (version < 1 || version > 3) {
      throw invalid(file, "found version %d, expected 1 to 3".formatted(version));
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    int headerStart = MAGIC.length + 2 + lengthBytes;
    if (content.length < headerStart) {
      throw invalid(file, "it ends within the length of its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long headerBytes =
        version == 1
            ? Short.toUnsignedLong(buffer.getShort(MAGIC.length + 2))
            : Integer.toUnsignedLong(buffer.getInt(MAGIC.length + 2));
    if (headerBytes > content.length - headerStart) {
      throw invalid(
          file,
          "its header takes %d bytes, but only %d follow"
              .formatted(headerBytes, content.length - headerStart));
    }
    String text = new String(content, headerStart, (int) headerBytes, StandardCharsets.UTF_8);
    NpyHeader header;
    try {
      header = NpyHeader.parse(text);
    } catch (NpyHeader.HeaderException e) {
      throw invalid(file, String.valueOf(e.getMessage()));
    }
    int dataStart = headerStart + (int) headerBytes;
    return tensor(file, header, MemorySegment.ofArray(content).asSlice(dataStart));
  }

  private static Tensor tensor(String file, NpyHeader header, MemorySegment data) {
    DType dtype = dtype(file, header.descr());
    if (header.fortranOrder() && header.shape().length > 1) {
      throw new GraphException(
          invalidDiagnostic(file, "its elements lie in column-major order")
              .withHelp("save numpy.ascontiguousarray(x) instead"));
    }
    long expected = dtype.sizeBytes();
    for (long size : header.shape()) {
      try {
        expected = Math.multiplyExact(expected, size);
      } catch (ArithmeticException e) {
        throw invalid(file, "its shape " + Arrays.toString(header.shape()) + " is too large");
      }
    }
    if (data.byteSize() != expected) {
      throw invalid(
          file,
          "%d bytes of data follow the header, expected %d for %s"
              .formatted(data.byteSize(), expected, Tensor.describe(dtype, header.shape())));
    }
    // A copy: the content is not aligned to its elements.
    Tensor tensor = Tensor.zeros(dtype, header.shape());
    tensor.memory().copyFrom(data);
    return tensor;
  }

  private static DType dtype(String file, String descr) {
    return switch (descr) {
      case "<f8" -> DType.F64;
      case "<f4" -> DType.F32;
      case "<f2" -> DType.F16;
      case "<i8" -> DType.I64;
      case "<i4" -> DType.I32;
      case "|i1" -> DType.I8;
      case "|u1" -> DType.U8;
      case "|b1" -> DType.BOOL;
      default ->
          throw new GraphException(
              invalidDiagnostic(file, "its element type '" + descr + "' is not supported")
                  .withHelp(
                      "supported are float64, float32, float16, int64, int32, int8, uint8 and"
                          + " bool, little-endian: x.astype('<f4')"));
    };
  }

  /** The content of a file that holds the tensor; {@code bf16} becomes {@code float32}. */
  static byte[] format(Tensor tensor) {
    String descr =
        switch (tensor.dtype()) {
          case F64 -> "<f8";
          case F32, BF16 -> "<f4";
          case F16 -> "<f2";
          case I64 -> "<i8";
          case I32 -> "<i4";
          case I8 -> "|i1";
          case U8 -> "|u1";
          case BOOL -> "|b1";
        };
    long[] sizes = tensor.sizes();
    String shape =
        Arrays.stream(sizes)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", ", "(", sizes.length == 1 ? ",)" : ")"));
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
    int prefixBytes = MAGIC.length + 2 + Short.BYTES;
    int total = Math.ceilDiv(prefixBytes + header.length() + 1, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    MemorySegment data =
        tensor.dtype() == DType.BF16 ? MemorySegment.ofArray(tensor.floats()) : tensor.memory();
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(total + data.byteSize()))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - prefixBytes));
    buffer.put(header.getBytes(StandardCharsets.US_ASCII));
    while (buffer.position() < total - 1) {
      buffer.put((byte) ' ');
    }
    buffer.put((byte) '\n');
    MemorySegment.ofBuffer(buffer).copyFrom(data);
    return buffer.array();
  }

  private static GraphException invalid(String file, String problem) {
    return new GraphException(invalidDiagnostic(file, problem));
  }

  private static Diagnostic invalidDiagnostic(String file, String problem) {
    return Diagnostic.error(
        "tensor-file",
        "'%s' is not an .npy file that can be read: %s".formatted(file, problem),
        Location.UNKNOWN);
  }
}
