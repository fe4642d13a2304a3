package dev.dlm.op.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
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
 * A loop over the leading axis of tensors that carries values from one iteration to the next:
 *
 * <pre>{@code
 * for t = 0, …, length - 1 (or back from length - 1 to 0 if reverse):
 *   carries, y[t] = body(carries, x[t], captured)
 * }</pre>
 *
 * <p>Operands: the initial carries; the scanned tensors {@code x: [length, …]}; captured values,
 * which are the same in each iteration. The body takes the carries, the slices {@code x[t]: […]}
 * and the captured values; it gives the next carries and the elements {@code y[t]}. Results: the
 * last carries, which are the initial ones if {@code length} is 0; the stacked {@code y: [length,
 * …]}.
 *
 * <p>(C1) {@code carries} and {@code scanned} are not negative and count operands; (C2) each
 * scanned operand has {@code length} as its first size; (C3) the body takes the types of the
 * carries, the slices and the captured values; (C4) it gives the carries in their types first; (C5)
 * {@code length} is not negative; (C6) there is at least one result.
 *
 * <p>Gradients: a scan in the other direction; see {@link ScanGradient}.
 *
 * @param carries number of carried values
 * @param scanned number of scanned operands
 * @param activations what the gradient keeps of the forward loop
 */
public record Scan(
    Body body, int carries, int scanned, Dim length, boolean reverse, Activations activations)
    implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.check(
        "C1",
        carries >= 0 && scanned >= 0 && carries + scanned <= context.count(),
        carries + " carries and " + scanned + " scanned of " + context.count() + " operands");
    List<TensorType> types = new ArrayList<>(context.operands());
    for (int i = carries; i < carries + scanned; i++) {
      TensorType type = types.get(i);
      context.check("C2", type.rank() > 0, "a scalar has no axis to scan over");
      context.checkEqual("C2", type.dim(0), length, "length of the scan and size of " + type);
      types.set(i, type.withShape(tail(type.shape())));
    }
    BodyTypes.checkParameters(context, "C3", body, types);
    BodyTypes.checkResults(context, "C4", body, types.subList(0, carries));
    context.checkAtMost("C5", Dim.ZERO, length, "the length " + length + " is negative");
    context.check("C6", !body.results().isEmpty(), "the body gives nothing");
    context.addGuardsOf(body);
    List<TensorType> results = new ArrayList<>(context.operands().subList(0, carries));
    for (Value result : body.results().subList(carries, body.results().size())) {
      results.add(stacked(result.type()));
    }
    return results;
  }

  /** The type of {@code length} tensors of a type. */
  private TensorType stacked(TensorType type) {
    List<Dim> dims = new ArrayList<>(type.shape().dims());
    dims.add(0, length);
    return type.withShape(new Shape(dims));
  }

  private static Shape tail(Shape shape) {
    return new Shape(shape.dims().subList(1, shape.rank()));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return body.operations().times(length);
  }

  @Override
  public void differentiate(GradientContext context) {
    new ScanGradient(this, context).state();
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    int count = Math.toIntExact(length.asLong());
    List<HostTensor> current = new ArrayList<>(context.operands().subList(0, carries));
    List<List<HostTensor>> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(List.of());
    }
    for (int i = 0; i < count; i++) {
      int t = reverse ? count - 1 - i : i;
      List<HostTensor> arguments = new ArrayList<>(current);
      for (HostTensor x : context.operands().subList(carries, carries + scanned)) {
        arguments.add(slice(x, t));
      }
      arguments.addAll(context.operands().subList(carries + scanned, context.operands().size()));
      List<HostTensor> results = Interpreter.evaluate(body, arguments);
      current = results.subList(0, carries);
      steps.set(t, results.subList(carries, results.size()));
    }
    List<HostTensor> results = new ArrayList<>(current);
    for (int y = 0; y < body.results().size() - carries; y++) {
      int which = y;
      results.add(
          stack(context.result(carries + y), steps.stream().map(step -> step.get(which)).toList()));
    }
    return results;
  }

  private static HostTensor slice(HostTensor x, int t) {
    TensorType type = x.type().withShape(tail(x.type().shape()));
    int count = Math.toIntExact(type.shape().count().asLong());
    return x.dtype().isFloat()
        ? HostTensor.ofDoubles(type, i -> x.doubleAt(t * count + i))
        : HostTensor.ofLongs(type, i -> x.longAt(t * count + i));
  }

  private static HostTensor stack(TensorType type, List<HostTensor> parts) {
    if (parts.isEmpty() || parts.get(0).count() == 0) {
      return HostTensor.filled(type, 0);
    }
    int count = parts.get(0).count();
    return type.dtype().isFloat()
        ? HostTensor.ofDoubles(type, i -> parts.get(i / count).doubleAt(i % count))
        : HostTensor.ofLongs(type, i -> parts.get(i / count).longAt(i % count));
  }
}
