package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.Subscript;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What stands in brackets behind an expression: elements of lists, parts of tensors. */
final class Indexing {
  private final Frame frame;
  private final Evaluator evaluator;

  Indexing(Frame frame) {
    this.frame = frame;
    this.evaluator = new Evaluator(frame);
  }

  Meaning index(Expression.Index expression, Meaning target) {
    if (target instanceof Meaning.Sequence sequence) {
      return ofList(expression, sequence);
    }
    if (target instanceof Meaning.Tensor tensor) {
      return ofTensor(expression, tensor);
    }
    throw frame.problem(
        "type-mismatch", target.kind() + " has no elements", expression.target().span());
  }

  private Meaning ofList(Expression.Index expression, Meaning.Sequence list) {
    int count = list.elements().size();
    if (expression.subscripts().size() != 1) {
      throw frame.problem("type-mismatch", "a list has one axis", expression.span());
    }
    return switch (expression.subscripts().getFirst()) {
      case Subscript.Position position -> {
        long at = evaluator.integer(position.value(), "an index");
        long positive = at < 0 ? at + count : at;
        if (positive < 0 || positive >= count) {
          throw frame.problem(
              "index-out-of-range",
              "there is no element " + at + " in a list of " + count,
              position.span());
        }
        yield list.elements().get((int) positive);
      }
      case Subscript.Range range -> {
        long start = bound(range.start(), count, 0);
        long end = bound(range.end(), count, count);
        if (start < 0 || end > count || start > end || range.step().isPresent()) {
          throw frame.problem(
              "index-out-of-range", "this is no range of a list of " + count, range.span());
        }
        yield new Meaning.Sequence(list.elements().subList((int) start, (int) end));
      }
      case Subscript.Ellipsis _ -> list;
    };
  }

  private long bound(Optional<Expression> bound, long count, long standard) {
    if (bound.isEmpty()) {
      return standard;
    }
    long value = evaluator.integer(bound.get(), "an index");
    return value < 0 ? value + count : value;
  }

  private Meaning ofTensor(Expression.Index expression, Meaning.Tensor tensor) {
    Value x = tensor.value();
    List<Subscript> subscripts = expression.subscripts();
    long ellipses = subscripts.stream().filter(s -> s instanceof Subscript.Ellipsis).count();
    int named = subscripts.size() - (int) ellipses;
    if (named > x.rank() || ellipses > 1) {
      throw mismatch(expression, tensor, subscripts.size() + " indices for " + x.type());
    }
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    List<Integer> dropped = new ArrayList<>();
    NavigableMap<Integer, TensorIndex> found = new TreeMap<>();
    int axis = 0;
    for (Subscript subscript : subscripts) {
      switch (subscript) {
        case Subscript.Ellipsis _ -> {
          for (int i = 0; i < x.rank() - named; i++) {
            whole(x, axis++, starts, limits, strides);
          }
        }
        case Subscript.Position position
            when evaluator.evaluate(position.value()) instanceof Meaning.Tensor index -> {
          found.put(axis, tensorIndex(position.value(), index));
          whole(x, axis++, starts, limits, strides);
        }
        case Subscript.Position position -> {
          Dim at = position(position.value(), x.dim(axis));
          checkInside(expression, tensor, at, x.dim(axis).minus(Dim.ONE), position.span());
          starts.add(at);
          limits.add(at.plus(1));
          strides.add(1L);
          dropped.add(axis++);
        }
        case Subscript.Range range -> {
          Dim size = x.dim(axis);
          Dim start = range.start().map(e -> position(e, size)).orElse(Dim.ZERO);
          Dim limit = range.end().map(e -> position(e, size)).orElse(size);
          checkInside(expression, tensor, start, limit, range.span());
          checkInside(expression, tensor, limit, size, range.span());
          starts.add(start);
          limits.add(limit);
          strides.add(range.step().map(e -> evaluator.integer(e, "a step")).orElse(1L));
          axis++;
        }
      }
    }
    while (axis < x.rank()) {
      whole(x, axis++, starts, limits, strides);
    }
    Slice slice = new Slice(starts, limits, strides);
    List<Tensors.Operand> operands = new ArrayList<>();
    operands.add(Tensors.Operand.of(expression.target(), "the operand", tensor));
    found.values().forEach(index -> operands.add(index.operand()));
    return new Tensors(frame)
        .make(
            "an index",
            expression.span(),
            operands,
            () -> {
              Value part = body().one(slice, x);
              Shape kept = part.shape().without(dropped);
              Value rest = dropped.isEmpty() ? part : body().reshape(part, kept);
              return found.isEmpty() ? rest : gather(expression, operands, rest, dropped, found);
            });
  }

