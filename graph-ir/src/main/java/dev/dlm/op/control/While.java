package dev.dlm.op.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Interpreter;
import java.util.ArrayList;
import java.util.List;

/**
 * A loop that goes on as long as a condition of its carries holds:
 *
 * <pre>{@code
 * while condition(carries, captured) (at most limit times, if limit > 0):
 *   carries = body(carries, captured)
 * }</pre>
 *
 * <p>Operands: the initial carries, then captured values, which are the same in each iteration;
 * both bodies take all of them. Results: the last carries.
 *
 * <p>(C1) there is at least one carry, and {@code carries} counts operands; (C2) both bodies take
 * the operands' types; (C3) {@code condition} gives one {@code bool[]}; (C4) {@code body} gives the
 * carries in their types; (C5) {@code limit} is not negative.
 *
 * <p>Gradients: with a limit, those of a {@link Scan} of that length of {@code cond(condition,
 * body, carries as they are)}; without one there are none.
 *
 * @param carries number of carried values
 * @param limit the most iterations; 0 for any number
 */
public record While(Body condition, Body body, int carries, long limit) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.check(
        "C1",
        carries > 0 && carries <= context.count(),
        carries + " carries of " + context.count() + " operands");
    BodyTypes.checkParameters(context, "C2", condition, context.operands());
    BodyTypes.checkParameters(context, "C2", body, context.operands());
    context.check(
        "C3",
        condition.results().size() == 1
            && condition.results().get(0).type().equals(TensorType.of(DType.BOOL)),
        "the condition gives "
            + condition.results().stream().map(Value::type).toList()
            + " instead of one bool[]");
    List<TensorType> types = context.operands().subList(0, carries);
    context.check(
        "C4",
        body.results().size() == carries,
        "the body gives " + body.results().size() + " values for " + carries + " carries");
    BodyTypes.checkResults(context, "C4", body, types);
    context.check("C5", limit >= 0, "the limit " + limit + " is negative");
    context.addGuardsOf(condition);
    context.addGuardsOf(body);
    return types;
  }

  /** Those of one trip, as the values decide how many there are. */
  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return condition.operations().plus(body.operations());
  }

  @Override
  public void differentiate(GradientContext context) {
    if (limit > 0) {
      bounded().differentiate(context);
      return;
    }
    for (int i = 0; i < context.count(); i++) {
      context.notDifferentiable(
          i, "the number of iterations has no bound; give the loop a limit of iterations");
    }
  }

  /** The scan of {@code limit} iterations with the same operands and results. */
  Scan bounded() {
    BodyBuilder stay = new BodyBuilder();
    List<Value> arguments = body.parameters().stream().map(p -> stay.parameter(p.type())).toList();
    Body identity = stay.build(arguments.subList(0, carries));
    BodyBuilder b = new BodyBuilder();
    List<Value> parameters = body.parameters().stream().map(p -> b.parameter(p.type())).toList();
    List<Value> operands = new ArrayList<>(b.inline(condition, parameters));
    operands.addAll(parameters);
    List<Value> next = b.apply(new Cond(body, identity), operands);
    return new Scan(b.build(next), carries, 0, Dim.of(limit), false, Activations.SAVED);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    List<HostTensor> current = new ArrayList<>(context.operands());
    for (long i = 0; limit == 0 || i < limit; i++) {
      if (Interpreter.evaluate(condition, current).get(0).longAt(0) == 0) {
        break;
      }
      List<HostTensor> next = Interpreter.evaluate(body, current);
      for (int carry = 0; carry < carries; carry++) {
        current.set(carry, next.get(carry));
      }
    }
    return List.copyOf(current.subList(0, carries));
  }
}
