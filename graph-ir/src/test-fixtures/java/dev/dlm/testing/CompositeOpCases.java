package dev.dlm.testing;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.math.Dequantize;
import dev.dlm.op.math.Quantize;
import dev.dlm.op.meta.Region;
import dev.dlm.testing.OpCase.Domain;
import java.util.ArrayList;
import java.util.List;

/** The ops that are defined by their expansion. */
final class CompositeOpCases {
  private static final TensorType VECTOR = TensorType.of(DType.F32, 5);
  private static final TensorType MATRIX = TensorType.of(DType.F32, 3, 5);

  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new CompositeOpCases().collect();
  }

  private List<OpCase> collect() {
    region();
    quantize();
    dequantize();
    return cases;
  }

  private void works(Op op, TensorType... operands) {
    cases.add(OpCase.works(op, operands));
  }

  private void fails(String label, Op op, TensorType... operands) {
    cases.add(OpCase.fails(label, op, operands));
  }

  private void region() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      TensorType matrix = MATRIX.withDType(dtype);
      works(new Region("softmax", softmax(dtype)), matrix);
      works(new Region("scaled", scaled(dtype)), matrix, VECTOR.withDType(dtype));
      BodyBuilder outer = new BodyBuilder();
      Value x = outer.parameter(matrix);
      Value inner = outer.one(new Region("inner", softmax(dtype)), x);
      works(new Region("outer", outer.build(List.of(outer.mul(inner, x)))), matrix);
    }
    fails("C1", new Region("softmax", softmax(DType.F32)));
    BodyBuilder nothing = new BodyBuilder();
    nothing.parameter(MATRIX);
    fails("C1", new Region("nothing", nothing.build(List.of())), MATRIX);
    fails("C2", new Region("softmax", softmax(DType.F32)), VECTOR);
    fails("C2", new Region("softmax", softmax(DType.F32)), MATRIX.withDType(DType.F64));
  }

  private void quantize() {
    for (DType dtype : List.of(DType.I8, DType.U8)) {
      for (DType of : List.of(DType.F32, DType.F64, DType.BF16, DType.F16)) {
        TensorType x = MATRIX.withDType(of);
        cases.add(
            OpCase.works(new Quantize(dtype, -1), x, TensorType.of(of), TensorType.of(dtype))
                .in(Domain.ANY, Domain.POSITIVE, Domain.POSITIVE));
        cases.add(
            OpCase.works(new Quantize(dtype, 1), x, TensorType.of(of, 5), TensorType.of(dtype, 5))
                .in(Domain.ANY, Domain.POSITIVE, Domain.POSITIVE));
      }
    }
    TensorType zero = TensorType.of(DType.I8);
    Quantize whole = new Quantize(DType.I8, -1);
    fails("C1", whole, MATRIX, TensorType.of(DType.F32));
    fails("C2", whole, MATRIX, TensorType.of(DType.F64), zero);
    fails("C2", whole, MATRIX.withDType(DType.I32), TensorType.of(DType.I32), zero);
    fails("C3", whole, MATRIX, TensorType.of(DType.F32), TensorType.of(DType.U8));
    fails(
        "C3",
        new Quantize(DType.I32, -1),
        MATRIX,
        TensorType.of(DType.F32),
        TensorType.of(DType.I32));
    fails("C4", whole, MATRIX, VECTOR, VECTOR.withDType(DType.I8));
    fails("C4", new Quantize(DType.I8, 0), MATRIX, VECTOR, VECTOR.withDType(DType.I8));
    fails("C4", new Quantize(DType.I8, 2), MATRIX, VECTOR, VECTOR.withDType(DType.I8));
  }

  private void dequantize() {
    for (DType dtype : List.of(DType.I8, DType.U8)) {
      for (DType of : List.of(DType.F32, DType.F64, DType.BF16, DType.F16)) {
        TensorType x = MATRIX.withDType(dtype);
        works(new Dequantize(-1), x, TensorType.of(of), TensorType.of(dtype));
        works(new Dequantize(0), x, TensorType.of(of, 3), TensorType.of(dtype, 3));
      }
    }
    TensorType x = MATRIX.withDType(DType.I8);
    TensorType scale = TensorType.of(DType.F32);
    TensorType zero = TensorType.of(DType.I8);
    fails("C1", new Dequantize(-1), x, scale);
    fails("C2", new Dequantize(-1), x, zero, zero);
    fails("C3", new Dequantize(-1), x, scale, TensorType.of(DType.U8));
    fails("C3", new Dequantize(-1), MATRIX, scale, scale);
    fails("C4", new Dequantize(1), x, scale, zero);
    fails("C4", new Dequantize(0), x, VECTOR, VECTOR.withDType(DType.I8));
  }

  private static Body softmax(DType dtype) {
    BodyBuilder b = new BodyBuilder();
    Value x = b.parameter(MATRIX.withDType(dtype));
    return b.build(List.of(b.softmax(x)));
  }

  /** Two results, one of which is an operand. */
  private static Body scaled(DType dtype) {
    BodyBuilder b = new BodyBuilder();
    Value x = b.parameter(MATRIX.withDType(dtype));
    Value scale = b.parameter(VECTOR.withDType(dtype));
    return b.build(List.of(b.tanh(b.mul(x, scale)), scale));
  }
}
