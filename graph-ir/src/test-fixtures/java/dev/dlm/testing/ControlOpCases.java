package dev.dlm.testing;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** The ops that hold bodies. */
final class ControlOpCases {
  private static final TensorType SCALAR = f64();
  private static final TensorType PAIR = f64(2);
  private static final TensorType SQUARE = f64(2, 2);
  private static final TensorType TRUTH = TensorType.of(DType.BOOL);
  private static final TensorType COUNT = TensorType.of(DType.I32);

  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new ControlOpCases().collect();
  }

  private List<OpCase> collect() {
    scan();
    loops();
    cond();
    return cases;
  }

  private static TensorType f64(long... sizes) {
    return TensorType.of(DType.F64, sizes);
  }

  private void works(Op op, TensorType... operands) {
    cases.add(OpCase.works(op, operands));
  }

  private void fails(String label, Op op, TensorType... operands) {
    cases.add(OpCase.fails(label, op, operands));
  }

  private static Body body(
      BiFunction<BodyBuilder, List<Value>, List<Value>> make, TensorType... parameters) {
    BodyBuilder b = new BodyBuilder();
    return b.build(make.apply(b, Arrays.stream(parameters).map(b::parameter).toList()));
  }

  /** {@code h' = tanh(w h + x), y = h' x}. */
  private static Body recurrent() {
    return body(
        (b, p) -> {
          Value column = b.reshape(p.get(0), f64(2, 1).shape());
          Value product = b.reshape(b.matMul(p.get(2), column), PAIR.shape());
          Value next = b.tanh(b.add(product, p.get(1)));
          return List.of(next, b.mul(next, p.get(1)));
        },
        PAIR,
        PAIR,
        SQUARE);
  }

  private static Scan scan(Body body, int carries, int scanned, long length, boolean reverse) {
    return new Scan(body, carries, scanned, Dim.of(length), reverse, Activations.SAVED);
  }

  private void scan() {
    for (boolean reverse : new boolean[] {false, true}) {
      works(scan(recurrent(), 1, 1, 3, reverse), PAIR, f64(3, 2), SQUARE);
    }
    works(
        new Scan(recurrent(), 1, 1, Dim.of(4), false, Activations.RECOMPUTED),
        PAIR,
        f64(4, 2),
        SQUARE);
    works(scan(recurrent(), 1, 1, 0, false), PAIR, f64(0, 2), SQUARE);
    Body squares = body((b, p) -> List.of(b.mul(p.get(0), p.get(0))), PAIR);
    works(scan(squares, 0, 1, 3, false), f64(3, 2));
    Body counting =
        body(
            (b, p) ->
                List.of(
                    b.add(p.get(0), 1),
                    b.sin(b.mul(p.get(1), b.cast(p.get(0), DType.F64))),
                    p.get(1)),
            COUNT,
            SCALAR);
    works(scan(counting, 2, 0, 3, false), COUNT, SCALAR);
    Body exchange = body((b, p) -> List.of(p.get(1), b.mul(p.get(0), p.get(1))), SCALAR, SCALAR);
    works(scan(exchange, 2, 0, 3, false), SCALAR, SCALAR);
    Body inner =
        body(
            (b, p) -> b.apply(scan(exchange, 2, 0, 2, true), List.of(p.get(0), b.sin(p.get(1)))),
            SCALAR,
            SCALAR);
    works(scan(inner, 2, 0, 2, false), SCALAR, SCALAR);

    fails("C1", scan(squares, -1, 1, 3, false), f64(3, 2));
    fails("C1", scan(squares, 0, 2, 3, false), f64(3, 2));
    fails("C2", scan(squares, 0, 1, 3, false), SCALAR);
    fails("C2", scan(squares, 0, 1, 3, false), f64(4, 2));
    fails("C3", scan(squares, 0, 1, 3, false), f64(3, 4));
    fails("C3", scan(squares, 0, 1, 3, false), f64(3, 2), SCALAR);
    Body widening = body((b, p) -> List.of(b.broadcastTo(p.get(0), PAIR.shape())), SCALAR);
    fails("C4", scan(widening, 1, 0, 3, false), SCALAR);
    fails("C5", scan(exchange, 2, 0, -1, false), SCALAR, SCALAR);
    Body nothing = body((b, p) -> List.of(), SCALAR);
    fails("C6", scan(nothing, 0, 0, 3, false), SCALAR);
  }

  private void loops() {
    Body small =
        body((b, p) -> List.of(b.less(b.abs(p.get(0)), b.scalar(DType.F64, 3))), SCALAR, SCALAR);
    Body grow =
        body(
            (b, p) -> List.of(b.add(b.add(p.get(0), p.get(0)), b.mul(p.get(1), p.get(1)))),
            SCALAR,
            SCALAR);
    works(new While(small, grow, 1, 4), SCALAR, SCALAR);
    works(new While(small, grow, 1, 1), SCALAR, SCALAR);
    Body below = body((b, p) -> List.of(b.less(p.get(0), b.scalar(DType.I32, 5))), COUNT);
    Body next = body((b, p) -> List.of(b.add(p.get(0), 2)), COUNT);
    works(new While(below, next, 1, 0), COUNT);

    fails("C1", new While(small, grow, 0, 4), SCALAR, SCALAR);
    fails("C1", new While(small, grow, 3, 4), SCALAR, SCALAR);
    fails("C2", new While(small, grow, 1, 4), SCALAR, PAIR);
    fails("C3", new While(grow, grow, 1, 4), SCALAR, SCALAR);
    fails("C4", new While(small, small, 1, 4), SCALAR, SCALAR);
    fails("C5", new While(below, next, 1, -1), COUNT);
  }

  private void cond() {
    Body product = body((b, p) -> List.of(b.mul(p.get(0), b.sin(p.get(1)))), PAIR, PAIR);
    Body first = body((b, p) -> List.of(p.get(0)), PAIR, PAIR);
    works(new Cond(product, first), TRUTH, PAIR, PAIR);
    works(new Cond(first, product), TRUTH, PAIR, PAIR);

    fails("C1", new Cond(product, first));
    fails("C1", new Cond(product, first), SCALAR, PAIR, PAIR);
    fails("C2", new Cond(product, first), TRUTH, PAIR);
    fails("C2", new Cond(product, first), TRUTH, PAIR, SCALAR);
    Body sum = body((b, p) -> List.of(b.sum(p.get(0))), PAIR, PAIR);
    fails("C3", new Cond(product, sum), TRUTH, PAIR, PAIR);
    Body nothing = body((b, p) -> List.of(), PAIR);
    fails("C3", new Cond(nothing, nothing), TRUTH, PAIR);
  }
}
