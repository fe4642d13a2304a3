package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.Subscript;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    int axis = 0;
    for (Subscript subscript : subscripts) {
      switch (subscript) {
        case Subscript.Ellipsis _ -> {
          for (int i = 0; i < x.rank() - named; i++) {
            whole(x, axis++, starts, limits, strides);
          }
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
    return new Tensors(frame)
        .make(
            "an index",
            expression.span(),
            List.of(Tensors.Operand.of(expression.target(), "the operand", tensor)),
            () -> {
              Value part = body().one(slice, x);
              Shape kept = part.shape().without(dropped);
              return dropped.isEmpty() ? part : body().reshape(part, kept);
            });
  }

  private dev.dlm.ir.BodyBuilder body() {
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
          "not-supported", "indexing with a tensor is not supported yet", expression.span());
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
