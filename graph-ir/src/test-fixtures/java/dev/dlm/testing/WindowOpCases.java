package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.nn.WindowGeometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Contractions, convolutions and windows. */
final class WindowOpCases {
  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new WindowOpCases().collect();
  }

  private List<OpCase> collect() {
    dot();
    convolution();
    inputGradient();
    kernelGradient();
    reduceWindow();
    selectAndScatter();
    selectAndGather();
    return cases;
  }

  private static TensorType f32(long... sizes) {
    return TensorType.of(DType.F32, sizes);
  }

  private static TensorType f64(long... sizes) {
    return TensorType.of(DType.F64, sizes);
  }

  private void works(Op op, TensorType... operands) {
    cases.add(OpCase.works(op, operands));
  }

  private void fails(String label, Op op, TensorType... operands) {
    cases.add(OpCase.fails(label, op, operands));
  }

  private static List<Long> longs(long... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private void dot() {
    Dot matrices = Dot.ofMatrices();
    for (DType dtype : DType.values()) {
      TensorType left = TensorType.of(dtype, 2, 3);
      TensorType right = TensorType.of(dtype, 3, 4);
      if (dtype == DType.BOOL) {
        fails("C2", matrices, left, right);
      } else {
        works(matrices, left, right);
      }
    }
    works(matrices, f32(17, 33), f32(33, 19));
    works(matrices, f32(1, 5), f32(5, 1));
    works(matrices, f32(2, 0), f32(0, 3));
    works(new Dot(List.of(), List.of(), List.of(0), List.of(0)), f32(3, 2), f32(3, 4));
    works(new Dot(List.of(), List.of(), List.of(1), List.of(1)), f32(2, 3), f32(4, 3));
    works(new Dot(List.of(), List.of(), List.of(0), List.of(0)), f32(7), f32(7));
    works(new Dot(List.of(), List.of(), List.of(), List.of()), f32(2), f32(3));
    works(new Dot(List.of(0), List.of(0), List.of(2), List.of(1)), f32(2, 3, 4), f32(2, 4, 5));
    works(new Dot(List.of(1), List.of(2), List.of(0), List.of(0)), f32(3, 2, 4), f32(3, 5, 2));
    works(new Dot(List.of(), List.of(), List.of(1, 2), List.of(1, 0)), f32(2, 3, 4), f32(4, 3, 5));
    fails("C1", matrices, f32(2, 3));
    fails("C2", matrices, f32(2, 3), f64(3, 4));
    Dot beyond = new Dot(List.of(), List.of(), List.of(2), List.of(0));
    fails("C3", beyond, f32(2, 3), f32(3, 4));
    Dot twice = new Dot(List.of(1), List.of(1), List.of(1), List.of(0));
    fails("C3", twice, f32(2, 3), f32(3, 4));
    Dot uneven = new Dot(List.of(), List.of(), List.of(0, 1), List.of(0));
    fails("C3", uneven, f32(2, 3), f32(3, 4));
    Dot unevenBatch = new Dot(List.of(0), List.of(), List.of(1), List.of(0));
    fails("C3", unevenBatch, f32(2, 3), f32(3, 4));
    Dot batched = new Dot(List.of(0), List.of(0), List.of(2), List.of(1));
    fails("C4", batched, f32(2, 3, 4), f32(3, 4, 5));
    fails("C5", matrices, f32(2, 3), f32(4, 4));
  }

  private static final ConvolutionWindow PLAIN = ConvolutionWindow.plain(2);
  private static final ConvolutionWindow SAME = ConvolutionWindow.padded(longs(1, 1), longs(1, 1));
  private static final ConvolutionWindow STRIDED =
      new ConvolutionWindow(longs(2, 1), longs(1, 0), longs(0, 2), longs(1, 2), 1);
  private static final ConvolutionWindow GROUPED =
      new ConvolutionWindow(longs(1, 1), longs(0, 1), longs(1, 0), longs(1, 1), 2);
  private static final ConvolutionWindow SHORT =
      new ConvolutionWindow(longs(1), longs(0, 0), longs(0, 0), longs(1, 1), 1);
  private static final ConvolutionWindow STANDING =
      new ConvolutionWindow(longs(0, 1), longs(0, 0), longs(0, 0), longs(1, 1), 1);

  private void convolution() {
    for (DType dtype : DType.values()) {
      TensorType x = TensorType.of(dtype, 2, 3, 5, 6);
      TensorType w = TensorType.of(dtype, 4, 3, 3, 2);
      if (dtype.isFloat()) {
        works(new Convolution(PLAIN), x, w);
      } else {
        fails("C2", new Convolution(PLAIN), x, w);
      }
    }
    works(new Convolution(SAME), f32(1, 2, 4, 4), f32(3, 2, 3, 3));
    works(new Convolution(STRIDED), f32(2, 2, 5, 7), f32(3, 2, 3, 2));
    works(new Convolution(GROUPED), f32(2, 4, 4, 3), f32(6, 2, 2, 2));
    works(new Convolution(ConvolutionWindow.plain(1)), f32(2, 3, 7), f32(4, 3, 3));
    works(new Convolution(ConvolutionWindow.plain(3)), f32(1, 2, 3, 3, 3), f32(2, 2, 2, 2, 2));
    works(new Convolution(PLAIN), f32(0, 3, 5, 6), f32(4, 3, 3, 2));
    Convolution plain = new Convolution(PLAIN);
    fails("C1", plain, f32(2, 3, 5, 6));
    fails("C2", plain, f32(2, 3, 5, 6), f64(4, 3, 3, 2));
    fails("C2", plain, f32(2, 3, 5, 6), f32(4, 3, 3));
    fails("C2", plain, f32(2, 3), f32(4, 3));
    fails("C3", new Convolution(ConvolutionWindow.plain(1)), f32(2, 3, 5, 6), f32(4, 3, 3, 2));
    fails("C3", new Convolution(SHORT), f32(2, 3, 5, 6), f32(4, 3, 3, 2));
    fails("C3", new Convolution(STANDING), f32(2, 3, 5, 6), f32(4, 3, 3, 2));
    fails("C4", plain, f32(2, 3, 5, 6), f32(4, 2, 3, 2));
    fails("C5", new Convolution(GROUPED), f32(2, 4, 4, 3), f32(5, 2, 2, 2));
    fails("C6", plain, f32(2, 3, 5, 6), f32(4, 3, 7, 2));
  }

  private static List<Dim> dims(long... sizes) {
    return Arrays.stream(sizes).mapToObj(Dim::of).toList();
  }

  private void inputGradient() {
    for (DType dtype : DType.values()) {
      TensorType u = TensorType.of(dtype, 2, 4, 3, 5);
      TensorType w = TensorType.of(dtype, 4, 3, 3, 2);
      Op op = new ConvolutionInputGradient(PLAIN, dims(5, 6));
      if (dtype.isFloat()) {
        works(op, u, w);
      } else {
        fails("C2", op, u, w);
      }
    }
    works(new ConvolutionInputGradient(SAME, dims(4, 4)), f32(1, 3, 4, 4), f32(3, 2, 3, 3));
    works(new ConvolutionInputGradient(STRIDED, dims(5, 7)), f32(2, 3, 2, 7), f32(3, 2, 3, 2));
    works(new ConvolutionInputGradient(GROUPED, dims(4, 3)), f32(2, 6, 4, 3), f32(6, 2, 2, 2));
    ConvolutionInputGradient op = new ConvolutionInputGradient(PLAIN, dims(5, 6));
    TensorType u = f32(2, 4, 3, 5);
    TensorType w = f32(4, 3, 3, 2);
    fails("C1", op, u);
    fails("C2", op, u, f64(4, 3, 3, 2));
    fails("C2", op, u, f32(4, 3, 3));
    fails("C3", new ConvolutionInputGradient(PLAIN, dims(5)), u, w);
    fails("C3", new ConvolutionInputGradient(STANDING, dims(5, 6)), u, w);
    fails("C4", op, f32(2, 5, 3, 5), w);
    fails("C4", op, f32(2, 4, 2, 5), w);
    fails(
        "C5", new ConvolutionInputGradient(GROUPED, dims(4, 3)), f32(2, 5, 4, 3), f32(5, 2, 2, 2));
  }

  private void kernelGradient() {
    for (DType dtype : DType.values()) {
      TensorType x = TensorType.of(dtype, 2, 3, 5, 6);
      TensorType u = TensorType.of(dtype, 2, 4, 3, 5);
      Op op = new ConvolutionKernelGradient(PLAIN, dims(3, 2));
      if (dtype.isFloat()) {
        works(op, x, u);
      } else {
        fails("C2", op, x, u);
      }
    }
    works(new ConvolutionKernelGradient(SAME, dims(3, 3)), f32(1, 2, 4, 4), f32(1, 3, 4, 4));
    works(new ConvolutionKernelGradient(STRIDED, dims(3, 2)), f32(2, 2, 5, 7), f32(2, 3, 2, 7));
    works(new ConvolutionKernelGradient(GROUPED, dims(2, 2)), f32(2, 4, 4, 3), f32(2, 6, 4, 3));
    ConvolutionKernelGradient op = new ConvolutionKernelGradient(PLAIN, dims(3, 2));
    TensorType x = f32(2, 3, 5, 6);
    TensorType u = f32(2, 4, 3, 5);
    fails("C1", op, x);
    fails("C2", op, x, f64(2, 4, 3, 5));
    fails("C2", op, x, f32(2, 4, 3));
    fails("C3", new ConvolutionKernelGradient(PLAIN, dims(3)), x, u);
    fails("C3", new ConvolutionKernelGradient(STANDING, dims(3, 2)), x, u);
    fails("C4", op, x, f32(3, 4, 3, 5));
    fails("C4", op, x, f32(2, 4, 4, 5));
    ConvolutionKernelGradient grouped = new ConvolutionKernelGradient(GROUPED, dims(2, 2));
    fails("C5", grouped, f32(2, 3, 4, 3), f32(2, 6, 4, 3));
    fails("C5", grouped, f32(2, 4, 4, 3), f32(2, 5, 4, 3));
  }

  private static final WindowGeometry POOL =
      new WindowGeometry(
          longs(1, 1, 2, 2), longs(1, 1, 2, 2), longs(0, 0, 0, 0), longs(0, 0, 0, 0));
  private static final WindowGeometry OVERLAPPING =
      new WindowGeometry(
          longs(1, 1, 3, 3), longs(1, 1, 2, 1), longs(0, 0, 1, 0), longs(0, 0, 1, 2));
  private static final WindowGeometry THREE =
      new WindowGeometry(longs(3), longs(1), longs(0), longs(0));
  private static final WindowGeometry UNEVEN =
      new WindowGeometry(longs(3), longs(1, 1), longs(0), longs(0));
  private static final WindowGeometry NO_STEP =
      new WindowGeometry(longs(3), longs(0), longs(0), longs(0));
  private static final WindowGeometry WIDE_PADDING =
      new WindowGeometry(longs(3), longs(1), longs(3), longs(0));

  private void reduceWindow() {
    for (Reduce.Kind kind : List.of(Reduce.Kind.SUM, Reduce.Kind.MAX, Reduce.Kind.MIN)) {
      for (DType dtype : DType.values()) {
        TensorType x = TensorType.of(dtype, 2, 2, 5, 6);
        if (dtype.isFloat()) {
          works(new ReduceWindow(kind, POOL), x);
        } else {
          fails("C1", new ReduceWindow(kind, POOL), x);
        }
      }
      works(new ReduceWindow(kind, OVERLAPPING), f32(2, 1, 5, 4));
      works(new ReduceWindow(kind, THREE), f32(33));
      fails("C1", new ReduceWindow(kind, THREE), f32(33), f32(33));
      fails("C2", new ReduceWindow(kind, THREE), f32(5, 5));
      fails("C2", new ReduceWindow(kind, UNEVEN), f32(5));
      fails("C3", new ReduceWindow(kind, NO_STEP), f32(5));
      fails("C3", new ReduceWindow(kind, WIDE_PADDING), f32(5));
      fails("C4", new ReduceWindow(kind, THREE), f32(2));
    }
    fails("C5", new ReduceWindow(Reduce.Kind.ANY, THREE), f32(5));
    fails("C5", new ReduceWindow(Reduce.Kind.PRODUCT, THREE), f32(5));
  }

  private void selectAndScatter() {
    for (Reduce.Kind kind : List.of(Reduce.Kind.MAX, Reduce.Kind.MIN)) {
      for (DType dtype : DType.values()) {
        TensorType x = TensorType.of(dtype, 2, 2, 5, 6);
        TensorType u = TensorType.of(dtype, 2, 2, 2, 3);
        if (dtype.isFloat()) {
          works(new SelectAndScatter(kind, POOL), x, u);
        } else {
          fails("C1", new SelectAndScatter(kind, POOL), x, u);
        }
      }
      works(new SelectAndScatter(kind, OVERLAPPING), f32(2, 1, 5, 4), f32(2, 1, 3, 4));
      fails("C1", new SelectAndScatter(kind, THREE), f32(5));
      fails("C1", new SelectAndScatter(kind, THREE), f32(5), f64(3));
      fails("C2", new SelectAndScatter(kind, THREE), f32(5, 5), f32(3));
      fails("C3", new SelectAndScatter(kind, NO_STEP), f32(5), f32(3));
      fails("C4", new SelectAndScatter(kind, THREE), f32(2), f32(0));
      fails("C6", new SelectAndScatter(kind, THREE), f32(5), f32(4));
      fails("C6", new SelectAndScatter(kind, THREE), f32(5), f32(3, 1));
    }
    fails("C5", new SelectAndScatter(Reduce.Kind.SUM, THREE), f32(5), f32(3));
  }

  private void selectAndGather() {
    for (Reduce.Kind kind : List.of(Reduce.Kind.MAX, Reduce.Kind.MIN)) {
      for (DType dtype : DType.values()) {
        TensorType x = TensorType.of(dtype, 2, 2, 5, 6);
        if (dtype.isFloat()) {
          works(new SelectAndGather(kind, POOL), x, x);
        } else {
          fails("C1", new SelectAndGather(kind, POOL), x, x);
        }
      }
      works(new SelectAndGather(kind, OVERLAPPING), f32(2, 1, 5, 4), f32(2, 1, 5, 4));
      fails("C1", new SelectAndGather(kind, THREE), f32(5));
      fails("C1", new SelectAndGather(kind, THREE), f32(5), f64(5));
      fails("C2", new SelectAndGather(kind, THREE), f32(5, 5), f32(5, 5));
      fails("C3", new SelectAndGather(kind, NO_STEP), f32(5), f32(5));
      fails("C4", new SelectAndGather(kind, THREE), f32(2), f32(2));
      fails("C6", new SelectAndGather(kind, THREE), f32(5), f32(4));
    }
    fails("C5", new SelectAndGather(Reduce.Kind.SUM, THREE), f32(5), f32(5));
  }
}
