package dev.dlm.dsl.elaborate;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.OneHot;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import java.util.List;

/** Functions that go along an axis in order. */
final class SequencePrimitives {
  private SequencePrimitives() {}

  static void define() {
    cumulative("cumsum", Cumulative.Kind.SUM);
    cumulative("cumprod", Cumulative.Kind.PRODUCT);
    cumulative("cummax", Cumulative.Kind.MAX);
    Primitives.define("sort", "x, axis?, descending?", call -> sort(call, 0));
    Primitives.define("argsort", "x, axis?, descending?", call -> sort(call, 1));
    Primitives.define("top_k", "x, k, axis?", SequencePrimitives::topK);
    Primitives.define(
        "one_hot", "label, classes, dtype?, on?, off?, axis?", SequencePrimitives::oneHot);
  }

  private static void cumulative(String name, Cumulative.Kind kind) {
    Primitives.define(
        name,
        "x, axis?, exclusive?, reverse?",
        call -> {
          Value x = call.tensor("x");
          Cumulative op =
              new Cumulative(
                  kind,
                  call.axis("axis", x.rank(), -1),
                  call.truth("exclusive", false),
                  call.truth("reverse", false));
          return call.make(() -> call.body().one(op, x));
        });
  }

  private static Meaning sort(PrimitiveCall call, int result) {
    Value x = call.tensor("x");
    Sort op = new Sort(call.axis("axis", x.rank(), -1), call.truth("descending", false));
    return result(call, op, x, result);
  }

  private static Meaning topK(PrimitiveCall call) {
    Value x = call.tensor("x");
    if (!(call.meaning("k") instanceof Meaning.Size k)) {
      throw call.wrong("k", "a size");
    }
    TopK op = new TopK(k.dim(), call.axis("axis", x.rank(), -1));
    return new Meaning.Sequence(List.of(result(call, op, x, 0), result(call, op, x, 1)));
  }

  private static Meaning result(PrimitiveCall call, Op op, Value x, int index) {
    return call.make(() -> call.body().apply(op, List.of(x)).get(index));
  }

  private static Meaning oneHot(PrimitiveCall call) {
    Value label = call.tensor("label");
    if (!(call.meaning("classes") instanceof Meaning.Size classes)) {
      throw call.wrong("classes", "a size");
    }
    Dim size = classes.dim();
    DType dtype = call.dtype("dtype", DType.F32);
    int axis = call.axis("axis", label.rank() + 1, -1);
    OneHot op = new OneHot(size, axis, dtype, number(call, "on", 1), number(call, "off", 0));
    return call.make(() -> call.body().one(op, label));
  }

  private static double number(PrimitiveCall call, String parameter, double standard) {
    return call.has(parameter)
        ? ElementwisePrimitives.number(call.meaning(parameter))
            .orElseThrow(() -> call.wrong(parameter, "a float"))
        : standard;
  }
}
