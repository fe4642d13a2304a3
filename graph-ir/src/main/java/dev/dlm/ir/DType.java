package dev.dlm.ir;

import java.util.Locale;
import java.util.Optional;

/** Element types of tensors, with their size in memory and their place among the numbers. */
public enum DType {
  F64(8, Kind.FLOAT),
  F32(4, Kind.FLOAT),
  BF16(2, Kind.FLOAT),
  F16(2, Kind.FLOAT),
  I64(8, Kind.INTEGER),
  I32(4, Kind.INTEGER),
  I8(1, Kind.INTEGER),
  U8(1, Kind.INTEGER),
  BOOL(1, Kind.BOOLEAN);

  private enum Kind {
    FLOAT,
    INTEGER,
    BOOLEAN
  }

  private final int sizeBytes;
  private final Kind kind;
  private final String text = name().toLowerCase(Locale.ROOT);

  DType(int sizeBytes, Kind kind) {
    this.sizeBytes = sizeBytes;
    this.kind = kind;
  }

  /** Bytes of one element. A {@link #BOOL} takes one byte that is 0 or 1. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** Whether this is a floating-point type. Only values of these types have gradients. */
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /** Whether this is a signed or unsigned integer type. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  /** The name in model files and in the text form, for example {@code f32}. */
  public String text() {
    return text;
  }

  /** The type with the given {@link #text()}. */
  public static Optional<DType> parse(String text) {
    for (DType dtype : values()) {
      if (dtype.text.equals(text)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  /**
   * The nearest value of this type: round to nearest even for the floating-point types; two's
   * complement wrap-around for integers.
   *
   * @throws IllegalArgumentException if this is not a floating-point type
   */
  public double round(double value) {
    return switch (this) {
      case F64 -> value;
      case F32 -> (float) value;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(roundToOdd(value)));
      case BF16 -> roundToBfloat16(roundToOdd(value));
      case I64, I32, I8, U8, BOOL ->
          throw new IllegalArgumentException(text + " is not a floating-point type");
    };
  }

  /**
   * The value wrapped to this type's range: two's complement for integers, {@code value != 0} for
   * {@link #BOOL}.
   *
   * @throws IllegalArgumentException if this is a floating-point type
   */
  public long wrap(long value) {
    return switch (this) {
      case I64 -> value;
      case I32 -> (int) value;
      case I8 -> (byte) value;
      case U8 -> value & 0xff;
      case BOOL -> value != 0 ? 1 : 0;
      case F64, F32, BF16, F16 ->
          throw new IllegalArgumentException(text + " is a floating-point type");
    };
  }

  /**
   * The neighbouring float whose last bit is set, if the value is no float: rounding that to a
   * narrower type gives what rounding the value itself would give (Boldo and Melquiond, "When
   * double rounding is odd", 2005).
   */
  private static float roundToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value) || (Float.floatToRawIntBits(nearest) & 1) == 1) {
      return nearest;
    }
    return nearest < value ? Math.nextUp(nearest) : Math.nextDown(nearest);
  }

  private static float roundToBfloat16(float value) {
    if (Float.isNaN(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
    return Float.intBitsToFloat(rounded);
  }

  @Override
  public String toString() {
    return text;
  }
}
