package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.ScalarFunction;
import dev.dlm.reference.Indexing;
import dev.dlm.reference.ScalarReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A tensor with updates where indices point: {@code x}, {@code [batch.., dims..]}, with each
 * element of {@code updates}, {@code [batch.., I.., remaining axes of x]}, combined into the
 * element that {@link Gather} with the same {@code indices} reads for it, in row-major order of the
 * updates. Updates whose index is outside of its axis are left out. {@code SET} keeps the last of
 * several updates of one element.
 *
 * <p>(C1) three operands; (C2) indices are {@code i32} or {@code i64}; (C3) {@code axes} is not
 * empty, increasing, and names axes of {@code x} behind the batch axes; (C4) {@code indices} has
 * the batch axes and a last axis with one index for each of {@code axes}; (C5) batch sizes are
 * equal; (C6) {@code updates} has the type that {@link Gather} gives; (C7) {@code ADD}, {@code MAX}
 * and {@code MIN} take numbers.
 *
 * <p>Gradients. {@code ADD}: of {@code x}, {@code u}; of the updates, {@code u} where they went.
 * {@code SET}: of {@code x}, {@code u} with zeros where an update went; of the updates, {@code u}
 * for those that stayed, zero for the others. {@code MAX} and {@code MIN}: {@code u} shared equally
 * among the element of {@code x} and the updates that attain the result.
 */
public record Scatter(Kind kind, int batch, List<Integer> axes) implements Op {
  /** How an update combines with the element that is there. */
  public enum Kind {
    SET,
    ADD,
    MAX,
    MIN;

    /** The function of the old element and the update; empty where the update takes its place. */
    public Optional<ScalarFunction> combiner() {
      return switch (this) {
        case SET -> Optional.empty();
        case ADD -> Optional.of(ScalarFunction.ADD);
        case MAX -> Optional.of(ScalarFunction.MAXIMUM);
        case MIN -> Optional.of(ScalarFunction.MINIMUM);
      };
    }
  }

