package dev.dlm.op.meta;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.InferContext;
import java.util.List;

/**
 * A part of a graph under a label: {@code results = body(operands)}. Means the same as the nodes of
 * its body; the label lets a pass or device find the part again and treat it as a whole.
 *
 * <p>(C1) as many operands as the body has parameters, and at least one result; (C2) the operands'
 * element types and shapes are those of the parameters. The gradients are those of the body.
 *
 * @param label what the part is called, for example {@code layer_norm}; equal labels promise
 *     nothing
 */
public record Region(String label, Body body) implements CompositeOp {
  @Override
  public void check(InferContext context) {
    context.checkCount(body.parameters().size());
    context.check("C1", !body.results().isEmpty(), "the body has no result");
    for (int i = 0; i < context.count(); i++) {
      Value parameter = body.parameters().get(i);
      context.checkDType(
          "C2",
          context.in(i).dtype() == parameter.dtype(),
          "operand " + i + " is " + context.in(i) + ", the body takes " + parameter.type());
      context.checkEqual(
          "C2", context.in(i).shape(), parameter.shape(), "the body takes another shape");
    }
  }

  @Override
  public List<Value> expand(BodyBuilder builder, List<Value> operands) {
    return builder.inline(body, operands);
  }
}
