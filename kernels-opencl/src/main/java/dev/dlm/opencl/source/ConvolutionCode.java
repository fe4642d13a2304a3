package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.opencl.source.Contraction.Coordinate;
import dev.dlm.opencl.source.Contraction.Linear;
import dev.dlm.opencl.source.Contraction.Operand;
import dev.dlm.opencl.source.Contraction.Part;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution and its two gradients as {@link Contraction}s over the input {@code [N, C,
 * spatial…]}, the kernel {@code [O, C/groups, kernel…]} and the output {@code [N, O, spatial'…]},
 * without copying patches of the input anywhere.
 */
final class ConvolutionCode {
  private final ConvolutionWindow window;
  private final TensorType input;
  private final TensorType kernel;
  private final TensorType output;
  private final int resultOperand;

  private ConvolutionCode(
      ConvolutionWindow window, TensorType input, TensorType kernel, TensorType output, Step step) {
    this.window = window;
    this.input = input;
    this.kernel = kernel;
    this.output = output;
    this.resultOperand = step.reads().size();
  }

  /** Rows are output channels, columns the places of all outputs. */
  static Contraction forward(ConvolutionWindow window, Step step) {
    TensorType x = step.operand(0).type();
    TensorType w = step.operand(1).type();
    return new ConvolutionCode(window, x, w, step.writes().get(0).type(), step).forward();
  }

  /** Rows are input channels, columns the places of all inputs. */
  static Contraction inputGradient(ConvolutionWindow window, Step step) {
    TensorType upstream = step.operand(0).type();
    TensorType w = step.operand(1).type();
    return new ConvolutionCode(window, step.writes().get(0).type(), w, upstream, step)
        .inputGradient();
  }

  /** Rows are output channels, columns the elements of a channel's kernel. */
  static Contraction kernelGradient(ConvolutionWindow window, Step step) {
    TensorType x = step.operand(0).type();
    TensorType upstream = step.operand(1).type();
    return new ConvolutionCode(window, x, step.writes().get(0).type(), upstream, step)
        .kernelGradient();
  }

  private Contraction forward() {
    List<Dim> taps = new ArrayList<>(List.of(kernel.dim(1)));
    taps.addAll(spatial(kernel));
    List<List<Dim>> axes = List.of(groups(), List.of(outputsPerGroup()), places(output), taps);
    Linear w = channels(axes, kernel, 0, outputsPerGroup(), Part.ROW);
    w = along(w, Part.DEPTH, kernel, 1);
    Linear x = channels(axes, input, 1, kernel.dim(1), Part.DEPTH);
    x = Contraction.set(x, Part.COLUMN, 0, stride(input, 0));
    Linear y = channels(axes, output, 1, outputsPerGroup(), Part.ROW);
    y = alongPlaces(y, output);
    return contraction(
        axes,
        new Operand(1, w, List.of()),
        withInputPlaces(new Operand(0, x, List.of()), axes, Part.COLUMN, Part.DEPTH),
        y);
  }

  private Contraction inputGradient() {
    List<Dim> taps = new ArrayList<>(List.of(outputsPerGroup()));
    taps.addAll(spatial(kernel));
    List<List<Dim>> axes = List.of(groups(), List.of(kernel.dim(1)), places(input), taps);
    Linear w = channels(axes, kernel, 0, outputsPerGroup(), Part.DEPTH);
    w = Contraction.set(w, Part.ROW, 0, stride(kernel, 1));
    Linear u = channels(axes, output, 1, outputsPerGroup(), Part.DEPTH);
    u = Contraction.set(u, Part.COLUMN, 0, stride(output, 0));
    Operand upstream = new Operand(0, u, List.of());
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      w = Contraction.set(w, Part.DEPTH, axis + 1, stride(kernel, axis + 2));
      Linear place =
          new Linear(Dim.of(window.padLow().get(axis)), Contraction.zeros(axes).coefficients());
      place = Contraction.set(place, Part.COLUMN, axis + 1, Dim.ONE);
      place = Contraction.set(place, Part.DEPTH, axis + 1, Dim.of(-window.dilations().get(axis)));
      upstream =
          upstream.with(
              new Coordinate(
                  place,
                  window.strides().get(axis),
                  output.dim(axis + 2),
                  stride(output, axis + 2)));
    }
    Linear dx = channels(axes, input, 1, kernel.dim(1), Part.ROW);
    dx = alongPlaces(dx, input);
    return contraction(axes, new Operand(1, w, List.of()), upstream, dx);
  }

  private Contraction kernelGradient() {
    List<Dim> taps = new ArrayList<>(List.of(kernel.dim(1)));
    taps.addAll(spatial(kernel));
    List<List<Dim>> axes = List.of(groups(), List.of(outputsPerGroup()), taps, places(output));
    Linear u = channels(axes, output, 1, outputsPerGroup(), Part.ROW);
    u = Contraction.set(u, Part.DEPTH, 0, stride(output, 0));
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      u = Contraction.set(u, Part.DEPTH, axis + 1, stride(output, axis + 2));
    }
    Linear x = channels(axes, input, 1, kernel.dim(1), Part.COLUMN);
    x = Contraction.set(x, Part.DEPTH, 0, stride(input, 0));
    Linear dw = channels(axes, kernel, 0, outputsPerGroup(), Part.ROW);
    dw = along(dw, Part.COLUMN, kernel, 1);
    return contraction(
        axes,
        new Operand(1, u, List.of()),
        withInputPlaces(new Operand(0, x, List.of()), axes, Part.DEPTH, Part.COLUMN),
        dw);
  }

  private Contraction contraction(
      List<List<Dim>> axes, Operand left, Operand right, Linear result) {
    return new Contraction(input.dtype(), axes, left, right, result, resultOperand).merged();
  }

  /**
   * The operand with the coordinates of the input: {@code place · stride - padLow + tap · dilation}
   * along each spatial axis.
   */
  private Operand withInputPlaces(Operand x, List<List<Dim>> axes, Part places, Part taps) {
    Operand placed = x;
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      Linear place =
          new Linear(Dim.of(-window.padLow().get(axis)), Contraction.zeros(axes).coefficients());
      place = Contraction.set(place, places, axis + 1, Dim.of(window.strides().get(axis)));
      place = Contraction.set(place, taps, axis + 1, Dim.of(window.dilations().get(axis)));
      Dim stride = stride(input, axis + 2);
      boolean staysInside = window.padLow().get(axis) <= 0 && window.padHigh().get(axis) <= 0;
      placed =
          staysInside
              ? new Operand(
                  placed.number(), placed.position().plus(place, stride), placed.coordinates())
              : placed.with(new Coordinate(place, 1, input.dim(axis + 2), stride));
    }
    return placed;
  }

  /**
   * A form that walks the channels of a tensor's axis: the group in steps of {@code perGroup}, and
   * the first axis of a part within the group.
   */
  private static Linear channels(
      List<List<Dim>> axes, TensorType type, int axis, Dim perGroup, Part within) {
    Linear form = Contraction.set(Contraction.zeros(axes), within, 0, stride(type, axis));
    return axes.get(Part.GROUP.ordinal()).isEmpty()
        ? form
        : Contraction.set(form, Part.GROUP, 0, stride(type, axis).times(perGroup));
  }

  /** Walks the tensor's axes from {@code first} on by the axes of a part. */
  private static Linear along(Linear form, Part part, TensorType type, int first) {
    Linear walked = form;
    for (int axis = first; axis < type.rank(); axis++) {
      walked = Contraction.set(walked, part, axis - first, stride(type, axis));
    }
    return walked;
  }

  /** Walks batch and spatial axes by the columns. */
  private static Linear alongPlaces(Linear form, TensorType type) {
    Linear walked = Contraction.set(form, Part.COLUMN, 0, stride(type, 0));
    for (int axis = 2; axis < type.rank(); axis++) {
      walked = Contraction.set(walked, Part.COLUMN, axis - 1, stride(type, axis));
    }
    return walked;
  }

  private List<Dim> groups() {
    return window.groups() == 1 ? List.of() : List.of(Dim.of(window.groups()));
  }

  private Dim outputsPerGroup() {
    return kernel.dim(0).floorDividedBy(window.groups());
  }

  private static List<Dim> places(TensorType type) {
    List<Dim> places = new ArrayList<>(List.of(type.dim(0)));
    places.addAll(spatial(type));
    return places;
  }

  private static List<Dim> spatial(TensorType type) {
    return type.shape().dims().subList(2, type.rank());
  }

  private static Dim stride(TensorType type, int axis) {
    return type.shape().strides().get(axis);
  }
}
