package dev.dlm.op.nn;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Indexing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * General dot product: {@code y[batch, i, j] = Σ_k a[batch, i, k] * b[batch, k, j]} for any choice
 * of batch and contracting axes of either operand (StableHLO {@code dot_general}). The result has
 * the batch axes, then the free axes of the left operand, then those of the right one, each in
 * operand order.
 *
 * <p>(C1) two operands; (C2) of one numeric element type; (C3) axes are axes of their operand, each
 * named once, as many left as right; (C4) sizes along batch axes are equal; (C5) sizes along
 * contracting axes are equal. Gradients are dot products of {@code u} with the other operand,
 * transposed to the operand's order of axes. Devices accumulate in the element type, or in {@code
 * f32} for narrower types, in an order fixed by the shape; the reference accumulates in {@code
 * double}.
 */
public record Dot(
    List<Integer> leftBatch,
    List<Integer> rightBatch,
    List<Integer> leftContracting,
    List<Integer> rightContracting)
    implements Op {
  public Dot {
    leftBatch = List.copyOf(leftBatch);
    rightBatch = List.copyOf(rightBatch);
    leftContracting = List.copyOf(leftContracting);
    rightContracting = List.copyOf(rightContracting);
  }

  /** The product of two matrices. */
  public static Dot ofMatrices() {
    return new Dot(List.of(), List.of(), List.of(1), List.of(0));
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType left = context.in(0);
    TensorType right = context.in(1);
    context.checkSameDType("C2", 0);
    context.checkDType(
        "C2", left.dtype().isFloat() || left.dtype().isInteger(), "takes numbers, not " + left);
    checkAxes(context, left, leftBatch, leftContracting);
    checkAxes(context, right, rightBatch, rightContracting);
    context.check("C3", leftBatch.size() == rightBatch.size(), "batch axes differ in number");
    context.check(
        "C3",
        leftContracting.size() == rightContracting.size(),
        "contracting axes differ in number");
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < leftBatch.size(); i++) {
      Dim dim = left.dim(leftBatch.get(i));
      context.checkEqual("C4", dim, right.dim(rightBatch.get(i)), "batch dimensions differ");
      dims.add(dim);
    }
    for (int i = 0; i < leftContracting.size(); i++) {
      Dim dim = left.dim(leftContracting.get(i));
      context.checkEqual("C5", dim, right.dim(rightContracting.get(i)), "inner dimensions differ");
    }
    leftFree(left.rank()).forEach(axis -> dims.add(left.dim(axis)));
    rightFree(right.rank()).forEach(axis -> dims.add(right.dim(axis)));
    return List.of(left.withShape(new Shape(dims)));
  }

  private static void checkAxes(
      InferContext context, TensorType operand, List<Integer> batch, List<Integer> contracting) {
    List<Integer> all = new ArrayList<>(batch);
    all.addAll(contracting);
    all.forEach(axis -> context.checkAxis("C3", axis, operand.rank()));
    context.check(
        "C3", all.stream().distinct().count() == all.size(), "an axis is named twice in " + all);
  }

  /** The axes of the left operand that are neither batch nor contracting. */
  public List<Integer> leftFree(int rank) {
    return axesBeside(leftBatch, leftContracting, rank);
  }

  /** The axes of the right operand that are neither batch nor contracting. */
  public List<Integer> rightFree(int rank) {
    return axesBeside(rightBatch, rightContracting, rank);
  }

  /** By a loop: a service pays for the classes of a stream before its first answer. */
  private static List<Integer> axesBeside(
      List<Integer> batch, List<Integer> contracting, int rank) {
    List<Integer> free = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (!batch.contains(axis) && !contracting.contains(axis)) {
        free.add(axis);
      }
    }
    return Collections.unmodifiableList(free);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    Dim depth = Dim.ONE;
    for (int axis : leftContracting) {
      depth = depth.times(operands.get(0).dim(axis));
    }
    return results.get(0).shape().count().times(depth).times(2);
  }

  @Override
  public void differentiate(GradientContext context) {
    int batch = leftBatch.size();
    int leftRank = context.in(0).rank();
    int rightRank = context.in(1).rank();
    List<Integer> batchAxes = range(0, batch);
    List<Integer> leftFree = leftFree(leftRank);
    List<Integer> rightFree = rightFree(rightRank);
    context.gradient(
        0,
        () -> {
          Dot dot =
              new Dot(
                  batchAxes,
                  rightBatch,
                  range(batch + leftFree.size(), batch + leftFree.size() + rightFree.size()),
                  rightFree);
          Value product = context.builder().one(dot, context.upstream(), context.in(1));
          // The free axes of the product on the right side are the contracting axes in the right
          // operand's order.
          List<Integer> order = new ArrayList<>(leftBatch);
          order.addAll(leftFree);
          IntStream.range(0, rightRank)
              .filter(rightContracting::contains)
              .forEach(axis -> order.add(leftContracting.get(rightContracting.indexOf(axis))));
          return reordered(context.builder(), product, order);
        });
    context.gradient(
        1,
        () -> {
          Dot dot = new Dot(leftBatch, batchAxes, leftFree, range(batch, batch + leftFree.size()));
          Value product = context.builder().one(dot, context.in(0), context.upstream());
          List<Integer> order = new ArrayList<>(rightBatch);
          IntStream.range(0, leftRank)
              .filter(leftContracting::contains)
              .forEach(axis -> order.add(rightContracting.get(leftContracting.indexOf(axis))));
          order.addAll(rightFree);
          return reordered(context.builder(), product, order);
        });
  }

  /** Transposes so that axis {@code i} of the value becomes axis {@code order[i]}. */
  private static Value reordered(BodyBuilder b, Value value, List<Integer> order) {
    List<Integer> permutation = range(0, order.size()).stream().map(order::indexOf).toList();
    return permutation.equals(range(0, order.size())) ? value : b.transpose(value, permutation);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor left = context.in(0);
    HostTensor right = context.in(1);
    TensorType result = context.result(0);
    long[] sizes = result.shape().asLongs();
    long[] inner = leftContracting.stream().mapToLong(axis -> left.sizes()[axis]).toArray();
    int depth = Indexing.count(inner);
    List<Integer> leftFree = leftFree(left.sizes().length);
    List<Integer> rightFree = rightFree(right.sizes().length);
    Places places =
        (at, k, operand) -> {
          boolean isLeft = operand == left;
          long[] coordinates = new long[operand.sizes().length];
          long[] innerAt = Indexing.coordinates(inner, k);
          place(coordinates, isLeft ? leftBatch : rightBatch, at, 0);
          place(
              coordinates,
              isLeft ? leftFree : rightFree,
              at,
              leftBatch.size() + (isLeft ? 0 : leftFree.size()));
          place(coordinates, isLeft ? leftContracting : rightContracting, innerAt, 0);
          return Indexing.position(operand.sizes(), coordinates);
        };
    if (result.dtype().isFloat()) {
      return List.of(
          HostTensor.ofDoubles(
              result,
              i -> {
                long[] at = Indexing.coordinates(sizes, i);
                double sum = 0;
                for (int k = 0; k < depth; k++) {
                  sum +=
                      left.doubleAt(places.of(at, k, left))
                          * right.doubleAt(places.of(at, k, right));
                }
                return sum;
              }));
    }
    return List.of(
        HostTensor.ofLongs(
            result,
            i -> {
              long[] at = Indexing.coordinates(sizes, i);
              long sum = 0;
              for (int k = 0; k < depth; k++) {
                sum += left.longAt(places.of(at, k, left)) * right.longAt(places.of(at, k, right));
              }
              return sum;
            }));
  }

  private interface Places {
    int of(long[] at, int k, HostTensor operand);
  }

  private static void place(long[] coordinates, List<Integer> axes, long[] from, int offset) {
    for (int i = 0; i < axes.size(); i++) {
      coordinates[axes.get(i)] = from[offset + i];
    }
  }
}
