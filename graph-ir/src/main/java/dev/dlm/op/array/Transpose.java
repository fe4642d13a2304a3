package dev.dlm.op.array;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Elements;
import dev.dlm.reference.Indexing;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exchange of axes: axis {@code i} of the result is axis {@code permutation[i]} of the operand.
 *
 * <p>(C1) one operand; (C2) {@code permutation} holds each of its axes once. Gradient: {@code u}
 * transposed by the inverse.
 */
public record Transpose(List<Integer> permutation) implements Op {
  public Transpose {
    permutation = List.copyOf(permutation);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    List<Integer> sorted = permutation.stream().sorted().toList();
    List<Integer> axes = IntStream.range(0, operand.rank()).boxed().toList();
    context.check(
        "C2", sorted.equals(axes), permutation + " is no permutation of the axes of " + operand);
    return List.of(operand.withShape(new Shape(permutation.stream().map(operand::dim).toList())));
  }

  /** The permutation that undoes this one. */
  public List<Integer> inverse() {
    return IntStream.range(0, permutation.size()).map(permutation::indexOf).boxed().toList();
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(0, () -> context.builder().transpose(context.upstream(), inverse()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    long[] sizes = context.result(0).shape().asLongs();
    return List.of(
        Elements.gather(
            x,
            context.result(0),
            i -> {
              long[] at = Indexing.coordinates(sizes, i);
              long[] from = new long[at.length];
              for (int axis = 0; axis < at.length; axis++) {
                from[permutation.get(axis)] = at[axis];
              }
              return Indexing.position(x.sizes(), from);
            }));
  }
}
