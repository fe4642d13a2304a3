package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.plan.Access;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Contractions and windows as loop kernels: right for every element type and rank, and slow. What
 * has a kernel of its own does not come here.
 */
final class ContractionLowering {
  private ContractionLowering() {}

  static List<LoopKernel> dot(Dot op, List<TensorType> types) {
    TensorType left = types.get(0);
    TensorType right = types.get(1);
    TensorType result = types.get(2);
    List<Dim> depth = op.leftContracting().stream().map(left::dim).toList();
    LoopBuilder loop = new LoopBuilder(result.shape().dims(), depth);
    int batch = op.leftBatch().size();
    int leftFree = op.leftFree(left.rank()).size();
    long[] leftStrides = loop.noStrides();
    long[] rightStrides = loop.noStrides();
    place(leftStrides, 0, op.leftBatch(), left);
    place(leftStrides, batch, op.leftFree(left.rank()), left);
    place(leftStrides, result.rank(), op.leftContracting(), left);
    place(rightStrides, 0, op.rightBatch(), right);
    place(rightStrides, batch + leftFree, op.rightFree(right.rank()), right);
    place(rightStrides, result.rank(), op.rightContracting(), right);
    int a = loop.load(0, left.dtype(), 0, leftStrides);
    int b = loop.load(1, right.dtype(), 0, rightStrides);
    long[] strides = Arrays.copyOf(LoopBuilder.strides(result.shape()), loop.rank());
    return sumOfProducts(loop, a, b, result.dtype(), strides);
  }

  private static void place(long[] strides, int at, List<Integer> axes, TensorType type) {
    long[] all = LoopBuilder.strides(type.shape());
    for (int i = 0; i < axes.size(); i++) {
      strides[at + i] = all[axes.get(i)];
    }
  }

  private static List<LoopKernel> sumOfProducts(
      LoopBuilder loop, int a, int b, DType dtype, long[] resultStrides) {
    loop.fold(Reduce.Kind.SUM, loop.apply(ScalarFunction.MULTIPLY, dtype, a, b));
    loop.endSweep();
    loop.store(loop.add(new Instruction.Folded(0, dtype)), 2, 0, resultStrides);
    return List.of(loop.build());
  }

  /** Rows: batch, group, channel of the group, output positions; columns: channels, kernel. */
  static List<LoopKernel> convolution(ConvolutionWindow window, List<TensorType> types) {
    TensorType x = types.get(0);
    TensorType w = types.get(1);
    TensorType y = types.get(2);
    int spatial = window.spatialRank();
    long groups = window.groups();
    List<Dim> rows = grouped(y, groups);
    List<Dim> columns = w.shape().dims().subList(1, w.rank());
    LoopBuilder loop = new LoopBuilder(rows, columns);
    long[] xs = LoopBuilder.strides(x.shape());
    long[] ws = LoopBuilder.strides(w.shape());
    long[] ys = LoopBuilder.strides(y.shape());
    long channels = w.dim(1).asLong();
    long outputs = y.dim(1).asLong() / groups;
    int position = 3;
    int channel = position + spatial;
    long[] xStrides = loop.noStrides();
    long[] wStrides = loop.noStrides();
    long[] yStrides = loop.noStrides();
    xStrides[0] = xs[0];
    xStrides[1] = channels * xs[1];
    xStrides[channel] = xs[1];
    wStrides[1] = outputs * ws[0];
    wStrides[2] = ws[0];
    wStrides[channel] = ws[1];
    yStrides[0] = ys[0];
    yStrides[1] = outputs * ys[1];
    yStrides[2] = ys[1];
    Taps taps = new Taps(loop, window);
    for (int axis = 0; axis < spatial; axis++) {
      taps.add(axis, position + axis, channel + 1 + axis, xs[2 + axis], x.dim(2 + axis), xStrides);
      wStrides[channel + 1 + axis] = ws[2 + axis];
      yStrides[position + axis] = ys[2 + axis];
    }
    int a = taps.load(0, x.dtype(), xStrides);
    int b = loop.load(1, w.dtype(), 0, wStrides);
    return sumOfProducts(loop, a, b, y.dtype(), yStrides);
  }

