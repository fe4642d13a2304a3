package dev.dlm.op.control;

import dev.dlm.ir.Body;
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
import java.util.List;

/**
 * One of two bodies: {@code whenTrue(captured)} if the first operand is true, {@code
 * whenFalse(captured)} otherwise. Only the chosen one runs.
 *
 * <p>Operands: the predicate {@code bool[]}, then captured values, which both bodies take.
 *
 * <p>(C1) the first operand is {@code bool[]}; (C2) both bodies take the types of the other
 * operands; (C3) both give values of the same types, at least one.
 *
 * <p>Gradients: the choice between the gradients of the bodies; none with respect to the predicate.
 */
public record Cond(Body whenTrue, Body whenFalse) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.check(
        "C1",
        context.count() > 0 && context.in(0).equals(TensorType.of(DType.BOOL)),
        "the predicate is "
            + (context.count() > 0 ? context.in(0) : "missing")
            + " instead of bool[]");
    List<TensorType> captured = context.operands().subList(1, context.count());
    BodyTypes.checkParameters(context, "C2", whenTrue, captured);
    BodyTypes.checkParameters(context, "C2", whenFalse, captured);
    List<TensorType> types = whenTrue.results().stream().map(Value::type).toList();
    context.check("C3", !types.isEmpty(), "the bodies give nothing");
    context.check(
        "C3",
        whenFalse.results().size() == types.size(),
        "one body gives " + types.size() + " values, the other " + whenFalse.results().size());
    BodyTypes.checkResults(context, "C3", whenFalse, types);
    context.addGuardsOf(whenTrue);
    context.addGuardsOf(whenFalse);
    return types;
  }

  /** Those of the body with more operations, as far as that can be proved, or else the first. */
  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    Dim first = whenTrue.operations();
    Dim second = whenFalse.operations();
    return second.isProvablyAtLeast(first) ? second : first;
  }

  @Override
  public void differentiate(GradientContext context) {
    new CondGradient(this, context).state();
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    Body chosen = context.in(0).longAt(0) != 0 ? whenTrue : whenFalse;
    return Interpreter.evaluate(chosen, context.operands().subList(1, context.operands().size()));
  }
}
