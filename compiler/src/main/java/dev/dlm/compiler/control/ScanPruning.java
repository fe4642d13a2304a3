package dev.dlm.compiler.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One scan without what nothing needs; see {@link PruneControlFlow}. */
final class ScanPruning {
  private final Scan scan;
  private final Body body;
  private final List<Value> operands;
  private final BodyBuilder outside;

  ScanPruning(Scan scan, List<Value> operands, BodyBuilder outside) {
    this.scan = scan;
    this.body = scan.body();
    this.operands = operands;
    this.outside = outside;
  }

  /** The values for the wanted results; empty if the scan is as it should be. */
  Optional<Map<Integer, Value>> prune(Set<Integer> wanted) {
    Map<Integer, Value> found = new HashMap<>();
    Set<Integer> left = new HashSet<>(wanted);
    takeOut(found, left);
    ScanDraft draft = ScanDraft.like(scan);
    Map<Integer, Integer> places = fill(draft, left);
    Scan pruned = draft.scan();
    if (found.isEmpty() && pruned.equals(scan) && draft.operands().equals(operands)) {
      return Optional.empty();
    }
    if (!left.isEmpty()) {
      List<Value> results = outside.apply(pruned, draft.operands());
      places.forEach((result, place) -> found.put(result, results.get(place)));
    }
    return Optional.of(found);
  }

  /** Results that are there without the scan. */
  private void takeOut(Map<Integer, Value> found, Set<Integer> left) {
    for (int result : List.copyOf(left)) {
      int parameter = body.parameters().indexOf(body.results().get(result));
      if (result < scan.carries()) {
        if (parameter == result) {
          found.put(result, operands.get(result));
        }
      } else if (parameter >= scan.carries() + scan.scanned() || isConstantCarry(parameter)) {
        Value captured = operands.get(parameter);
        List<Dim> dims = new ArrayList<>(captured.shape().dims());
        dims.add(0, scan.length());
        List<Integer> axes = BodyBuilder.allAxes(captured).stream().map(axis -> axis + 1).toList();
        found.put(result, outside.broadcast(captured, new Shape(dims), axes));
      } else if (parameter >= scan.carries()) {
        found.put(result, operands.get(parameter));
      }
    }
    left.removeAll(found.keySet());
  }

  private boolean isConstantCarry(int parameter) {
    return parameter >= 0
        && parameter < scan.carries()
        && body.results().get(parameter).equals(body.parameters().get(parameter));
  }

  /** Makes the scan of the given results; for each its place among the new ones. */
  private Map<Integer, Integer> fill(ScanDraft draft, Set<Integer> left) {
    Set<Integer> carries = neededCarries(left);
    List<Value> arguments = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    Map<Integer, Value> parameters = new HashMap<>();
    for (int i = 0; i < scan.carries(); i++) {
      if (carries.contains(i) && !isConstantCarry(i)) {
        kept.add(i);
        parameters.put(i, draft.carry(operands.get(i), body.parameters().get(i).type()));
      }
    }
    for (int i = 0; i < operands.size(); i++) {
      arguments.add(parameters.containsKey(i) ? parameters.get(i) : argument(draft, i, carries));
    }
    List<Value> results = draft.body().inline(body, arguments);
    draft.setNext(kept.stream().map(results::get).toList());
    Map<Integer, Integer> places = new HashMap<>();
    for (int result = 0; result < results.size(); result++) {
      if (left.contains(result)) {
        boolean isCarry = result < scan.carries();
        places.put(result, isCarry ? kept.indexOf(result) : draft.element(results.get(result)));
      }
    }
    draft.dropUnused();
    return places;
  }

  private Value argument(ScanDraft draft, int place, Set<Integer> carries) {
    Value operand = operands.get(place);
    BodyBuilder inside = draft.body();
    if (place < scan.carries() && !carries.contains(place)) {
      // No result needs it: whatever stands here goes.
      return inside.filled(body.parameters().get(place).type(), 0);
    }
    if (place >= scan.carries() && place < scan.carries() + scan.scanned()) {
      return Repeated.slice(operand, outside, inside, draft::capture)
          .orElseGet(() -> draft.slice(operand));
    }
    return Repeated.inside(operand, outside, inside, draft::capture)
        .orElseGet(() -> draft.capture(operand));
  }

  /** The carries on which the given results depend, directly or through other carries. */
  private Set<Integer> neededCarries(Set<Integer> results) {
    Set<Integer> carries = new HashSet<>();
    results.stream().filter(result -> result < scan.carries()).forEach(carries::add);
    while (true) {
      List<Value> roots = new ArrayList<>();
      results.forEach(result -> roots.add(body.results().get(result)));
      carries.forEach(carry -> roots.add(body.results().get(carry)));
      Set<Integer> needed = NeededValues.of(body, roots);
      boolean changed = false;
      for (int i = 0; i < scan.carries(); i++) {
        if (needed.contains(body.parameters().get(i).id())) {
          changed |= carries.add(i);
        }
      }
      if (!changed) {
        return carries;
      }
    }
  }
}
