package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.While;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The expression {@code while}: a loop in the graph that a condition ends. */
final class WhileElaborator {
  private final Frame frame;
  private final Expression.While loop;

  WhileElaborator(Frame frame, Expression.While loop) {
    this.frame = frame;
    this.loop = loop;
  }

  /** One of the two bodies, its parameters, and what it gives. */
  private record Part(OpenBody body, List<Value> parameters, Value iteration, List<Value> results) {
    boolean counts() {
      return body.needs(results, iteration);
    }
  }

  Meaning elaborate() {
    List<InnerCode.Carry> carries = InnerCode.carries(frame, loop.carried());
    long limit = 0;
    if (loop.limit().isPresent()) {
      Expression written = loop.limit().get();
      limit = new Evaluator(frame).integer(written, "'limit'");
      if (limit < 1) {
        throw frame.problem("type-mismatch", "'limit' is at least 1, not " + limit, written.span());
      }
    }
    Part condition = part(carries, false);
    Part body = part(carries, true);
    boolean counted = condition.counts() || body.counts();
    List<Value> operands = new ArrayList<>();
    carries.forEach(carry -> operands.add(carry.initial().value()));
    List<Value> next = new ArrayList<>(body.results);
    BodyBuilder around = frame.run().trace().body().at(frame.locate(loop.span()));
    if (counted) {
      condition.parameters.add(condition.iteration);
      body.parameters.add(body.iteration);
      BodyBuilder inside = body.body.builder();
      next.add(inside.add(body.iteration, inside.constant(HostTensor.scalar(1))));
      operands.add(around.constant(HostTensor.scalar(0)));
    }
    Set<Value> captured = new LinkedHashSet<>(condition.body.captured(condition.results));
    captured.addAll(body.body.captured(next));
    List<Value> both = List.copyOf(captured);
    int carried = operands.size();
    operands.addAll(both);
    While op =
        new While(
            condition.body.build(condition.parameters, both, condition.results),
            body.body.build(body.parameters, both, next),
            carried,
            limit);
    return InnerCode.results(
        new Tensors(frame)
            .makeAll(
                "while",
                loop.span(),
                List.of(),
                () -> around.apply(op, operands).subList(0, carries.size())));
  }

  private Part part(List<InnerCode.Carry> carries, boolean isBody) {
    Trace trace = frame.run().trace();
    OpenBody open = new OpenBody(trace.current());
    List<Value> parameters = new ArrayList<>();
    carries.forEach(carry -> parameters.add(open.parameter(carry.type())));
    Value iteration = open.parameter(TensorType.of(DType.I64));
    open.countedBy(iteration);
    List<Value> results =
        trace.within(
            open,
            () -> {
              InnerCode code = InnerCode.silent(frame, "while");
              for (int i = 0; i < carries.size(); i++) {
                code.bind(loop.carried().get(i).name(), parameters.get(i), "the step before");
              }
              if (!isBody) {
                return List.of(InnerCode.condition(code.frame(), loop.condition(), "while"));
              }
              code.run(loop.body());
              return carries.stream().map(carry -> code.next(carry, loop.body())).toList();
            });
    return new Part(open, parameters, iteration, results);
  }
}