  /** An integer tensor in brackets. */
  private record TensorIndex(Tensors.Operand operand) {
    Value value() {
      return operand.tensor().value();
    }
  }

  private TensorIndex tensorIndex(Expression expression, Meaning.Tensor index) {
    Tensors.Operand operand = Tensors.Operand.of(expression, "the index", index);
    DType dtype = index.value().dtype();
    if (dtype != DType.I32 && dtype != DType.I64) {
      throw new Tensors(frame)
          .mismatch(
              "dtype-mismatch",
              "a tensor of indices is i32 or i64, not " + index.value().type(),
              expression.span(),
              List.of(operand),
              Optional.of("cast(indices, i32) makes them so"));
    }
    return new TensorIndex(operand);
  }

  /**
   * What tensors of indices, brought to one shape, point to: their axes stand where the first of
   * them stood.
   */
  private Value gather(
      Expression.Index expression,
      List<Tensors.Operand> operands,
      Value x,
      List<Integer> dropped,
      NavigableMap<Integer, TensorIndex> found) {
    List<Integer> axes =
        found.keySet().stream()
            .map(axis -> axis - (int) dropped.stream().filter(d -> d < axis).count())
            .toList();
    Shape places = Shape.SCALAR;
    for (TensorIndex index : found.values()) {
      Optional<Shape> common = Shape.broadcast(places, index.value().shape());
      if (common.isEmpty()
          || index.value().dtype() != found.firstEntry().getValue().value().dtype()) {
        throw new Tensors(frame)
            .mismatch(
                common.isEmpty() ? "shape-mismatch" : "dtype-mismatch",
                "tensors of indices do not go together",
                expression.span(),
                operands,
                Optional.of("they have one dtype and shapes that broadcast"));
      }
      places = common.get();
    }
    List<Dim> tuple = new ArrayList<>(places.dims());
    tuple.add(Dim.ONE);
    BodyBuilder b = body();
    List<Value> columns = new ArrayList<>();
    for (TensorIndex index : found.values()) {
      columns.add(b.reshape(b.broadcastTo(index.value(), places), new Shape(tuple)));
    }
    Value indices = columns.size() == 1 ? columns.getFirst() : b.concat(columns, places.rank());
    Value gathered = b.one(new Gather(0, axes), x, indices);
    int before = axes.getFirst();
    return IndexingPrimitives.transposed(
        b,
        gathered,
        IndexingPrimitives.tuplesBehind(before, places.rank(), x.rank() - axes.size() - before));
  }

  private BodyBuilder body() {
    return frame.run().trace().body();
  }

  private static void whole(
      Value x, int axis, List<Dim> starts, List<Dim> limits, List<Long> strides) {
    starts.add(Dim.ZERO);
    limits.add(x.dim(axis));
    strides.add(1L);
  }

  /** A position along an axis of the given size; negative ones count from its end. */
  private Dim position(Expression expression, Dim size) {
    Meaning value = evaluator.evaluate(expression);
    if (value instanceof Meaning.Size at) {
      boolean negative = at.dim().isConstant() && at.dim().asLong() < 0;
      return negative ? size.plus(at.dim()) : at.dim();
    }
    if (value instanceof Meaning.Tensor) {
      throw frame.problem(
          "type-mismatch",
          "the bounds of a range are ints, not tensors",
          expression.span(),
          Optional.of("dynamic_slice(x, starts, sizes) is a part that starts where a tensor says"));
    }
    throw frame.problem(
        "type-mismatch", "an index is an int, not " + value.kind(), expression.span());
  }

  private void checkInside(
      Expression.Index expression, Meaning.Tensor tensor, Dim at, Dim limit, Span span) {
    Optional<Long> room = limit.minus(at).constant();
    boolean negative = at.isConstant() && at.asLong() < 0;
    if (negative || (room.isPresent() && room.get() < 0)) {
      throw new Tensors(frame)
          .mismatch(
              "index-out-of-range",
              "this lies outside of " + tensor.value().type(),
              span,
              List.of(Tensors.Operand.of(expression.target(), "the operand", tensor)),
              Optional.empty());
    }
  }

  private Problem mismatch(Expression.Index expression, Meaning.Tensor tensor, String message) {
    return new Tensors(frame)
        .mismatch(
            "shape-mismatch",
            message,
            expression.span(),
            List.of(Tensors.Operand.of(expression.target(), "the operand", tensor)),
            Optional.empty());
  }
}