  /** Rows: group, output of the group, channel, kernel; columns: batch, output positions. */
  static List<LoopKernel> kernelGradient(ConvolutionWindow window, List<TensorType> types) {
    TensorType x = types.get(0);
    TensorType u = types.get(1);
    TensorType w = types.get(2);
    int spatial = window.spatialRank();
    long groups = window.groups();
    long outputs = w.dim(0).asLong() / groups;
    long channels = w.dim(1).asLong();
    List<Dim> rows = new ArrayList<>(List.of(Dim.of(groups), Dim.of(outputs)));
    rows.addAll(w.shape().dims().subList(1, w.rank()));
    List<Dim> columns = new ArrayList<>(List.of(u.dim(0)));
    columns.addAll(u.shape().dims().subList(2, u.rank()));
    LoopBuilder loop = new LoopBuilder(rows, columns);
    long[] xs = LoopBuilder.strides(x.shape());
    long[] us = LoopBuilder.strides(u.shape());
    long[] ws = LoopBuilder.strides(w.shape());
    int kernel = 3;
    int batch = kernel + spatial;
    long[] xStrides = loop.noStrides();
    long[] uStrides = loop.noStrides();
    long[] wStrides = loop.noStrides();
    xStrides[0] = channels * xs[1];
    xStrides[2] = xs[1];
    xStrides[batch] = xs[0];
    uStrides[0] = outputs * us[1];
    uStrides[1] = us[1];
    uStrides[batch] = us[0];
    wStrides[0] = outputs * ws[0];
    wStrides[1] = ws[0];
    wStrides[2] = ws[1];
    Taps taps = new Taps(loop, window);
    for (int axis = 0; axis < spatial; axis++) {
      taps.add(axis, batch + 1 + axis, kernel + axis, xs[2 + axis], x.dim(2 + axis), xStrides);
      uStrides[batch + 1 + axis] = us[2 + axis];
      wStrides[kernel + axis] = ws[2 + axis];
    }
    int a = taps.load(0, x.dtype(), xStrides);
    int b = loop.load(1, u.dtype(), 0, uStrides);
    return sumOfProducts(loop, a, b, w.dtype(), wStrides);
  }

