package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Xor;
import dev.dlm.op.meta.StopGradient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A body while its code is traced: that of a signature, or one inside of another, of a scan, a loop
 * or a branch. Values of bodies around it become parameters where they are used: its captures.
 */
final class OpenBody {
  /**
   * The odd number next to 2⁶⁴ divided by the golden ratio; spreads small numbers over all bits.
   */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final BodyBuilder builder = new BodyBuilder();
  private final Optional<OpenBody> outer;
  private final List<Value> parameters = new ArrayList<>();

  /** Parameters that stand for values of the body around this one, by these values. */
  private final Map<Value, Value> captures = new LinkedHashMap<>();

  private Optional<Value> iteration = Optional.empty();

  /** The body of a signature. */
  OpenBody() {
    outer = Optional.empty();
  }

  /** A body inside of {@code around}. */
  OpenBody(OpenBody around) {
    outer = Optional.of(around);
  }

  BodyBuilder builder() {
    return builder;
  }

  Value parameter(TensorType type) {
    Value parameter = builder.parameter(type);
    parameters.add(parameter);
    return parameter;
  }

  /** Says which value counts the runs of this body, an {@code i64[]}. */
  void countedBy(Value number) {
    iteration = Optional.of(number);
  }

  /** The value that stands here for {@code value}, which belongs to this body or one around it. */
  Value bring(OpenBody from, Value value) {
    if (from == this) {
      return value;
    }
    OpenBody around =
        outer.orElseThrow(
            () -> new InternalException("a tensor is used outside of the body that made it"));
    return captures.computeIfAbsent(
        around.bring(from, value), captured -> parameter(captured.type()));
  }

  /**
   * The seed of random numbers drawn here: that of the body {@code from}, changed by the numbers of
   * all iterations between there and here, so that each of them draws its own.
   */
  Value seed(OpenBody from, Value seed) {
    if (from == this) {
      return seed;
    }
    OpenBody around = outer.orElseThrow();
    Value before = bring(around, around.seed(from, seed));
    if (iteration.isEmpty()) {
      return before;
    }
    Value one = builder.constant(HostTensor.scalar(1));
    Value number = builder.one(new Add(), iteration.get(), one);
    Value changed = builder.one(new Xor(), before, number);
    return builder.one(new Mul(), changed, builder.constant(HostTensor.scalar(SPREAD)));
  }

  /** The values of the body around this one that {@code results} need, in order of first use. */
  List<Value> captured(List<Value> results) {
    Set<Value> needed = needed(results, true);
    return captures.keySet().stream()
        .filter(value -> needed.contains(captures.get(value)))
        .toList();
  }

  /** Whether {@code results} need {@code value}. */
  boolean needs(List<Value> results, Value value) {
    return needed(results, true).contains(value);
  }

  /**
   * A captured value that {@code y} is made of and that, outside of this body, is made of {@code
   * x}: a gradient taken in here would miss that way.
   */
  boolean dependsBeyond(Value y, Value x) {
    Optional<Value> beyond = capturedBy(x);
    if (beyond.isEmpty()) {
      return false;
    }
    OpenBody around = outer.orElseThrow();
    for (Value needed : needed(List.of(y), false)) {
      Optional<Value> way = needed.equals(x) ? Optional.empty() : capturedBy(needed);
      if (way.isPresent()
          && (around.needed(List.of(way.get()), false).contains(beyond.get())
              || around.dependsBeyond(way.get(), beyond.get()))) {
        return true;
      }
    }
    return false;
  }

  private Optional<Value> capturedBy(Value parameter) {
    return captures.entrySet().stream()
        .filter(capture -> capture.getValue().equals(parameter))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What {@code results} are made of; where gradients stop, so may the way back. */
  private Set<Value> needed(List<Value> results, boolean throughStops) {
    Set<Value> needed = new HashSet<>(results);
    Deque<Value> open = new ArrayDeque<>(results);
    while (!open.isEmpty()) {
      Optional<Node> producer = builder.producer(open.pop());
      if (producer.isPresent()
          && (throughStops || !(producer.get().op() instanceof StopGradient))) {
        for (Value operand : producer.get().operands()) {
          if (needed.add(operand)) {
            open.push(operand);
          }
        }
      }
    }
    return needed;
  }

  /**
   * The finished body, without what its results do not need.
   *
   * @param leading its first parameters
   * @param captured values of the body around that the further parameters stand for
   */
  Body build(List<Value> leading, List<Value> captured, List<Value> results) {
    Body whole = builder.build(results);
    Map<Value, Value> numbered = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      numbered.put(parameters.get(i), whole.parameters().get(i));
    }
    BodyBuilder to = new BodyBuilder();
    Map<Value, Value> moved = new HashMap<>();
    for (Value parameter : leading) {
      moved.put(numbered.get(parameter), to.parameter(parameter.type()));
    }
    for (Value value : captured) {
      Value parameter = to.parameter(value.type());
      Value used = captures.get(value);
      if (used != null) {
        moved.put(numbered.get(used), parameter);
      }
    }
    copyLive(whole, to, moved);
    return to.build(whole.results().stream().map(moved::get).toList());
  }

  /**
   * Copies the nodes that the results of {@code whole} need.
   *
   * @param moved the values that stand for those of {@code whole}: given for the live parameters,
   *     added for the nodes
   */
  static void copyLive(Body whole, BodyBuilder to, Map<Value, Value> moved) {
    Set<Value> live = live(whole);
    for (Node node : whole.nodes()) {
      if (node.results().stream().anyMatch(live::contains)) {
        List<Value> operands = node.operands().stream().map(moved::get).toList();
        List<Value> made = to.at(node.location()).apply(node.op(), operands);
        for (int i = 0; i < made.size(); i++) {
          moved.put(node.results().get(i), made.get(i));
        }
      }
    }
  }

  /** The values that the results of {@code body} need. */
  static Set<Value> live(Body body) {
    Set<Value> live = new HashSet<>(body.results());
    for (Node node : body.nodes().reversed()) {
      if (node.results().stream().anyMatch(live::contains)) {
        live.addAll(node.operands());
      }
    }
    return live;
  }
}
