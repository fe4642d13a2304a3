package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Cond;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The expression {@code cond}: one of two branches, chosen while the graph runs. */
final class CondElaborator {
  private final Frame frame;
  private final Expression.Cond cond;

  CondElaborator(Frame frame, Expression.Cond cond) {
    this.frame = frame;
    this.cond = cond;
  }

  private record Branch(OpenBody body, InnerCode code) {}

  Meaning elaborate() {
    Trace trace = frame.run().trace();
    Value condition = InnerCode.condition(frame, cond.condition(), "cond");
    Branch yes = branch(cond.yes());
    Branch no = branch(cond.no());
    int count = yes.code.yielded().size();
    if (count != no.code.yielded().size()) {
      throw frame.problem(
          "result-count",
          "one branch yields " + values(count) + ", the other " + values(no.code.yielded().size()),
          cond.span());
    }
    if (count == 0) {
      throw frame.problem("missing-return", "the branches of this cond yield nothing", cond.span());
    }
    List<Value> whenTrue = new ArrayList<>();
    List<Value> whenFalse = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      meet(i, yes, no, whenTrue, whenFalse);
    }
    Set<Value> captured = new LinkedHashSet<>(yes.body.captured(whenTrue));
    captured.addAll(no.body.captured(whenFalse));
    List<Value> both = List.copyOf(captured);
    List<Value> operands = new ArrayList<>(List.of(condition));
    operands.addAll(both);
    Cond op =
        new Cond(
            yes.body.build(List.of(), both, whenTrue), no.body.build(List.of(), both, whenFalse));
    return InnerCode.results(
        new Tensors(frame)
            .makeAll("cond", cond.span(), List.of(), () -> trace.body().apply(op, operands)));
  }

  private Branch branch(List<Statement> statements) {
    Trace trace = frame.run().trace();
    OpenBody open = new OpenBody(trace.current());
    InnerCode code = InnerCode.yielding(frame, "cond");
    return trace.within(
        open,
        () -> {
          code.run(statements);
          return new Branch(open, code);
        });
  }

  /** Brings one value that both branches yield to one type. */
  private void meet(int index, Branch yes, Branch no, List<Value> whenTrue, List<Value> whenFalse) {
    InnerCode.Yielded first = yes.code.yielded().get(index);
    InnerCode.Yielded second = no.code.yielded().get(index);
    Optional<DType> dtype = dtype(first).or(() -> dtype(second));
    Meaning.Tensor left = tensor(yes, first, dtype);
    Meaning.Tensor right = tensor(no, second, dtype);
    String reason = "branches of one cond give the same type";
    Optional<Value> fitted =
        frame
            .run()
            .trace()
            .within(no.body, () -> no.code.fit(right, left.type(), reason, second.span()));
    if (fitted.isEmpty()) {
      Diagnostic differs =
          frame
              .diagnostic(
                  left.type().dtype() == right.type().dtype() ? "shape-mismatch" : "dtype-mismatch",
                  "one branch yields " + left.type() + ", the other " + right.type(),
                  second.span())
              .note(Tensors.describe(new Tensors.Operand("the first", left)), left.origin())
              .note(Tensors.describe(new Tensors.Operand("the other", right)), right.origin());
      throw Problem.of(differs);
    }
    whenTrue.add(frame.run().trace().within(yes.body, left::value));
    whenFalse.add(fitted.get());
  }

  private static Optional<DType> dtype(InnerCode.Yielded yielded) {
    return yielded.value() instanceof Meaning.Tensor tensor
        ? Optional.of(tensor.type().dtype())
        : Optional.empty();
  }

  private Meaning.Tensor tensor(Branch branch, InnerCode.Yielded yielded, Optional<DType> dtype) {
    return frame
        .run()
        .trace()
        .within(
            branch.body,
            () ->
                new Tensors(branch.code.frame())
                    .tensor(yielded.value(), dtype, "yield", yielded.span()));
  }

  private static String values(int count) {
    return count + (count == 1 ? " value" : " values");
  }
}
