package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Iota;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The expression {@code scan}: a loop in the graph along one axis of tensors. */
final class ScanElaborator {
  private final Frame frame;
  private final Expression.Scan scan;
  private final Evaluator evaluator;
  private final Tensors tensors;
  private final long axis;

  ScanElaborator(Frame frame, Expression.Scan scan) {
    this.frame = frame;
    this.scan = scan;
    this.evaluator = new Evaluator(frame);
    this.tensors = new Tensors(frame);
    this.axis = scan.axis().map(a -> evaluator.integer(a, "'axis'")).orElse(0L);
  }

  /** A sequence as it was given, and with its steps along the leading axis. */
  private record Sequence(Tensors.Operand given, Meaning.Tensor tensor, Dim length) {
    Value value() {
      return tensor.value();
    }

    TensorType element() {
      Shape shape = tensor.type().shape();
      return tensor.type().withShape(new Shape(shape.dims().subList(1, shape.rank())));
    }
  }

  Meaning elaborate() {
    if (scan.names().size() != scan.sequences().size()) {
      throw frame.problem(
          "result-count",
          count(scan.names().size(), "name") + " for " + count(scan.sequences().size(), "sequence"),
          scan.sequences().getFirst().span());
    }
    boolean reversed = evaluator.truth(scan.reversed(), "reversed");
    boolean recompute = evaluator.truth(scan.recompute(), "recompute");
    List<Sequence> sequences = scan.sequences().stream().map(this::sequence).toList();
    checkLengths(sequences);
    Dim length = sequences.getFirst().length();
    List<InnerCode.Carry> carries = InnerCode.carries(frame, scan.carried());
    Trace trace = frame.run().trace();
    OpenBody inner = new OpenBody(trace.current());
    List<Value> leading = new ArrayList<>();
    carries.forEach(carry -> leading.add(inner.parameter(carry.type())));
    sequences.forEach(sequence -> leading.add(inner.parameter(sequence.element())));
    Value iteration = inner.parameter(TensorType.of(DType.I64));
    inner.countedBy(iteration);
    List<Value> results = trace.within(inner, () -> run(carries, sequences, leading));
    if (results.isEmpty()) {
      throw frame.problem(
          "missing-return", "this scan gives nothing: it carries and yields nothing", scan.span());
    }
    List<Value> operands = new ArrayList<>();
    carries.forEach(carry -> operands.add(carry.initial().value()));
    sequences.forEach(sequence -> operands.add(sequence.value()));
    int scanned = sequences.size();
    BodyBuilder body = trace.body().at(frame.locate(scan.span()));
    if (inner.needs(results, iteration)) {
      leading.add(iteration);
      operands.add(body.one(new Iota(TensorType.of(DType.I64, length), 0)));
      scanned++;
    }
    List<Value> captured = inner.captured(results);
    operands.addAll(captured);
    Scan op =
        new Scan(
            inner.build(leading, captured, results),
            carries.size(),
            scanned,
            length,
            reversed,
            recompute ? Activations.RECOMPUTED : Activations.SAVED);
    List<Meaning.Tensor> made =
        tensors.makeAll(
            "scan",
            scan.span(),
            List.of(),
            () -> {
              List<Value> given = new ArrayList<>(body.apply(op, operands));
              for (int i = carries.size(); i < given.size(); i++) {
                given.set(i, stepsAtAxis(body, given.get(i)));
              }
              return given;
            });
    return InnerCode.results(made);
  }

  /** Runs the code and gives the next carries and what is yielded. */
  private List<Value> run(
      List<InnerCode.Carry> carries, List<Sequence> sequences, List<Value> parameters) {
    InnerCode code = InnerCode.yielding(frame, "scan");
    for (int i = 0; i < carries.size(); i++) {
      code.bind(scan.carried().get(i).name(), parameters.get(i), "the step before");
    }
    for (int i = 0; i < sequences.size(); i++) {
      code.bind(
          scan.names().get(i),
          parameters.get(carries.size() + i),
          "a step of " + sequences.get(i).given().name());
    }
    code.run(scan.body());
    List<Value> results = new ArrayList<>();
    carries.forEach(carry -> results.add(code.next(carry, scan.body())));
    for (InnerCode.Yielded yielded : code.yielded()) {
      results.add(
          new Tensors(code.frame())
              .tensor(yielded.value(), Optional.empty(), "yield", yielded.span())
              .value());
    }
    return results;
  }

