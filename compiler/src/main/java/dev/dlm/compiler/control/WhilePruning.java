package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.control.While;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One while loop without what nothing needs; see {@link PruneControlFlow}. */
final class WhilePruning {
  private final While loop;
  private final List<Value> operands;
  private final BodyBuilder outside;

  /** Values from around the loop that stay operands, each once. */
  private final List<Value> captured = new ArrayList<>();

  WhilePruning(While loop, List<Value> operands, BodyBuilder outside) {
    this.loop = loop;
    this.operands = operands;
    this.outside = outside;
  }

  /** The values for the wanted results; empty if the loop is as it should be. */
  Optional<Map<Integer, Value>> prune(Set<Integer> wanted) {
    Map<Integer, Value> found = new HashMap<>();
    Set<Integer> needed = neededCarries(wanted);
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < loop.carries(); i++) {
      boolean isConstant = loop.body().results().get(i).equals(loop.body().parameters().get(i));
      if (isConstant && wanted.contains(i)) {
        found.put(i, operands.get(i));
      } else if (!isConstant && needed.contains(i)) {
        kept.add(i);
      }
    }
    if (kept.isEmpty()) {
      // The condition decides only whether the loop ends, and values do not depend on that.
      return Optional.of(found);
    }
    collectCaptured(kept, needed);
    Body condition = rebuild(loop.condition(), kept, loop.condition().results());
    Body body = rebuild(loop.body(), kept, kept.stream().map(loop.body().results()::get).toList());
    List<Value> arguments = new ArrayList<>(kept.stream().map(operands::get).toList());
    arguments.addAll(captured);
    While pruned = new While(condition, body, kept.size(), loop.limit());
    if (found.isEmpty() && pruned.equals(loop) && arguments.equals(operands)) {
      return Optional.empty();
    }
    List<Value> results = outside.apply(pruned, arguments);
    for (int i = 0; i < kept.size(); i++) {
      if (wanted.contains(kept.get(i))) {
        found.put(kept.get(i), results.get(i));
      }
    }
    return Optional.of(found);
  }

  /** The carries on which results or the condition depend. */
  private Set<Integer> neededCarries(Set<Integer> wanted) {
    Set<Integer> carries = new HashSet<>(wanted);
    addCarries(carries, loop.condition(), loop.condition().results());
    while (true) {
      List<Value> roots = carries.stream().map(loop.body().results()::get).toList();
      if (!addCarries(carries, loop.body(), roots)) {
        return carries;
      }
    }
  }

  private boolean addCarries(Set<Integer> carries, Body body, List<Value> roots) {
    Set<Integer> needed = NeededValues.of(body, roots);
    boolean changed = false;
    for (int i = 0; i < loop.carries(); i++) {
      if (needed.contains(body.parameters().get(i).id())) {
        changed |= carries.add(i);
      }
    }
    return changed;
  }

  private void collectCaptured(List<Integer> kept, Set<Integer> needed) {
    List<Value> roots = kept.stream().map(loop.body().results()::get).toList();
    Set<Integer> inBody = NeededValues.of(loop.body(), roots);
    Set<Integer> inCondition = NeededValues.of(loop.condition(), loop.condition().results());
    for (int i = 0; i < operands.size(); i++) {
      boolean isUsed =
          inBody.contains(loop.body().parameters().get(i).id())
              || inCondition.contains(loop.condition().parameters().get(i).id());
      boolean isCapture = i >= loop.carries() || (needed.contains(i) && !kept.contains(i));
      if (isUsed && isCapture && !captured.contains(operands.get(i))) {
        captured.add(operands.get(i));
      }
    }
  }

  private Body rebuild(Body old, List<Integer> kept, List<Value> results) {
    BodyBuilder b = new BodyBuilder();
    Map<Integer, Value> carries = new HashMap<>();
    kept.forEach(i -> carries.put(i, b.parameter(old.parameters().get(i).type())));
    List<Value> captures = captured.stream().map(value -> b.parameter(value.type())).toList();
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      int capture = captured.indexOf(operands.get(i));
      if (carries.containsKey(i)) {
        arguments.add(carries.get(i));
      } else if (capture >= 0) {
        arguments.add(captures.get(capture));
      } else {
        arguments.add(b.filled(old.parameters().get(i).type(), 0));
      }
    }
    Body wanted = new Body(old.parameters(), old.nodes(), results);
    return LiveNodes.prune(b.build(b.inline(wanted, arguments)));
  }
}
