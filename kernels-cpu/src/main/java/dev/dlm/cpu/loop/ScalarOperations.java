package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes scalar functions of operands on the stack. */
final class ScalarOperations {
  private static final ClassDesc CONVERSIONS = Conversions.class.describeConstable().orElseThrow();

  private final CodeBuilder code;

  ScalarOperations(CodeBuilder code) {
    this.code = code;
  }

  /** Leaves a constant on the stack. */
  void literal(HostTensor value) {
    switch (Kind.of(value.dtype())) {
      case FLOAT -> code.loadConstant((float) value.doubleAt(0));
      case DOUBLE -> code.loadConstant(value.doubleAt(0));
      case INT -> code.loadConstant((int) value.longAt(0));
      case LONG -> code.loadConstant(value.longAt(0));
    }
  }

  /** Replaces the number on the stack by its conversion. */
  void convert(DType from, DType to) {
    code.invokestatic(
        CONVERSIONS,
        FunctionNames.of("to", to),
        MethodTypeDesc.of(Kind.of(to).desc(), Kind.of(from).desc()));
  }

  /** Writes value and address, both on the stack, to memory. */
  void store(DType dtype) {
    code.invokestatic(
        BlockWriter.MEMORY,
        FunctionNames.of("store", dtype),
        MethodTypeDesc.of(CD_void, Kind.of(dtype).desc(), CD_long));
  }

  /**
   * Replaces the arguments on the stack by the function's value.
   *
   * @param last the type of the last argument
   */
  void apply(Operation.Apply apply, DType last) {
    if (apply.function() == ScalarFunction.CAST) {
      convert(last, apply.dtype());
      return;
    }
    apply(apply.function(), last, apply.dtype());
  }

  /** As {@link #apply(Operation.Apply, DType)}, for other functions than conversions. */
  void apply(ScalarFunction function, DType last, DType result) {
    Kind kind = Kind.of(last);
    List<ClassDesc> parameters = new ArrayList<>();
    for (int i = 0; i < function.arity(); i++) {
      boolean isCondition = function == ScalarFunction.SELECT && i == 0;
      parameters.add(isCondition ? CD_int : kind.desc());
    }
    code.invokestatic(
        functions(kind),
        name(function, last),
        MethodTypeDesc.of(function.isPredicate() ? CD_int : kind.desc(), parameters));
    if (!function.isPredicate()) {
      narrow(result);
    }
  }

  private static ClassDesc functions(Kind kind) {
    Class<?> type =
        switch (kind) {
          case FLOAT -> FloatFunctions.class;
          case DOUBLE -> DoubleFunctions.class;
          case INT -> IntFunctions.class;
          case LONG -> LongFunctions.class;
        };
    return type.describeConstable().orElseThrow();
  }

  private static String name(ScalarFunction function, DType dtype) {
    if (function == ScalarFunction.NOT && dtype != DType.BOOL) {
      return "complement";
    }
    boolean isShift =
        function == ScalarFunction.SHIFT_LEFT || function == ScalarFunction.SHIFT_RIGHT_LOGICAL;
    return FunctionNames.of(function) + (isShift && dtype.sizeBytes() == 1 ? "8" : "");
  }

  /** Rounds or wraps the result of an operation that was made in a wider type. */
  private void narrow(DType dtype) {
    switch (dtype) {
      case F64, F32, I64, I32 -> {}
      case BF16 -> round("roundBf16");
      case F16 -> round("roundF16");
      case I8, U8, BOOL -> convert(DType.I32, dtype);
    }
  }

  private void round(String name) {
    code.invokestatic(functions(Kind.FLOAT), name, MethodTypeDesc.of(CD_float, CD_float));
  }
}
