package dev.dlm.testing;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Adds random loops and choices to a random graph; their results lie within ±1. */
final class RandomLoops {
  private static final TensorType COUNT = TensorType.of(DType.I32);

  private final BodyBuilder b;
  private final Random random;

  RandomLoops(BodyBuilder b, Random random) {
    this.b = b;
    this.random = random;
  }

  /**
   * A loop or choice over {@code x}.
   *
   * @param y captured where its shape suits
   * @param input a tensor without rounding errors, for conditions
   */
  Value add(Value x, Value y, Value input) {
    return switch (random.nextInt(4)) {
      case 0 -> x.rank() > 0 ? overSlices(x) : repeated(x, y);
      case 1 -> repeated(x, y);
      case 2 -> choice(x, y, input);
      default -> counted(x, y);
    };
  }

  private Activations activations() {
    return random.nextBoolean() ? Activations.SAVED : Activations.RECOMPUTED;
  }

  /** {@code c = tanh(c + k x[t]), y[t] = sin(c (x[t] + kept))}, with a carry that stays. */
  private Value overSlices(Value x) {
    TensorType slice = x.type().withShape(new Shape(x.shape().dims().subList(1, x.rank())));
    BodyBuilder body = new BodyBuilder();
    Value carry = body.parameter(slice);
    Value kept = body.parameter(slice);
    Value part = body.parameter(slice);
    Value factor = body.parameter(TensorType.of(x.dtype()));
    Value next = body.tanh(body.add(carry, body.mul(part, body.sin(factor))));
    Value element = body.sin(body.mul(next, body.add(part, kept)));
    Body built = body.build(List.of(next, kept, element, part));
    Scan scan = new Scan(built, 2, 1, x.dim(0), random.nextBoolean(), activations());
    Value start = b.filled(slice, 0.25);
    Value constant = b.scalar(x.dtype(), 0.5);
    List<Value> results = b.apply(scan, List.of(start, b.filled(slice, 0.5), x, constant));
    return switch (random.nextInt(3)) {
      case 0 -> results.get(2);
      case 1 -> results.get(0);
      default -> b.mul(results.get(2), b.tanh(results.get(3)));
    };
  }

  /** {@code x = tanh(x ± y)}, a few times or none. */
  private Value repeated(Value x, Value y) {
    BodyBuilder body = new BodyBuilder();
    Value carry = body.parameter(x.type());
    List<Value> operands = new ArrayList<>(List.of(b.tanh(x)));
    Value sum = body.mul(carry, 0.75);
    if (y.type().equals(x.type())) {
      operands.add(y);
      Value captured = body.parameter(y.type());
      sum = body.sub(sum, body.cos(captured));
    }
    Body built = body.build(List.of(body.tanh(sum)));
    Scan scan =
        new Scan(built, 1, 0, Dim.of(random.nextInt(4)), random.nextBoolean(), activations());
    return b.apply(scan, operands).get(0);
  }

  private Value choice(Value x, Value y, Value input) {
    Value largest = b.reduce(Reduce.Kind.MAX, input, BodyBuilder.allAxes(input));
    Value high = b.less(b.scalar(input.dtype(), 0.8), largest);
    BodyBuilder whenTrue = new BodyBuilder();
    Value first = whenTrue.parameter(x.type());
    whenTrue.parameter(y.type());
    BodyBuilder whenFalse = new BodyBuilder();
    Value second = whenFalse.parameter(x.type());
    Value other = whenFalse.parameter(y.type());
    Value result =
        y.type().equals(x.type())
            ? whenFalse.sin(whenFalse.add(second, other))
            : whenFalse.cos(second);
    Cond cond =
        new Cond(whenTrue.build(List.of(whenTrue.tanh(first))), whenFalse.build(List.of(result)));
    return b.one(cond, high, x, y);
  }

  /** {@code while n < end: x = sin(x + 1), n = n + 1}, with a limit. */
  private Value counted(Value x, Value y) {
    int end = random.nextInt(4);
    BodyBuilder condition = new BodyBuilder();
    Value n = condition.parameter(COUNT);
    condition.parameter(x.type());
    condition.parameter(y.type());
    Body below = condition.build(List.of(condition.less(n, condition.scalar(DType.I32, end))));
    BodyBuilder body = new BodyBuilder();
    Value count = body.parameter(COUNT);
    Value value = body.parameter(x.type());
    Value captured = body.parameter(y.type());
    Value moved =
        y.type().equals(x.type())
            ? body.add(value, body.tanh(captured))
            : body.add(value, body.sum(body.tanh(captured)));
    Body step = body.build(List.of(body.add(count, 1), body.sin(moved)));
    While loop = new While(below, step, 2, 1 + random.nextInt(3));
    return b.apply(loop, List.of(b.scalar(DType.I32, 0), b.tanh(x), y)).get(1);
  }
}
