package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;

/**
 * How element types are spelled in OpenCL C: as they stand in memory, and as they are computed
 * with. The narrow floating-point types are {@code ushort} in memory and {@code float} in
 * computations, so no extension for half precision is needed.
 */
final class ElementCode {
  private ElementCode() {}

  /** The type of an element in memory. */
  static String memoryType(DType dtype) {
    return switch (dtype) {
      case F64 -> "double";
      case F32 -> "float";
      case BF16, F16 -> "ushort";
      case I64 -> "long";
      case I32 -> "int";
      case I8 -> "char";
      case U8, BOOL -> "uchar";
    };
  }

  /** The type of a variable that holds an element. */
  static String valueType(DType dtype) {
    return switch (dtype) {
      case F64 -> "double";
      case F32, BF16, F16 -> "float";
      case I64 -> "long";
      case I32, BOOL -> "int";
      case I8 -> "char";
      case U8 -> "uchar";
    };
  }

  /** The type in which products are summed: unsigned for integers, so that overflow wraps. */
  static String sumType(DType dtype) {
    return switch (dtype) {
      case F64 -> "double";
      case F32, BF16, F16 -> "float";
      case I64 -> "ulong";
      case I32, I8, U8, BOOL -> "uint";
    };
  }

  /** An element read from a pointer. */
  static String load(DType dtype, String pointer, String position) {
    String element = pointer + "[" + position + "]";
    return switch (dtype) {
      case F64, F32, I64, I32, I8, U8 -> element;
      case BF16 -> "bf16_to_float(" + element + ")";
      case F16 -> "f16_to_float(" + element + ")";
      case BOOL -> "(" + element + " != 0)";
    };
  }

  /** The memory form of a value that {@link #rounded} gave. */
  static String stored(DType dtype, String value) {
    return switch (dtype) {
      case F64, F32, I64, I32, I8, U8 -> value;
      case BF16 -> "float_to_bf16(" + value + ")";
      case F16 -> "float_to_f16(" + value + ")";
      case BOOL -> "(uchar)" + value;
    };
  }

  /** A computed value rounded or wrapped to the type. */
  static String rounded(DType dtype, String value) {
    return switch (dtype) {
      case F64, F32, I64, I32 -> value;
      case BOOL -> "((" + value + ") != 0)";
      case I8 -> "(char)(" + value + ")";
      case U8 -> "(uchar)(" + value + ")";
      case BF16 -> "bf16_to_float(float_to_bf16(" + value + "))";
      case F16 -> "f16_to_float(float_to_f16(" + value + "))";
    };
  }

  /** A scalar as a constant expression of the value type, exact for every number. */
  static String literal(HostTensor scalar) {
    return scalar.dtype().isFloat()
        ? literal(scalar.dtype(), scalar.doubleAt(0))
        : literal(scalar.dtype(), scalar.longAt(0));
  }

  /** A number of a floating-point type as a constant expression. */
  static String literal(DType dtype, double value) {
    return dtype == DType.F64
        ? "as_double(0x" + Long.toHexString(Double.doubleToLongBits(value)) + "UL)"
        : "as_float(0x" + Integer.toHexString(Float.floatToIntBits((float) value)) + "u)";
  }

  /** A number of an integer or boolean type as a constant expression. */
  static String literal(DType dtype, long value) {
    return switch (dtype) {
      case I64 -> "((long)0x" + Long.toHexString(value) + "UL)";
      case I32 -> "((int)0x" + Integer.toHexString((int) value) + "u)";
      case I8 -> "((char)" + value + ")";
      case U8 -> "((uchar)" + value + ")";
      case BOOL -> Long.toString(value);
      case F64, F32, BF16, F16 -> literal(dtype, (double) value);
    };
  }
}
