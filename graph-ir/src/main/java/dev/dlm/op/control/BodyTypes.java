package dev.dlm.op.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.InferContext;
import java.util.List;

/** Checks of the types at the border of a body. */
final class BodyTypes {
  private BodyTypes() {}

  /** Requires a body to have parameters of the given types. */
  static void checkParameters(
      InferContext context, String label, Body body, List<TensorType> wanted) {
    check(context, label, "parameter", body.parameters(), wanted);
  }

  /** Requires the leading results of a body to be of the given types. */
  static void checkResults(InferContext context, String label, Body body, List<TensorType> wanted) {
    context.check(
        label,
        body.results().size() >= wanted.size(),
        "the body gives " + body.results().size() + " values for " + wanted.size());
    check(context, label, "result", body.results().subList(0, wanted.size()), wanted);
  }

  private static void check(
      InferContext context, String label, String what, List<Value> found, List<TensorType> wanted) {
    context.check(
        label,
        found.size() == wanted.size(),
        "the body has " + found.size() + " " + what + "s for " + wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      TensorType type = found.get(i).type();
      String message =
          what + " " + i + " of the body is " + type + " where " + wanted.get(i) + " is needed";
      context.check(label, type.dtype() == wanted.get(i).dtype(), message);
      context.checkEqual(label, type.shape(), wanted.get(i).shape(), message);
    }
  }
}