  public Scatter {
    axes = List.copyOf(axes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(3);
    TensorType x = context.in(0);
    TensorType updates = context.in(2);
    Shape wanted = new IndexedAxes(batch, axes).checkedShape(context);
    context.checkDType(
        "C6", updates.dtype() == x.dtype(), "operand types differ: " + x + " and " + updates);
    context.checkEqual(
        "C6", updates.shape(), wanted, "updates do not have the shape of the places");
    context.checkDType(
        "C7", kind == Kind.SET || x.dtype() != DType.BOOL, kind + " does not take " + x);
    return List.of(x);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return kind.combiner().isPresent() ? operands.get(2).shape().count() : Dim.ZERO;
  }

  @Override
  public Optional<Dim> elementsChanged(List<TensorType> operands) {
    return Optional.of(operands.get(2).shape().count());
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    Value indices = context.in(1);
    Value updates = context.in(2);
    context.zero(1);
    switch (kind) {
      case ADD -> {
        context.gradient(0, context::upstream);
        context.gradient(2, () -> whereInRange(context, gather(b, context.upstream(), indices)));
      }
      case SET -> {
        context.gradient(0, () -> b.one(this, context.upstream(), indices, b.like(updates, 0)));
        context.gradient(
            2,
            () ->
                b.select(
                    stays(context), gather(b, context.upstream(), indices), b.like(updates, 0)));
      }
      case MAX, MIN -> {
        context.gradient(0, () -> b.mul(attains(context), share(context)));
        context.gradient(
            2, () -> b.mul(updatesAttain(context), gather(b, share(context), indices)));
      }
    }
  }

  private Value gather(BodyBuilder b, Value x, Value indices) {
    return b.one(new Gather(batch, axes), x, indices);
  }

  private Value whereInRange(GradientContext context, Value gathered) {
    BodyBuilder b = context.builder();
    Value inRange =
        new IndexedAxes(batch, axes).inRange(b, context.in(0), context.in(1), gathered.shape());
    return b.select(inRange, gathered, b.like(gathered, 0));
  }

  /**
   * Whether each update is the last one of its element: numbers the index tuples of a batch, lets
   * them overwrite each other as the updates do, and looks which number is found again.
   */
  private Value stays(GradientContext context) {
    BodyBuilder b = context.builder();
    Value x = context.in(0);
    Value indices = context.in(1);
    Value updates = context.in(2);
    List<Dim> tuples = indices.shape().dims().subList(0, indices.rank() - 1);
    Shape within = new Shape(tuples.subList(batch, tuples.size()));
    Value numbers = b.reshape(b.iota(TensorType.of(DType.I64, within.count()), 0), within);
    Value numbersOfAll =
        b.broadcast(
            numbers, new Shape(tuples), IntStream.range(batch, tuples.size()).boxed().toList());
    List<Dim> places = new ArrayList<>(x.shape().dims().subList(0, batch));
    axes.forEach(axis -> places.add(x.dim(axis)));
    List<Integer> placeAxes = IntStream.range(batch, places.size()).boxed().toList();
    Value none = b.filled(new TensorType(DType.I64, new Shape(places)), -1);
    Value last = b.one(new Scatter(Kind.SET, batch, placeAxes), none, indices, numbersOfAll);
    Value found = b.one(new Gather(batch, placeAxes), last, indices);
    return b.broadcast(
        b.equal(found, numbersOfAll),
        updates.shape(),
        IntStream.range(0, tuples.size()).boxed().toList());
  }

  private Value attains(GradientContext context) {
    BodyBuilder b = context.builder();
    return b.cast(b.equal(context.in(0), context.out(0)), context.in(0).dtype());
  }

  private Value updatesAttain(GradientContext context) {
    BodyBuilder b = context.builder();
    Value reached = gather(b, context.out(0), context.in(1));
    Value attain = b.cast(b.equal(context.in(2), reached), context.in(2).dtype());
    return whereInRange(context, attain);
  }

  /** The gradient of each element over the number of elements and updates that attain it. */
  private Value share(GradientContext context) {
    BodyBuilder b = context.builder();
    Value count =
        b.one(
            new Scatter(Kind.ADD, batch, axes),
            attains(context),
            context.in(1),
            updatesAttain(context));
    return b.div(context.upstream(), count);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    HostTensor updates = context.in(2);
    if (x.dtype().isFloat()) {
      double[] elements = IntStream.range(0, x.count()).mapToDouble(x::doubleAt).toArray();
      for (int i = 0; i < updates.count(); i++) {
        int to = target(context, i);
        if (to >= 0) {
          double update = updates.doubleAt(i);
          double old = elements[to];
          elements[to] =
              kind.combiner()
                  .map(combiner -> ScalarReference.ofDoubles(combiner, old, update))
                  .orElse(update);
        }
      }
      return List.of(HostTensor.ofDoubles(context.result(0), i -> elements[i]));
    }
    long[] elements = IntStream.range(0, x.count()).mapToLong(x::longAt).toArray();
    for (int i = 0; i < updates.count(); i++) {
      int to = target(context, i);
      if (to >= 0) {
        long update = updates.longAt(i);
        long old = elements[to];
        elements[to] =
            kind.combiner()
                .map(combiner -> ScalarReference.ofLongs(combiner, old, update, x.dtype()))
                .orElse(update);
      }
    }
    return List.of(HostTensor.ofLongs(context.result(0), i -> elements[i]));
  }

  /** The position of the element that an update goes to, or −1. */
  private int target(EvalContext context, int update) {
    long[] sizes = context.in(0).sizes();
    long[] at = Indexing.coordinates(context.in(2).sizes(), update);
    long[] to = new IndexedAxes(batch, axes).coordinates(sizes.length, context.in(1), at);
    return Indexing.inside(sizes, to) ? Indexing.position(sizes, to) : -1;
  }
}
