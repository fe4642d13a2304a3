package dev.dlm.op.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.GradientContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The gradient rule of {@link Cond}: with {@code u_i} the gradients with respect to the results,
 * the choice, by the same predicate, between the gradients of {@code Σ sum(result_i * u_i)} with
 * respect to the captured values in each body.
 */
final class CondGradient {
  private final Cond cond;
  private final GradientContext context;

  CondGradient(Cond cond, GradientContext context) {
    this.cond = cond;
    this.context = context;
  }

  /** Speaks of each operand. */
  void state() {
    List<Integer> needed =
        IntStream.range(1, context.count()).filter(context::isNeeded).boxed().toList();
    context.zero(0);
    for (int i = 1; i < context.count(); i++) {
      if (context.in(i).dtype().isFloat()) {
        int place = needed.indexOf(i);
        context.gradient(i, () -> gradients(needed).get(place));
      } else {
        context.zero(i);
      }
    }
  }

  private List<Value> gradients(List<Integer> needed) {
    List<Integer> active =
        IntStream.range(0, cond.whenTrue().results().size())
            .filter(i -> context.out(i).dtype().isFloat())
            .boxed()
            .toList();
    List<Value> operands = new ArrayList<>();
    for (int i = 0; i < context.count(); i++) {
      operands.add(context.in(i));
    }
    active.forEach(i -> operands.add(context.upstream(i)));
    Cond choice =
        new Cond(
            gradientOf(cond.whenTrue(), needed, active),
            gradientOf(cond.whenFalse(), needed, active));
    return context.builder().apply(choice, operands);
  }

  private Body gradientOf(Body body, List<Integer> needed, List<Integer> active) {
    BodyBuilder b = new BodyBuilder().at(context.builder().location());
    List<Value> captured = body.parameters().stream().map(p -> b.parameter(p.type())).toList();
    List<Value> upstreams = active.stream().map(i -> b.parameter(context.out(i).type())).toList();
    List<Value> results = b.inline(body, captured);
    Value objective = b.innerProduct(active.stream().map(results::get).toList(), upstreams);
    // Operand 0 is the predicate, which bodies do not take.
    List<Value> over = needed.stream().map(i -> captured.get(i - 1)).toList();
    return b.build(b.gradient(objective, over));
  }
}
