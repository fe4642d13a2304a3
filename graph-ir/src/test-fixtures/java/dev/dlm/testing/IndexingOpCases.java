package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.array.DynamicSlice;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Scatter;
import java.util.ArrayList;
import java.util.List;

/** The ops that find elements by indices, which lie outside of their axes at some places. */
final class IndexingOpCases {
  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new IndexingOpCases().collect();
  }

  private List<OpCase> collect() {
    gather();
    scatter();
    dynamicSlice();
    dynamicUpdateSlice();
    reverse();
    return cases;
  }

  private static TensorType f32(long... sizes) {
    return TensorType.of(DType.F32, sizes);
  }

  private static TensorType i32(long... sizes) {
    return TensorType.of(DType.I32, sizes);
  }

  private static TensorType i64(long... sizes) {
    return TensorType.of(DType.I64, sizes);
  }

  private void works(Op op, TensorType... operands) {
    cases.add(OpCase.works(op, operands));
  }

  private void fails(String label, Op op, TensorType... operands) {
    cases.add(OpCase.fails(label, op, operands));
  }

  private void gather() {
    Gather rows = new Gather(0, List.of(0));
    for (DType dtype : DType.values()) {
      works(rows, TensorType.of(dtype, 4, 3), i32(5, 1));
    }
    works(rows, f32(4, 3), i64(2, 3, 1));
    works(rows, f32(4, 3), i32(1));
    works(rows, f32(4, 37), i32(7, 1));
    works(rows, f32(4), i32(6, 1));
    works(rows, f32(4, 3), i32(0, 1));
    works(rows, f32(4, 0), i32(2, 1));
    works(new Gather(0, List.of(1)), f32(3, 4, 2), i32(5, 1));
    works(new Gather(0, List.of(2)), f32(3, 2, 4), i32(5, 1));
    works(new Gather(0, List.of(0, 1)), f32(3, 4, 2), i32(5, 2));
    works(new Gather(0, List.of(0, 2)), f32(3, 4, 2), i64(5, 2));
    works(new Gather(0, List.of(1, 3)), f32(2, 4, 3, 5, 2), i32(3, 2));
    works(new Gather(1, List.of(1)), f32(3, 4), i32(3, 1));
    works(new Gather(1, List.of(1)), f32(3, 4, 2), i32(3, 5, 1));
    works(new Gather(1, List.of(2)), f32(3, 2, 4), i32(3, 5, 1));
    works(new Gather(2, List.of(2)), f32(2, 3, 4), i64(2, 3, 5, 1));
    fails("C1", rows, f32(4, 3));
    fails("C2", rows, f32(4, 3), f32(5, 1));
    fails("C2", rows, f32(4, 3), TensorType.of(DType.U8, 5, 1));
    fails("C3", new Gather(0, List.of()), f32(4, 3), i32(5, 0));
    fails("C3", new Gather(0, List.of(2)), f32(4, 3), i32(5, 1));
    fails("C3", new Gather(0, List.of(1, 0)), f32(4, 3), i32(5, 2));
    fails("C3", new Gather(1, List.of(0)), f32(4, 3), i32(4, 1));
    fails("C4", rows, f32(4, 3), i32(5));
    fails("C4", rows, f32(4, 3), i32());
    fails("C4", new Gather(1, List.of(1)), f32(1, 3), i32(1));
    fails("C5", new Gather(1, List.of(1)), f32(4, 3), i32(5, 1));
    fails("C6", rows, f32(0, 3), i32(5, 1));
  }

  private void scatter() {
    for (Scatter.Kind kind : Scatter.Kind.values()) {
      Scatter rows = new Scatter(kind, 0, List.of(0));
      for (DType dtype : DType.values()) {
        TensorType x = TensorType.of(dtype, 4, 3);
        if (dtype == DType.BOOL && kind != Scatter.Kind.SET) {
          fails("C7", rows, x, i32(5, 1), x.withShape(f32(5, 3).shape()));
        } else {
          works(rows, x, i32(5, 1), x.withShape(f32(5, 3).shape()));
        }
      }
      works(rows, f32(4, 3), i64(2, 3, 1), f32(2, 3, 3));
      works(rows, f32(4, 3), i32(1), f32(3));
      works(rows, f32(4, 37), i32(17, 1), f32(17, 37));
      works(rows, f32(4), i32(6, 1), f32(6));
      works(rows, f32(4, 3), i32(0, 1), f32(0, 3));
      works(new Scatter(kind, 0, List.of(1)), f32(3, 4, 2), i32(5, 1), f32(5, 3, 2));
      works(new Scatter(kind, 0, List.of(2)), f32(3, 2, 4), i32(5, 1), f32(5, 3, 2));
      works(new Scatter(kind, 0, List.of(0, 1)), f32(3, 4, 2), i32(7, 2), f32(7, 2));
      works(new Scatter(kind, 0, List.of(0, 2)), f32(3, 4, 2), i64(7, 2), f32(7, 4));
      works(new Scatter(kind, 0, List.of(1, 3)), f32(2, 4, 3, 5, 2), i32(3, 2), f32(3, 2, 3, 2));
      works(new Scatter(kind, 1, List.of(1)), f32(3, 4), i32(3, 1), f32(3));
      works(new Scatter(kind, 1, List.of(2)), f32(3, 2, 4), i32(3, 5, 1), f32(3, 5, 2));
      works(new Scatter(kind, 2, List.of(2)), f32(2, 3, 4), i64(2, 3, 5, 1), f32(2, 3, 5));
      fails("C1", rows, f32(4, 3), i32(5, 1));
      fails("C2", rows, f32(4, 3), f32(5, 1), f32(5, 3));
      fails("C3", new Scatter(kind, 0, List.of()), f32(4, 3), i32(5, 0), f32(5, 4, 3));
      fails("C4", rows, f32(4, 3), i32(5), f32(5, 3));
      fails("C5", new Scatter(kind, 1, List.of(1)), f32(4, 3), i32(5, 1), f32(5));
      fails("C6", rows, f32(4, 3), i32(5, 1), f32(5, 4));
      fails("C6", rows, f32(4, 3), i32(5, 1), f32(5));
      fails("C6", rows, f32(4, 3), i32(5, 1), TensorType.of(DType.F64, 5, 3));
    }
  }

  private void dynamicSlice() {
    DynamicSlice part = new DynamicSlice(Shape.of(2, 3));
    for (DType dtype : DType.values()) {
      works(part, TensorType.of(dtype, 4, 5), i32(2));
    }
    works(part, f32(4, 5), i64(2));
    works(part, f32(2, 3), i32(2));
    works(new DynamicSlice(Shape.of(2, 0)), f32(4, 5), i32(2));
    works(new DynamicSlice(Shape.of(2, 3, 4)), f32(5, 3, 4), i32(3));
    works(new DynamicSlice(Shape.of(2, 1, 4, 3)), f32(3, 3, 4, 5), i32(4));
    works(new DynamicSlice(Shape.SCALAR), f32(), i32(0));
    fails("C1", part, f32(4, 5));
    fails("C2", part, f32(4, 5), f32(2));
    fails("C2", part, f32(4, 5), TensorType.of(DType.U8, 2));
    fails("C3", part, f32(4, 5), i32(1));
    fails("C3", part, f32(4, 5), i32(2, 1));
    fails("C4", part, f32(4, 5, 6), i32(3));
    fails("C4", part, f32(4, 2), i32(2));
  }

  private void dynamicUpdateSlice() {
    DynamicUpdateSlice op = new DynamicUpdateSlice();
    for (DType dtype : DType.values()) {
      works(op, TensorType.of(dtype, 4, 5), TensorType.of(dtype, 2, 3), i32(2));
    }
    works(op, f32(4, 5), f32(2, 3), i64(2));
    works(op, f32(4, 5), f32(4, 5), i32(2));
    works(op, f32(4, 5), f32(0, 5), i32(2));
    works(op, f32(5, 3, 4), f32(2, 3, 4), i32(3));
    works(op, f32(3, 3, 4, 5), f32(2, 1, 4, 3), i32(4));
    works(op, f32(), f32(), i32(0));
    fails("C1", op, f32(4, 5), f32(2, 3));
    fails("C2", op, f32(4, 5), f32(2, 3), f32(2));
    fails("C3", op, f32(4, 5), f32(2, 3), i32(3));
    fails("C4", op, f32(4, 5), f32(2), i32(2));
    fails("C4", op, f32(4, 5), f32(2, 6), i32(2));
    fails("C5", op, f32(4, 5), TensorType.of(DType.F64, 2, 3), i32(2));
  }

  private void reverse() {
    for (DType dtype : DType.values()) {
      works(new Reverse(List.of(1)), TensorType.of(dtype, 2, 5));
    }
    works(new Reverse(List.of(0)), f32(37));
    works(new Reverse(List.of(0)), f32(3, 18));
    works(new Reverse(List.of(0, 2)), f32(2, 3, 4));
    works(new Reverse(List.of()), f32(3, 2));
    works(new Reverse(List.of(1)), f32(3, 0));
    fails("C1", new Reverse(List.of(0)), f32(3), f32(3));
    fails("C2", new Reverse(List.of(2)), f32(3, 2));
    fails("C2", new Reverse(List.of(1, 0)), f32(3, 2));
    fails("C2", new Reverse(List.of(0, 0)), f32(3, 2));
  }
}
