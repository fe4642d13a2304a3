package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Constant;
import dev.dlm.op.control.Cond;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One choice without what nothing needs; see {@link PruneControlFlow}. */
final class CondPruning {
  private final Cond cond;
  private final List<Value> operands;
  private final BodyBuilder outside;

  CondPruning(Cond cond, List<Value> operands, BodyBuilder outside) {
    this.cond = cond;
    this.operands = operands;
    this.outside = outside;
  }

  /** The values for the wanted results; empty if the choice is as it should be. */
  Optional<Map<Integer, Value>> prune(Set<Integer> wanted) {
    List<Value> captured = operands.subList(1, operands.size());
    Map<Integer, Value> found = new HashMap<>();
    Optional<Body> chosen = chosen();
    if (chosen.isPresent()) {
      List<Value> results = outside.inline(chosen.get(), captured);
      wanted.forEach(result -> found.put(result, results.get(result)));
      return Optional.of(found);
    }
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < cond.whenTrue().results().size(); i++) {
      int first = parameterOf(cond.whenTrue(), i);
      int second = parameterOf(cond.whenFalse(), i);
      boolean isSame =
          first >= 0 && second >= 0 && captured.get(first).equals(captured.get(second));
      if (isSame && wanted.contains(i)) {
        found.put(i, captured.get(first));
      } else if (wanted.contains(i)) {
        kept.add(i);
      }
    }
    if (kept.isEmpty()) {
      return Optional.of(found);
    }
    List<Value> used = used(captured, kept);
    Cond pruned =
        new Cond(
            rebuild(cond.whenTrue(), captured, used, kept),
            rebuild(cond.whenFalse(), captured, used, kept));
    List<Value> arguments = new ArrayList<>(List.of(operands.get(0)));
    arguments.addAll(used);
    if (found.isEmpty() && pruned.equals(cond) && arguments.equals(operands)) {
      return Optional.empty();
    }
    List<Value> results = outside.apply(pruned, arguments);
    for (int i = 0; i < kept.size(); i++) {
      found.put(kept.get(i), results.get(i));
    }
    return Optional.of(found);
  }

  private Optional<Body> chosen() {
    return outside
        .producer(operands.get(0))
        .filter(node -> node.op() instanceof Constant)
        .map(node ->
            ((Constant) node.op()).value().longAt(0) != 0 ? cond.whenTrue() : cond.whenFalse());
  }

  private static int parameterOf(Body body, int result) {
    return body.parameters().indexOf(body.results().get(result));
  }

  /** The captured values that one of the bodies needs for the kept results, each once. */
  private List<Value> used(List<Value> captured, List<Integer> kept) {
    List<Value> used = new ArrayList<>();
    Set<Integer> inTrue = needed(cond.whenTrue(), kept);
    Set<Integer> inFalse = needed(cond.whenFalse(), kept);
    for (int i = 0; i < captured.size(); i++) {
      boolean isUsed =
          inTrue.contains(cond.whenTrue().parameters().get(i).id())
              || inFalse.contains(cond.whenFalse().parameters().get(i).id());
      if (isUsed && !used.contains(captured.get(i))) {
        used.add(captured.get(i));
      }
    }
    return used;
  }

  private static Set<Integer> needed(Body body, List<Integer> kept) {
    return NeededValues.of(body, kept.stream().map(body.results()::get).toList());
  }

  private static Body rebuild(
      Body old, List<Value> captured, List<Value> used, List<Integer> kept) {
    BodyBuilder b = new BodyBuilder();
    List<Value> parameters = used.stream().map(value -> b.parameter(value.type())).toList();
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < captured.size(); i++) {
      int place = used.indexOf(captured.get(i));
      arguments.add(
          place >= 0 ? parameters.get(place) : b.filled(old.parameters().get(i).type(), 0));
    }
    List<Value> results = b.inline(old, arguments);
    return LiveNodes.prune(b.build(kept.stream().map(results::get).toList()));
  }
}
