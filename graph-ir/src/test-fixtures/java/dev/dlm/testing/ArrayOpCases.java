package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.random.RandomBits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The ops that move, make and reduce elements. */
final class ArrayOpCases {
  private static final TensorType VECTOR = f32(5);
  private static final TensorType MATRIX = f32(3, 5);
  private static final TensorType CUBE = f32(2, 3, 4);

  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new ArrayOpCases().collect();
  }

  private List<OpCase> collect() {
    broadcast();
    reshapeAndTranspose();
    slice();
    pad();
    concat();
    reduce();
    argReduce();
    sources();
    meta();
    return cases;
  }

  private static TensorType f32(long... sizes) {
    return TensorType.of(DType.F32, sizes);
  }

  private void works(Op op, TensorType... operands) {
    cases.add(OpCase.works(op, operands));
  }

  /** The case for every element type, then the given one. */
  private void worksForEveryDType(Op op, TensorType... operands) {
    for (DType dtype : DType.values()) {
      works(
          op,
          Arrays.stream(operands).map(type -> type.withDType(dtype)).toArray(TensorType[]::new));
    }
  }

  private void fails(String label, Op op, TensorType... operands) {
    cases.add(OpCase.fails(label, op, operands));
  }

  private void broadcast() {
    worksForEveryDType(new Broadcast(Shape.of(3, 5), List.of(1)), VECTOR);
    works(new Broadcast(Shape.of(3, 5), List.of(0)), f32(3));
    works(new Broadcast(Shape.of(3, 5), List.of()), f32());
    works(new Broadcast(Shape.of(2, 3, 5, 4), List.of(1, 2)), MATRIX);
    works(new Broadcast(Shape.of(0, 5), List.of(1)), VECTOR);
    works(new Broadcast(Shape.of(3, 5), List.of(0, 1)), MATRIX);
    fails("C1", new Broadcast(Shape.of(3, 5), List.of(1)), VECTOR, VECTOR);
    fails("C2", new Broadcast(Shape.of(3, 5), List.of()), VECTOR);
    fails("C2", new Broadcast(Shape.of(3, 5), List.of(2)), VECTOR);
    fails("C2", new Broadcast(Shape.of(5, 3), List.of(1, 0)), MATRIX);
    fails("C3", new Broadcast(Shape.of(3, 5), List.of(0)), VECTOR);
  }

  private void reshapeAndTranspose() {
    worksForEveryDType(new Reshape(Shape.of(4, 6)), CUBE);
    works(new Reshape(Shape.of(1)), f32());
    works(new Reshape(Shape.SCALAR), f32(1, 1));
    works(new Reshape(Shape.of(0, 7)), f32(3, 0));
    fails("C1", new Reshape(Shape.of(4, 6)));
    fails("C2", new Reshape(Shape.of(5, 5)), CUBE);
    worksForEveryDType(new Transpose(List.of(2, 0, 1)), CUBE);
    works(new Transpose(List.of(1, 0)), MATRIX);
    works(new Transpose(List.of(1, 0)), f32(17, 33));
    works(new Transpose(List.of()), f32());
    works(new Transpose(List.of(1, 0)), f32(0, 3));
    fails("C1", new Transpose(List.of(1, 0)), MATRIX, MATRIX);
    fails("C2", new Transpose(List.of(0)), MATRIX);
    fails("C2", new Transpose(List.of(0, 0)), MATRIX);
    fails("C2", new Transpose(List.of(0, 2)), MATRIX);
  }

  private static List<Dim> dims(long... sizes) {
    return Arrays.stream(sizes).mapToObj(Dim::of).toList();
  }

  private void slice() {
    worksForEveryDType(new Slice(dims(1, 0), dims(3, 5), List.of(1L, 2L)), MATRIX);
    works(new Slice(dims(0, 1, 3), dims(2, 3, 4), List.of(1L, 1L, 1L)), CUBE);
    works(new Slice(dims(2), dims(2), List.of(1L)), VECTOR);
    works(new Slice(dims(0), dims(5), List.of(7L)), VECTOR);
    works(new Slice(dims(), dims(), List.of()), f32());
    fails("C1", new Slice(dims(0), dims(5), List.of(1L)));
    fails("C2", new Slice(dims(0), dims(5), List.of(1L)), MATRIX);
    fails("C2", new Slice(dims(0, 0), dims(3, 5), List.of(1L)), MATRIX);
    fails("C3", new Slice(dims(0), dims(5), List.of(0L)), VECTOR);
    fails("C4", new Slice(dims(-1), dims(5), List.of(1L)), VECTOR);
    fails("C4", new Slice(dims(3), dims(2), List.of(1L)), VECTOR);
    fails("C4", new Slice(dims(0), dims(6), List.of(1L)), VECTOR);
  }

  private void pad() {
    worksForEveryDType(new Pad(dims(1, 0), dims(2, 1), List.of(0L, 1L)), MATRIX, f32());
    works(new Pad(dims(-1), dims(-2), List.of(0L)), VECTOR, f32());
    works(new Pad(dims(-1), dims(3), List.of(2L)), VECTOR, f32());
    works(new Pad(dims(2), dims(2), List.of(0L)), f32(0), f32());
    works(new Pad(dims(), dims(), List.of()), f32(), f32());
    Pad one = new Pad(dims(1), dims(1), List.of(0L));
    fails("C1", one, VECTOR);
    fails("C2", one, VECTOR, f32(1));
    fails("C2", one, VECTOR, TensorType.of(DType.F64));
    fails("C3", one, MATRIX, f32());
    fails("C3", new Pad(dims(1), dims(1), List.of()), VECTOR, f32());
    fails("C4", new Pad(dims(1), dims(1), List.of(-1L)), VECTOR, f32());
    fails("C5", new Pad(dims(-3), dims(-3), List.of(0L)), VECTOR, f32());
  }

  private void concat() {
    worksForEveryDType(new Concat(1), MATRIX, f32(3, 2), f32(3, 0), f32(3, 1));
    works(new Concat(0), VECTOR);
    works(new Concat(0), VECTOR, VECTOR);
    works(new Concat(2), CUBE, f32(2, 3, 1));
    fails("C1", new Concat(0));
    fails("C2", new Concat(0), VECTOR, TensorType.of(DType.F64, 5));
    fails("C3", new Concat(1), VECTOR, VECTOR);
    fails("C3", new Concat(-1), VECTOR, VECTOR);
    fails("C3", new Concat(0), VECTOR, MATRIX);
    fails("C4", new Concat(0), MATRIX, f32(3, 4));
  }

  private void reduce() {
    for (Reduce.Kind kind : Reduce.Kind.values()) {
      boolean logical = kind == Reduce.Kind.ANY || kind == Reduce.Kind.ALL;
      for (DType dtype : DType.values()) {
        TensorType cube = CUBE.withDType(dtype);
        if (logical == (dtype == DType.BOOL)) {
          works(new Reduce(kind, List.of(1)), cube);
        } else {
          fails("C3", new Reduce(kind, List.of(1)), cube);
        }
      }
      DType dtype = logical ? DType.BOOL : DType.F32;
      for (List<Integer> axes :
          List.of(List.of(0), List.of(2), List.of(0, 2), List.of(0, 1, 2), List.<Integer>of())) {
        works(new Reduce(kind, axes), CUBE.withDType(dtype));
      }
      works(new Reduce(kind, List.of(0)), TensorType.of(dtype, 37));
      works(new Reduce(kind, List.of(1)), TensorType.of(dtype, 2, 0));
      fails("C1", new Reduce(kind, List.of(0)));
      fails("C2", new Reduce(kind, List.of(3)), CUBE.withDType(dtype));
      fails("C2", new Reduce(kind, List.of(1, 0)), CUBE.withDType(dtype));
      fails("C2", new Reduce(kind, List.of(1, 1)), CUBE.withDType(dtype));
    }
  }

  private void argReduce() {
    for (ArgReduce.Kind kind : ArgReduce.Kind.values()) {
      for (DType dtype : DType.values()) {
        if (dtype == DType.BOOL) {
          fails("C3", new ArgReduce(kind, 1), MATRIX.withDType(dtype));
        } else {
          works(new ArgReduce(kind, 1), MATRIX.withDType(dtype));
        }
      }
      works(new ArgReduce(kind, 0), MATRIX);
      works(new ArgReduce(kind, 1), CUBE);
      works(new ArgReduce(kind, 0), f32(0, 2));
      fails("C1", new ArgReduce(kind, 0), VECTOR, VECTOR);
      fails("C2", new ArgReduce(kind, 2), MATRIX);
    }
  }

  private void sources() {
    for (DType dtype : DType.values()) {
      TensorType type = TensorType.of(dtype, 2, 3);
      works(new Constant(HostTensor.filled(type, 1)));
      if (dtype == DType.BOOL) {
        fails("C3", new Iota(type, 0));
        fails("C2", new Size(Dim.of(7), dtype));
      } else {
        works(new Iota(type, 0));
        works(new Size(Dim.of(7), dtype));
      }
    }
    fails("C1", new Constant(HostTensor.scalar(1)), VECTOR);
    works(new Iota(f32(3, 5), 1));
    fails("C1", new Iota(f32(3, 5), 1), VECTOR);
    fails("C2", new Iota(f32(3, 5), 2));
    fails("C1", new Size(Dim.of(7), DType.F32), VECTOR);
    TensorType key = TensorType.of(DType.I64);
    works(new RandomBits(Shape.of(4, 5)), key, key);
    works(new RandomBits(Shape.SCALAR), key, key);
    fails("C1", new RandomBits(Shape.of(4)), key);
    fails("C2", new RandomBits(Shape.of(4)), key, TensorType.of(DType.I32));
    fails("C2", new RandomBits(Shape.of(4)), key, TensorType.of(DType.I64, 1));
  }

  private void meta() {
    worksForEveryDType(new StopGradient(), MATRIX);
    fails("C1", new StopGradient(), MATRIX, MATRIX);
    works(new Gradient(), f32(), MATRIX, VECTOR);
    works(new Gradient(), TensorType.of(DType.F64), MATRIX);
    fails("C1", new Gradient());
    fails("C2", new Gradient(), VECTOR, MATRIX);
    fails("C2", new Gradient(), TensorType.of(DType.I32), MATRIX);
    fails("C3", new Gradient(), f32(), TensorType.of(DType.I32, 2));
    works(new JacobianVectorProduct(1), MATRIX, VECTOR, VECTOR);
    works(new JacobianVectorProduct(2), f32(), MATRIX, VECTOR, MATRIX, VECTOR);
    fails("C1", new JacobianVectorProduct(2), f32(), MATRIX, VECTOR);
    fails("C2", new JacobianVectorProduct(1), TensorType.of(DType.I32), VECTOR, VECTOR);
    fails("C3", new JacobianVectorProduct(1), MATRIX, VECTOR, MATRIX);
    fails("C3", new JacobianVectorProduct(1), MATRIX, VECTOR, TensorType.of(DType.F64, 5));
  }
}
