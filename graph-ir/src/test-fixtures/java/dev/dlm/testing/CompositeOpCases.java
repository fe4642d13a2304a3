package dev.dlm.testing;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.meta.Region;
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
