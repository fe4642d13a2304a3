package dev.dlm.op.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.GradientContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The gradient rule of {@link Scan}: back-propagation through time (Werbos, "Backpropagation
 * through time: what it does and how to do it", 1990). With {@code u_y[t]} the gradients with
 * respect to {@code y[t]}, and {@code λ} those with respect to the carries after iteration {@code
 * t}, one iteration of the scan in the other direction computes
 *
 * <pre>{@code
 * L = sum(next carries * λ) + sum(y[t] * u_y[t])    where next carries, y[t] = body(carries[t], x[t], captured)
 * λ      = ∂L/∂carries[t]
 * γ      = γ + ∂L/∂captured
 * u_x[t] = ∂L/∂x[t]
 * }</pre>
 *
 * <p>The carries before each iteration are further results of the forward scan. What an iteration
 * computes is written down again here; the compiler decides what of it is kept instead.
 */
final class ScanGradient {
  private final Scan scan;
  private final GradientContext context;
  private final Body body;

  /** Places of operands whose gradients are asked for or pass through an iteration. */
  private final boolean[] isActive;

  /** Gradients by operand; made when the first is asked for. */
  private Optional<Map<Integer, Value>> gradients = Optional.empty();

  ScanGradient(Scan scan, GradientContext context) {
    this.scan = scan;
    this.context = context;
    this.body = scan.body();
    this.isActive = new boolean[context.count()];
  }

  /** Speaks of each operand. */
  void state() {
    for (int i = 0; i < context.count(); i++) {
      if (context.in(i).dtype().isFloat()) {
        int operand = i;
        context.gradient(i, () -> gradients().get(operand));
      } else {
        context.zero(i);
      }
    }
  }

  private Map<Integer, Value> gradients() {
    Map<Integer, Value> made = gradients.orElseGet(this::make);
    gradients = Optional.of(made);
    return made;
  }

  private Dependence findActive() {
    for (int i = 0; i < context.count(); i++) {
      isActive[i] = context.isNeeded(i);
    }
    while (true) {
      Dependence dependence = new Dependence(body, i -> isActive[i]);
      boolean changed = false;
      for (int i = 0; i < scan.carries(); i++) {
        if (!isActive[i] && dependence.includes(body.results().get(i))) {
          isActive[i] = true;
          changed = true;
        }
      }
      if (!changed) {
        return dependence;
      }
    }
  }

  private Map<Integer, Value> make() {
    Dependence dependence = findActive();
    int firstCapture = scan.carries() + scan.scanned();
    List<Integer> carries = active(0, scan.carries());
    List<Integer> scanned = active(scan.carries(), firstCapture);
    List<Integer> captures = active(firstCapture, context.count());
    List<Integer> stacked =
        IntStream.range(scan.carries(), body.results().size())
            .filter(i -> dependence.includes(body.results().get(i)))
            .boxed()
            .toList();

    List<Value> initial = new ArrayList<>();
    carries.forEach(i -> initial.add(context.upstream(i)));
    captures.forEach(i -> initial.add(context.builder().like(context.in(i), 0)));
    List<Value> slices = new ArrayList<>();
    stacked.forEach(i -> slices.add(context.upstream(i)));
    slices.addAll(operands(scan.carries(), firstCapture));
    slices.addAll(incomingCarries());

    List<Value> operands = new ArrayList<>(initial);
    operands.addAll(slices);
    operands.addAll(operands(firstCapture, context.count()));
    Scan backward =
        new Scan(
            backwardBody(carries, scanned, captures, stacked),
            initial.size(),
            slices.size(),
            scan.length(),
            !scan.reverse(),
            scan.activations());
    List<Value> results = context.builder().apply(backward, operands);

    Map<Integer, Value> found = new HashMap<>();
    int next = 0;
    for (List<Integer> group : List.of(carries, captures, scanned)) {
      for (int operand : group) {
        found.put(operand, results.get(next++));
      }
    }
    return found;
  }

  private List<Integer> active(int from, int to) {
    return IntStream.range(from, to).filter(i -> isActive[i]).boxed().toList();
  }

  private List<Value> operands(int from, int to) {
    return IntStream.range(from, to).mapToObj(context::in).toList();
  }

  /** The carries before each iteration, stacked: results of the scan with a longer body. */
  private List<Value> incomingCarries() {
    if (scan.carries() == 0) {
      return List.of();
    }
    List<Value> results = new ArrayList<>(body.results());
    results.addAll(body.parameters().subList(0, scan.carries()));
    Scan longer =
        new Scan(
            new Body(body.parameters(), body.nodes(), results),
            scan.carries(),
            scan.scanned(),
            scan.length(),
            scan.reverse(),
            scan.activations());
    List<Value> all = context.builder().apply(longer, operands(0, context.count()));
    return all.subList(body.results().size(), all.size());
  }

  private Body backwardBody(
      List<Integer> carries, List<Integer> scanned, List<Integer> captures, List<Integer> stacked) {
    BodyBuilder b = new BodyBuilder().at(context.builder().location());
    List<Value> parameters = body.parameters();
    List<Value> upstreams = new ArrayList<>();
    carries.forEach(i -> upstreams.add(b.parameter(body.results().get(i).type())));
    List<Value> sums = captures.stream().map(i -> b.parameter(parameters.get(i).type())).toList();
    stacked.forEach(i -> upstreams.add(b.parameter(body.results().get(i).type())));
    int firstCapture = scan.carries() + scan.scanned();
    List<Value> slices = parameters(b, scan.carries(), firstCapture);
    List<Value> arguments = parameters(b, 0, scan.carries());
    arguments.addAll(slices);
    arguments.addAll(parameters(b, firstCapture, parameters.size()));

    List<Value> results = b.inline(body, arguments);
    List<Value> values = new ArrayList<>();
    carries.forEach(i -> values.add(results.get(i)));
    stacked.forEach(i -> values.add(results.get(i)));
    List<Value> over = new ArrayList<>();
    List.of(carries, captures, scanned)
        .forEach(group -> group.forEach(i -> over.add(arguments.get(i))));
    List<Value> found = b.gradient(b.innerProduct(values, upstreams), over);

    List<Value> next = new ArrayList<>(found);
    for (int i = 0; i < sums.size(); i++) {
      int place = carries.size() + i;
      next.set(place, b.add(sums.get(i), found.get(place)));
    }
    return b.build(next);
  }

  private List<Value> parameters(BodyBuilder b, int from, int to) {
    List<Value> made = new ArrayList<>();
    for (Value parameter : body.parameters().subList(from, to)) {
      made.add(b.parameter(parameter.type()));
    }
    return made;
  }
}