  /**
   * The sizes of the upstream gradient when its elements are moved apart by the strides, so that
   * input positions meet them at whole distances.
   */
  static TensorType spread(ConvolutionWindow window, TensorType u) {
    List<Dim> dims = new ArrayList<>(u.shape().dims().subList(0, 2));
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      long size = u.dim(2 + axis).asLong();
      dims.add(Dim.of(Math.max(0, (size - 1) * window.strides().get(axis) + 1)));
    }
    return u.withShape(new Shape(dims));
  }

  /** Fills operand 1 with zeros and copies operand 0 to the places that {@link #spread} gives. */
  static List<LoopKernel> spreading(ConvolutionWindow window, TensorType u, TensorType spread) {
    LoopBuilder fill = LoopBuilder.over(spread.shape());
    long[] strides = LoopBuilder.strides(spread.shape());
    fill.store(fill.literal(u.dtype(), 0), 1, 0, strides);
    LoopBuilder copy = LoopBuilder.over(u.shape());
    long[] to = strides.clone();
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      to[2 + axis] *= window.strides().get(axis);
    }
    copy.store(copy.load(0, u.dtype(), 0, LoopBuilder.strides(u.shape())), 1, 0, to);
    return List.of(fill.build(), copy.build());
  }

  /**
   * Over the spread gradient. Rows: batch, group, channel, input positions; columns: outputs of the
   * group, kernel.
   */
  static List<LoopKernel> inputGradient(ConvolutionWindow window, List<TensorType> types) {
    TensorType u = types.get(0);
    TensorType w = types.get(1);
    TensorType x = types.get(2);
    int spatial = window.spatialRank();
    long groups = window.groups();
    long outputs = w.dim(0).asLong() / groups;
    List<Dim> columns = new ArrayList<>(List.of(Dim.of(outputs)));
    columns.addAll(w.shape().dims().subList(2, w.rank()));
    LoopBuilder loop = new LoopBuilder(grouped(x, groups), columns);
    long[] us = LoopBuilder.strides(u.shape());
    long[] ws = LoopBuilder.strides(w.shape());
    long[] xs = LoopBuilder.strides(x.shape());
    int position = 3;
    int output = position + spatial;
    long[] uStrides = loop.noStrides();
    long[] wStrides = loop.noStrides();
    long[] xStrides = loop.noStrides();
    uStrides[0] = us[0];
    uStrides[1] = outputs * us[1];
    uStrides[output] = us[1];
    wStrides[1] = outputs * ws[0];
    wStrides[2] = ws[1];
    wStrides[output] = ws[0];
    xStrides[0] = xs[0];
    xStrides[1] = w.dim(1).asLong() * xs[1];
    xStrides[2] = xs[1];
    long offset = 0;
    List<Access.Bound> bounds = new ArrayList<>();
    for (int axis = 0; axis < spatial; axis++) {
      long[] coefficients = loop.noStrides();
      coefficients[position + axis] = 1;
      coefficients[output + 1 + axis] = -window.dilations().get(axis);
      long low = window.padLow().get(axis);
      bounds.add(LoopBuilder.bound(low, coefficients, u.dim(2 + axis).asLong()));
      offset += low * us[2 + axis];
      uStrides[position + axis] = us[2 + axis];
      uStrides[output + 1 + axis] = -window.dilations().get(axis) * us[2 + axis];
      wStrides[output + 1 + axis] = ws[2 + axis];
      xStrides[position + axis] = xs[2 + axis];
    }
    HostTensor zero = HostTensor.scalar(u.dtype(), 0);
    int a = loop.load(0, u.dtype(), offset, uStrides, bounds, zero);
    int b = loop.load(1, w.dtype(), 0, wStrides);
    return sumOfProducts(loop, a, b, x.dtype(), xStrides);
  }

  /** Batch, group, channel of the group, positions. */
  private static List<Dim> grouped(TensorType type, long groups) {
    List<Dim> rows =
        new ArrayList<>(
            List.of(type.dim(0), Dim.of(groups), Dim.of(type.dim(1).asLong() / groups)));
    rows.addAll(type.shape().dims().subList(2, type.rank()));
    return rows;
  }

  /** The elements of the input that meet elements of the kernel. */
  private static final class Taps {
    private final LoopBuilder loop;
    private final ConvolutionWindow window;
    private final List<Access.Bound> bounds = new ArrayList<>();
    private long offset;

    Taps(LoopBuilder loop, ConvolutionWindow window) {
      this.loop = loop;
      this.window = window;
    }

    void add(int axis, int position, int kernel, long stride, Dim size, long[] strides) {
      long step = window.strides().get(axis);
      long dilation = window.dilations().get(axis);
      long low = window.padLow().get(axis);
      long[] coefficients = loop.noStrides();
      coefficients[position] = step;
      coefficients[kernel] = dilation;
      bounds.add(LoopBuilder.bound(-low, coefficients, size.asLong()));
      strides[position] = step * stride;
      strides[kernel] = dilation * stride;
      offset -= low * stride;
    }

    int load(int operand, DType dtype, long[] strides) {
      return loop.load(operand, dtype, offset, strides, bounds, HostTensor.scalar(dtype, 0));
    }
  }

  /** Rows: windows; columns: the elements that a window shows. */
  static List<LoopKernel> reduceWindow(ReduceWindow op, List<TensorType> types) {
    TensorType x = types.get(0);
    TensorType y = types.get(1);
    int rank = x.rank();
    LoopBuilder loop =
        new LoopBuilder(y.shape().dims(), op.window().sizes().stream().map(Dim::of).toList());
    long[] xs = LoopBuilder.strides(x.shape());
    long[] strides = loop.noStrides();
    long offset = 0;
    List<Access.Bound> bounds = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      long[] coefficients = loop.noStrides();
      coefficients[axis] = op.window().strides().get(axis);
      coefficients[rank + axis] = 1;
      long low = op.window().padLow().get(axis);
      bounds.add(LoopBuilder.bound(-low, coefficients, x.dim(axis).asLong()));
      strides[axis] = coefficients[axis] * xs[axis];
      strides[rank + axis] = xs[axis];
      offset -= low * xs[axis];
    }
    HostTensor identity = HostTensor.scalar(x.dtype(), op.kind().identity());
    loop.fold(op.kind(), loop.load(0, x.dtype(), offset, strides, bounds, identity));
    loop.endSweep();
    int folded = loop.add(new Instruction.Folded(0, y.dtype()));
    loop.store(folded, 1, 0, Arrays.copyOf(LoopBuilder.strides(y.shape()), loop.rank()));
    return List.of(loop.build());
  }
}
