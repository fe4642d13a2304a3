package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import java.lang.constant.ClassDesc;

/** The element types that vector code holds in vectors, with what generated code calls for them. */
enum LaneType {
  F32(DType.F32, "FloatVector", "FloatLanes", "floatBuffer"),
  I32(DType.I32, "IntVector", "IntLanes", "intBuffer"),
  F64(DType.F64, "DoubleVector", "DoubleLanes", "doubleBuffer"),
  I64(DType.I64, "LongVector", "LongLanes", "longBuffer");

  static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");

  private final DType dtype;
  private final String vector;
  private final String functions;
  private final String buffer;

  LaneType(DType dtype, String vector, String functions, String buffer) {
    this.dtype = dtype;
    this.vector = vector;
    this.functions = functions;
    this.buffer = buffer;
  }

  static LaneType of(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case I32 -> I32;
      case F64 -> F64;
      case I64 -> I64;
      case BF16, F16, I8, U8, BOOL -> throw new IllegalArgumentException("no vectors of " + dtype);
    };
  }

  DType dtype() {
    return dtype;
  }

  /** The class of vectors. */
  ClassDesc vector() {
    return ClassDesc.of("jdk.incubator.vector." + vector);
  }

  /** The class with the functions of such vectors. */
  ClassDesc functions() {
    return ClassDesc.of(LaneType.class.getPackageName() + "." + functions);
  }

  /** The field of {@link LoopState} with room for one vector. */
  String buffer() {
    return buffer;
  }

  /** The JVM number of one lane. */
  ClassDesc element() {
    return Kind.of(dtype).desc();
  }
}
