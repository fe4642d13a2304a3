package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.op.array.OneHot;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import java.util.ArrayList;
import java.util.List;

/** The ops that go along an axis in order. */
final class SequenceOpCases {
  private static final TensorType VECTOR = f32(5);
  private static final TensorType MATRIX = f32(3, 5);
  private static final TensorType CUBE = f32(2, 3, 4);

  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new SequenceOpCases().collect();
  }

  private List<OpCase> collect() {
    cumulative();
    linearRecurrence();
    sort();
    topK();
    oneHot();
    return cases;
  }

  private static TensorType f32(long... sizes) {
    return TensorType.of(DType.F32, sizes);
  }

  private void works(Op op, TensorType... operands) {
    cases.add(OpCase.works(op, operands));
  }

  private void fails(String label, Op op, TensorType... operands) {
    cases.add(OpCase.fails(label, op, operands));
  }

  private void cumulative() {
    for (Cumulative.Kind kind : Cumulative.Kind.values()) {
      Cumulative plain = new Cumulative(kind, 1, false, false);
      for (DType dtype : DType.values()) {
        if (dtype == DType.BOOL) {
          fails("C3", plain, CUBE.withDType(dtype));
        } else {
          works(plain, CUBE.withDType(dtype));
        }
      }
      // The first of an exclusive maximum is infinite.
      boolean exclusive = kind != Cumulative.Kind.MAX;
      for (boolean reverse : new boolean[] {false, true}) {
        works(new Cumulative(kind, 0, false, reverse), VECTOR);
        works(new Cumulative(kind, 0, exclusive, reverse), MATRIX);
        works(new Cumulative(kind, 2, exclusive, reverse), CUBE);
        works(new Cumulative(kind, 0, exclusive, reverse), f32(1));
        works(new Cumulative(kind, 0, exclusive, reverse), f32(0, 2));
        works(new Cumulative(kind, 1, exclusive, reverse), f32(0, 2));
      }
      works(new Cumulative(kind, 0, false, false), f32(37));
      fails("C1", plain);
      fails("C1", plain, MATRIX, MATRIX);
      fails("C2", plain, VECTOR);
      fails("C2", new Cumulative(kind, -1, false, false), VECTOR);
    }
  }

  private void linearRecurrence() {
    for (boolean reverse : new boolean[] {false, true}) {
      for (DType dtype : DType.values()) {
        TensorType cube = CUBE.withDType(dtype);
        if (dtype.isFloat()) {
          works(new LinearRecurrence(1, reverse), cube, cube);
        } else {
          fails("C2", new LinearRecurrence(1, reverse), cube, cube);
        }
      }
      works(new LinearRecurrence(0, reverse), VECTOR, VECTOR);
      works(new LinearRecurrence(0, reverse), MATRIX, MATRIX);
      works(new LinearRecurrence(1, reverse), f32(2, 0), f32(2, 0));
    }
    LinearRecurrence op = new LinearRecurrence(0, false);
    fails("C1", op, VECTOR);
    fails("C2", op, VECTOR, VECTOR.withDType(DType.F64));
    fails("C3", op, VECTOR, f32(4));
    fails("C4", new LinearRecurrence(1, false), VECTOR, VECTOR);
  }

  private void sort() {
    for (boolean descending : new boolean[] {false, true}) {
      Sort op = new Sort(1, descending);
      for (DType dtype : DType.values()) {
        if (dtype == DType.BOOL) {
          fails("C3", op, CUBE.withDType(dtype));
        } else {
          works(op, CUBE.withDType(dtype));
          works(new Sort(0, descending), TensorType.of(dtype, 67, 2));
        }
      }
      works(new Sort(0, descending), VECTOR);
      works(new Sort(0, descending), MATRIX);
      works(new Sort(2, descending), CUBE);
      works(new Sort(0, descending), f32(1));
      works(new Sort(1, descending), f32(0, 2));
      fails("C1", op);
      fails("C2", op, VECTOR);
    }
  }

  private static TopK topK(long count, int axis) {
    return new TopK(Dim.of(count), axis);
  }

  private void topK() {
    for (DType dtype : DType.values()) {
      if (dtype == DType.BOOL) {
        fails("C3", topK(2, 1), CUBE.withDType(dtype));
      } else {
        works(topK(2, 1), CUBE.withDType(dtype));
      }
    }
    works(topK(1, 0), VECTOR);
    works(topK(5, 1), MATRIX);
    works(topK(2, 0), MATRIX);
    works(topK(0, 0), VECTOR);
    works(topK(3, 0), f32(67));
    fails("C1", topK(1, 0));
    fails("C2", topK(1, 1), VECTOR);
    fails("C4", topK(-1, 0), VECTOR);
    fails("C4", topK(6, 0), VECTOR);
  }

  private static OneHot oneHot(int axis, DType dtype) {
    return new OneHot(Dim.of(4), axis, dtype, 1, 0);
  }

  private void oneHot() {
    for (DType dtype : DType.values()) {
      works(oneHot(1, dtype), TensorType.of(DType.I32, 5));
      if (dtype.isInteger()) {
        works(oneHot(1, DType.F32), TensorType.of(dtype, 5));
      } else {
        fails("C2", oneHot(1, DType.F32), TensorType.of(dtype, 5));
      }
    }
    works(oneHot(0, DType.F32), TensorType.of(DType.I64));
    works(oneHot(0, DType.F32), TensorType.of(DType.I32, 2, 3));
    works(new OneHot(Dim.of(3), 1, DType.F32, 0.9, 0.05), TensorType.of(DType.I32, 2, 3));
    fails("C1", oneHot(0, DType.F32));
    fails("C3", oneHot(2, DType.F32), TensorType.of(DType.I32, 5));
  }
}
