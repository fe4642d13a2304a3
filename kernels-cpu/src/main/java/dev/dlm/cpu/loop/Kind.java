package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;

/** The JVM's kinds of numbers, in which scalar code holds elements. */
enum Kind {
  /** {@code f32}; also {@code bf16} and {@code f16}, rounded after each operation. */
  FLOAT(TypeKind.FLOAT, "floats"),
  /** {@code f64}. */
  DOUBLE(TypeKind.DOUBLE, "doubles"),
  /** {@code i32}; also the narrower integers, wrapped after each operation, and booleans. */
  INT(TypeKind.INT, "ints"),
  /** {@code i64}. */
  LONG(TypeKind.LONG, "longs");

  private final TypeKind type;
  private final String foldArray;

  Kind(TypeKind type, String foldArray) {
    this.type = type;
    this.foldArray = foldArray;
  }

  static Kind of(DType dtype) {
    return switch (dtype) {
      case F32, BF16, F16 -> FLOAT;
      case F64 -> DOUBLE;
      case I32, I8, U8, BOOL -> INT;
      case I64 -> LONG;
    };
  }

  TypeKind type() {
    return type;
  }

  ClassDesc desc() {
    return type.upperBound();
  }

  /** The name of the field of {@link FoldArrays}. */
  String foldArray() {
    return foldArray;
  }
}
