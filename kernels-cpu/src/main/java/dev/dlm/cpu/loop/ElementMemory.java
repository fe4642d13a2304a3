package dev.dlm.cpu.loop;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Elements at addresses of the process, as kernels read and write them; for generated scalar code
 * one pair of methods for each element type, named after it.
 *
 * <p>Kernels do not access the operands' segments: which of the JDK's classes of segments an access
 * meets, whether it lies within it, and whether that is still alive would be asked again at each
 * access, which is more work than most loops do, above all where the process has met several of
 * those classes. Who binds a loop, as {@link BoundLoop}, or calls {@link #address}, asks once, and
 * keeps the segments alive.
 */
public final class ElementMemory {
  /** Everything that has an address. */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private ElementMemory() {}

  /**
   * The address of rows that lie within a segment in native memory.
   *
   * @param offset of the first row, in bytes
   * @param rowStride from one row to the next, in bytes; may be negative
   * @param rowBytes bytes of a row
   * @throws IndexOutOfBoundsException if a row does not lie within the segment
   * @throws IllegalArgumentException if the segment lies on the heap
   */
  public static long address(
      MemorySegment segment, long offset, int rows, long rowStride, long rowBytes) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(segment + " has no address");
    }
    if (rows > 0) {
      long last = (rows - 1) * rowStride;
      Objects.checkFromIndexSize(
          offset + Math.min(0, last), Math.abs(last) + rowBytes, segment.byteSize());
    }
    return segment.address() + offset;
  }

  public static float loadF32(long at) {
    return ALL.get(FLOAT, at);
  }

  public static void storeF32(float value, long at) {
    ALL.set(FLOAT, at, value);
  }

  static double loadF64(long at) {
    return ALL.get(DOUBLE, at);
  }

  static void storeF64(double value, long at) {
    ALL.set(DOUBLE, at, value);
  }

  static float loadF16(long at) {
    return Float.float16ToFloat(ALL.get(SHORT, at));
  }

  static void storeF16(float value, long at) {
    ALL.set(SHORT, at, Float.floatToFloat16(value));
  }

  static float loadBf16(long at) {
    return Float.intBitsToFloat(ALL.get(SHORT, at) << 16);
  }

  /** The value is rounded to {@code bf16} already; a NaN whose payload is below becomes quiet. */
  static void storeBf16(float value, long at) {
    ALL.set(SHORT, at, (short) (Float.floatToIntBits(value) >>> 16));
  }

  static long loadI64(long at) {
    return ALL.get(LONG, at);
  }

  static void storeI64(long value, long at) {
    ALL.set(LONG, at, value);
  }

  static int loadI32(long at) {
    return ALL.get(INT, at);
  }

  public static void storeI32(int value, long at) {
    ALL.set(INT, at, value);
  }

  static int loadI8(long at) {
    return ALL.get(BYTE, at);
  }

  static void storeI8(int value, long at) {
    ALL.set(BYTE, at, (byte) value);
  }

  static int loadU8(long at) {
    return ALL.get(BYTE, at) & 0xff;
  }

  static void storeU8(int value, long at) {
    ALL.set(BYTE, at, (byte) value);
  }

  static int loadBool(long at) {
    return ALL.get(BYTE, at) != 0 ? 1 : 0;
  }

  static void storeBool(int value, long at) {
    ALL.set(BYTE, at, (byte) value);
  }
}
