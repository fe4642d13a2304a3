package dev.dlm.cpu.device;

import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The floating-point tensors that a step writes.
 *
 * @param parts one for each tensor
 */
record WrittenFloats(List<Part> parts) {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  WrittenFloats {
    parts = List.copyOf(parts);
  }

  /** One tensor. */
  record Part(DType dtype, MemorySegment segment) {
    boolean isFinite() {
      return switch (dtype) {
        case F64 -> {
          long exponent = 0x7ff0000000000000L;
          boolean finite = true;
          for (long at = 0; at < segment.byteSize(); at += 8) {
            finite &= (segment.get(LONG, at) & exponent) != exponent;
          }
          yield finite;
        }
        case F32 -> {
          int exponent = 0x7f800000;
          boolean finite = true;
          for (long at = 0; at < segment.byteSize(); at += 4) {
            finite &= (segment.get(INT, at) & exponent) != exponent;
          }
          yield finite;
        }
        case BF16 -> isFinite(0x7f80);
        case F16 -> isFinite(0x7c00);
        case I64, I32, I8, U8, BOOL -> true;
      };
    }

    private boolean isFinite(int exponent) {
      boolean finite = true;
      for (long at = 0; at < segment.byteSize(); at += 2) {
        finite &= (segment.get(SHORT, at) & exponent) != exponent;
      }
      return finite;
    }
  }

  /** Whether no element is infinite or NaN. */
  boolean areFinite() {
    for (Part part : parts) {
      if (!part.isFinite()) {
        return false;
      }
    }
    return true;
  }
}