  private Sequence sequence(Expression.Scanned scanned) {
    if (scanned.end().isPresent()) {
      return range(scanned, scanned.end().get());
    }
    Span span = scanned.span();
    Meaning meaning = evaluator.evaluate(scanned.start());
    if (Tensors.isNumber(meaning)) {
      throw frame.problem(
          "type-mismatch",
          "a scan goes along a tensor or a range, not " + meaning.kind(),
          span,
          Optional.of("0..n goes through the numbers from 0 to n - 1"));
    }
    Meaning.Tensor tensor = tensors.tensor(meaning, Optional.empty(), "scan", span);
    Tensors.Operand operand = Tensors.Operand.of(scanned.start(), "the sequence", tensor);
    int rank = tensor.type().rank();
    long front = axis < 0 ? axis + rank : axis;
    if (front < 0 || front >= rank) {
      throw tensors.mismatch(
          "shape-mismatch",
          "a scan over axis " + axis + " goes along no axis of " + tensor.type(),
          span,
          List.of(operand),
          Optional.empty());
    }
    List<Integer> order = new ArrayList<>(List.of((int) front));
    for (int i = 0; i < rank; i++) {
      if (i != front) {
        order.add(i);
      }
    }
    Meaning.Tensor turned =
        front == 0
            ? tensor
            : tensors.make(
                tensor.maker(),
                span,
                List.of(operand),
                () -> tensors.body().transpose(tensor.value(), order));
    return new Sequence(operand, turned, turned.type().dim(0));
  }

  private Sequence range(Expression.Scanned scanned, Expression last) {
    Dim start = size(scanned.start());
    Dim end = size(last);
    Dim length = end.minus(start);
    if (length.isConstant() && length.asLong() < 0) {
      throw frame.problem(
          "shape-mismatch",
          "the range " + start + ".." + end + " ends before it starts",
          scanned.span());
    }
    TensorType type = TensorType.of(DType.I32, length);
    Meaning.Tensor numbers =
        tensors.make(
            "a range",
            scanned.span(),
            List.of(),
            () -> {
              BodyBuilder body = tensors.body();
              Value counted = body.iota(type, 0);
              return start.equals(Dim.ZERO)
                  ? counted
                  : body.add(counted, body.size(start, DType.I32));
            });
    return new Sequence(new Tensors.Operand("the range", numbers), numbers, length);
  }

  private Dim size(Expression expression) {
    Meaning meaning = evaluator.evaluate(expression);
    if (meaning instanceof Meaning.Size size) {
      return size.dim();
    }
    throw frame.problem(
        "type-mismatch",
        "a range goes from an int to an int, not " + meaning.kind(),
        expression.span());
  }

  private void checkLengths(List<Sequence> sequences) {
    Sequence first = sequences.getFirst();
    for (int i = 1; i < sequences.size(); i++) {
      Sequence other = sequences.get(i);
      Dim difference = first.length().minus(other.length());
      if (difference.isConstant() && difference.asLong() != 0) {
        throw tensors.mismatch(
            "shape-mismatch",
            "sequences of one scan have different lengths: "
                + first.length()
                + " and "
                + other.length(),
            scan.sequences().get(i).span(),
            List.of(first.given(), other.given()),
            Optional.empty());
      }
    }
  }

  /** Moves the leading axis, along which the steps lie, to where the sequences have it. */
  private Value stepsAtAxis(BodyBuilder body, Value stacked) {
    int last = stacked.rank() - 1;
    long wanted = axis < 0 ? axis + stacked.rank() : axis;
    int to = (int) Math.clamp(wanted, 0, last);
    if (to == 0) {
      return stacked;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 1; i <= last; i++) {
      order.add(i);
    }
    order.add(to, 0);
    return body.transpose(stacked, order);
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
