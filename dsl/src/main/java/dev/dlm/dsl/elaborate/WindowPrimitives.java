package dev.dlm.dsl.elaborate;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.WindowGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Convolutions and windows, over the axes behind batch and channels. */
final class WindowPrimitives {
  private record Padding(List<Long> low, List<Long> high) {}

  private WindowPrimitives() {}

  static void define() {
    Primitives.define(
        "convolution",
        "x, kernel, stride?, padding?, dilation?, groups?",
        WindowPrimitives::convolution);
    Primitives.define(
        "convolution_transpose",
        "x, kernel, stride?, padding?, output_padding?, dilation?, groups?",
        WindowPrimitives::convolutionTranspose);
    Primitives.define(
        "window_max", "x, size, stride?, padding?", call -> window(call, Reduce.Kind.MAX));
    Primitives.define(
        "window_min", "x, size, stride?, padding?", call -> window(call, Reduce.Kind.MIN));
    Primitives.define(
        "window_sum", "x, size, stride?, padding?", call -> window(call, Reduce.Kind.SUM));
  }

  private static Meaning convolution(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value kernel = call.tensor("kernel", Optional.of(x.dtype()));
    int axes = spatialAxes(call, x);
    List<Long> sizes = kernelSizes(call, x, kernel);
    List<Long> dilations = call.perAxis("dilation", axes, 1);
    Padding padding = padding(call, sizes, dilations);
    long groups = call.has("groups") ? call.integer("groups") : 1;
    ConvolutionWindow window =
        new ConvolutionWindow(
            call.perAxis("stride", axes, 1), padding.low, padding.high, dilations, groups);
    return call.make(() -> call.body().one(new Convolution(window), x, kernel));
  }

  /**
   * The input of a convolution whose output has the size of {@code x}, summed over the channels of
   * {@code x}: the kernel is {@code [C, O / groups, …]}. The result has size {@code (n - 1) *
   * stride - padding + dilation * (k - 1) + 1 + output padding}; with {@code "same"}, {@code n *
   * stride}.
   */
  private static Meaning convolutionTranspose(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value kernel = call.tensor("kernel", Optional.of(x.dtype()));
    int axes = spatialAxes(call, x);
    List<Long> sizes = kernelSizes(call, x, kernel);
    List<Long> strides = call.perAxis("stride", axes, 1);
    List<Long> dilations = call.perAxis("dilation", axes, 1);
    Padding padding = padding(call, sizes, dilations);
    boolean same = call.has("padding") && call.meaning("padding").equals(new Meaning.Text("same"));
    List<Long> outputPadding = call.perAxis("output_padding", axes, 0);
    List<Dim> outputSizes = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      long stride = strides.get(axis);
      long extra = same ? stride - 1 : outputPadding.get(axis);
      if (extra < 0 || extra >= stride) {
        throw call.problem(
            "shape-mismatch",
            "output_padding " + extra + " is not from 0 to below the stride, " + stride);
      }
      long covered = dilations.get(axis) * (sizes.get(axis) - 1) + 1;
      long cut = padding.low.get(axis) + padding.high.get(axis);
      outputSizes.add(x.dim(axis + 2).minus(Dim.ONE).times(stride).plus(covered - cut + extra));
    }
    long groups = call.has("groups") ? call.integer("groups") : 1;
    ConvolutionWindow window =
        new ConvolutionWindow(strides, padding.low, padding.high, dilations, groups);
    return call.make(
        () -> call.body().one(new ConvolutionInputGradient(window, outputSizes), x, kernel));
  }

  private static List<Long> kernelSizes(PrimitiveCall call, Value x, Value kernel) {
    int axes = x.rank() - 2;
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < axes && kernel.rank() == x.rank(); axis++) {
      sizes.add(
          kernel
              .dim(axis + 2)
              .constant()
              .orElseThrow(() ->
                  call.problem(
                      "shape-mismatch", "the kernel " + kernel.type() + " is not of known size")));
    }
    if (sizes.size() != axes) {
      throw call.problem(
          "shape-mismatch",
          "the kernel has rank " + kernel.rank() + ", the operand rank " + x.rank());
    }
    return sizes;
  }

  private static Meaning window(PrimitiveCall call, Reduce.Kind kind) {
    Value x = call.tensor("x");
    int axes = spatialAxes(call, x);
    List<Long> sizes = call.perAxis("size", axes, 1);
    List<Long> strides = call.perAxis("stride", axes, 1);
    Padding padding = padding(call, sizes, java.util.Collections.nCopies(axes, 1L));
    WindowGeometry geometry =
        new WindowGeometry(
            behind(1, sizes), behind(1, strides), behind(0, padding.low), behind(0, padding.high));
    return call.make(() -> call.body().one(new ReduceWindow(kind, geometry), x));
  }

  private static int spatialAxes(PrimitiveCall call, Value x) {
    if (x.rank() < 3) {
      throw call.problem(
          "shape-mismatch",
          "takes a tensor with axes for batch, channels and at least one more, not " + x.type());
    }
    return x.rank() - 2;
  }

  /** {@code value} for batch and channels, then the given ones. */
  private static List<Long> behind(long value, List<Long> spatial) {
    List<Long> all = new ArrayList<>(List.of(value, value));
    all.addAll(spatial);
    return all;
  }

  /**
   * {@code "valid"}: none. {@code "same"}: so much that the output has size {@code ceil(n /
   * stride)}, the odd element after the last. A number or a list: as much before as after.
   */
  private static Padding padding(PrimitiveCall call, List<Long> sizes, List<Long> dilations) {
    boolean named = call.has("padding") && call.meaning("padding") instanceof Meaning.Text;
    String text = named && call.meaning("padding") instanceof Meaning.Text(String t) ? t : "valid";
    if (call.has("padding") && !named) {
      List<Long> both = call.perAxis("padding", sizes.size(), 0);
      return new Padding(both, both);
    }
    if (!text.equals("same") && !text.equals("valid")) {
      throw call.frame()
          .problem(
              "type-mismatch",
              "padding is \"same\", \"valid\" or a number, not \"" + text + "\"",
              call.spanOf("padding"),
              LikelyName.help(text, List.of("same", "valid")));
    }
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    for (int axis = 0; axis < sizes.size(); axis++) {
      long total = text.equals("same") ? (sizes.get(axis) - 1) * dilations.get(axis) : 0;
      low.add(total / 2);
      high.add(total - total / 2);
    }
    return new Padding(low, high);
  }
}
