package dev.dlm.op.nn;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.InferContext;
import java.util.Collections;
import java.util.List;

/**
 * How a convolution's kernel moves over its input, one entry a spatial axis.
 *
 * @param strides steps between applications, at least 1
 * @param padLow zeros before the first element; negative cuts off
 * @param padHigh zeros after the last element
 * @param dilations steps between elements of the kernel, at least 1
 * @param groups the number of independent parts into which channels are cut
 */
public record ConvolutionWindow(
    List<Long> strides, List<Long> padLow, List<Long> padHigh, List<Long> dilations, long groups) {
  public ConvolutionWindow {
    strides = List.copyOf(strides);
    padLow = List.copyOf(padLow);
    padHigh = List.copyOf(padHigh);
    dilations = List.copyOf(dilations);
  }

  /** Stride and dilation 1, no padding, one group. */
  public static ConvolutionWindow plain(int spatialRank) {
    return padded(Collections.nCopies(spatialRank, 0L), Collections.nCopies(spatialRank, 0L));
  }

  /** Stride and dilation 1, one group. */
  public static ConvolutionWindow padded(List<Long> low, List<Long> high) {
    List<Long> ones = Collections.nCopies(low.size(), 1L);
    return new ConvolutionWindow(ones, low, high, ones, 1);
  }

  public int spatialRank() {
    return strides.size();
  }

  /**
   * The output size along a spatial axis: {@code floor((n + low + high - dilation * (k - 1) - 1) /
   * stride) + 1}.
   */
  Dim outputSize(int axis, Dim input, Dim kernel) {
    Dim covered = kernel.minus(Dim.ONE).times(dilations.get(axis)).plus(1);
    Dim room = input.plus(padLow.get(axis) + padHigh.get(axis)).minus(covered);
    return room.floorDividedBy(strides.get(axis)).plus(1);
  }

  /**
   * The operations of a convolution and of its gradients: a product and a sum for each element of
   * the convolution's result and each element of the kernel that meets it, in the padding too.
   *
   * @param result {@code [N, O, spatial'…]}
   * @param kernel {@code [O, C/groups, kernel…]}
   */
  static Dim operations(TensorType result, TensorType kernel) {
    return result.shape().count().times(kernel.shape().without(List.of(0)).count()).times(2);
  }

  /**
   * The input coordinate that kernel element {@code k} meets at output element {@code out}; may lie
   * in the padding.
   */
  long inputAt(int axis, long out, long k) {
    return out * strides.get(axis) - padLow.get(axis) + k * dilations.get(axis);
  }

  /**
   * Checks constraint C3 of the convolutions: one entry a spatial axis, positive strides, dilations
   * and groups.
   */
  void check(InferContext context, int spatialRank) {
    boolean sized =
        strides.size() == spatialRank
            && padLow.size() == spatialRank
            && padHigh.size() == spatialRank
            && dilations.size() == spatialRank;
    context.check(
        "C3", sized, "the window has not one entry for each of " + spatialRank + " spatial axes");
    boolean positive =
        strides.stream().allMatch(s -> s >= 1)
            && dilations.stream().allMatch(d -> d >= 1)
            && groups >= 1;
    context.check("C3", positive, "strides, dilations and groups are at least 1");
  }
}
