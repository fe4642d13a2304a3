package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.meta.StopGradient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves out of loops what is the same in every iteration: nodes that need captured values alone are
 * computed once before the loop, and their results captured instead. Nodes that cost nothing in a
 * fused loop (broadcasts and the like) stay inside, unless a kernel of its own, such as a product,
 * reads them from memory. A loop in a loop stays where it is, for it might not end.
 */
public record HoistInvariants() implements BodyPass {
  @Override
  public Body rewrite(Body body) {
    BodyRewriter rewriter = new BodyRewriter(body);
    boolean changed = false;
    for (Node node : body.nodes()) {
      List<Value> operands = rewriter.replacementsOf(node.operands());
      Optional<List<Value>> results =
          switch (node.op()) {
            case Scan scan -> hoist(scan, operands, rewriter.builder(), node);
            case While loop -> hoist(loop, operands, rewriter.builder(), node);
            default -> Optional.empty();
          };
      if (results.isPresent()) {
        changed = true;
        for (int i = 0; i < node.results().size(); i++) {
          rewriter.replace(node.results().get(i), results.get().get(i));
        }
      } else {
        rewriter.copy(node);
      }
    }
    return changed ? LiveNodes.prune(rewriter.finish()) : body;
  }

  private static Optional<List<Value>> hoist(
      Scan scan, List<Value> operands, BodyBuilder outside, Node node) {
    Body body = scan.body();
    int firstCapture = scan.carries() + scan.scanned();
    Set<Value> moved = invariants(body, firstCapture);
    if (moved.isEmpty()) {
      return Optional.empty();
    }
    List<Value> arguments = new ArrayList<>(operands);
    arguments.addAll(compute(body, moved, firstCapture, operands, outside));
    Scan hoisted =
        new Scan(
            capturing(body, moved, List.of(), List.of()),
            scan.carries(),
            scan.scanned(),
            scan.length(),
            scan.reverse(),
            scan.activations());
    return Optional.of(outside.at(node.location()).apply(hoisted, arguments));
  }

  private static Optional<List<Value>> hoist(
      While loop, List<Value> operands, BodyBuilder outside, Node node) {
    Set<Value> inCondition = invariants(loop.condition(), loop.carries());
    Set<Value> inBody = invariants(loop.body(), loop.carries());
    if (inCondition.isEmpty() && inBody.isEmpty()) {
      return Optional.empty();
    }
    List<Value> arguments = new ArrayList<>(operands);
    arguments.addAll(compute(loop.condition(), inCondition, loop.carries(), operands, outside));
    arguments.addAll(compute(loop.body(), inBody, loop.carries(), operands, outside));
    Body condition = capturing(loop.condition(), inCondition, List.of(), inBody);
    Body body = capturing(loop.body(), inBody, inCondition, List.of());
    While hoisted = new While(condition, body, loop.carries(), loop.limit());
    return Optional.of(outside.at(node.location()).apply(hoisted, arguments));
  }

  /**
   * Values that nodes which vary, or results, need of nodes that do not vary and cost something.
   */
  private static Set<Value> invariants(Body body, int firstCapture) {
    Map<Integer, Node> fixed = new HashMap<>();
    Set<Integer> isFixed = new LinkedHashSet<>();
    body.parameters()
        .subList(firstCapture, body.parameters().size())
        .forEach(parameter -> isFixed.add(parameter.id()));
    Set<Value> frontier = new LinkedHashSet<>();
    for (Node node : body.nodes()) {
      boolean stays =
          node.op() instanceof While
              || !node.operands().stream().allMatch(value -> isFixed.contains(value.id()));
      if (stays && FreeOps.isFused(node.op())) {
        node.operands().forEach(operand -> addCostly(operand, fixed, frontier));
      } else if (stays) {
        node.operands().forEach(operand -> addInMemory(operand, fixed, frontier));
      } else {
        node.results()
            .forEach(result -> {
              isFixed.add(result.id());
              fixed.put(result.id(), node);
            });
      }
    }
    body.results().forEach(result -> addCostly(result, fixed, frontier));
    return frontier;
  }

  /** Looks through nodes that cost nothing. */
  private static void addCostly(Value value, Map<Integer, Node> fixed, Set<Value> frontier) {
    List<Value> pending = new ArrayList<>(List.of(value));
    while (!pending.isEmpty()) {
      Value next = pending.removeLast();
      Node node = fixed.get(next.id());
      if (node != null && FreeOps.isFree(node.op())) {
        pending.addAll(node.operands());
      } else if (node != null) {
        frontier.add(next);
      }
    }
  }

  /**
   * Looks through nodes whose result is their operand's bytes. A broadcast stays: {@link
   * PruneControlFlow} makes those inside.
   */
  private static void addInMemory(Value value, Map<Integer, Node> fixed, Set<Value> frontier) {
    Value next = value;
    Node node = fixed.get(next.id());
    while (node != null && (node.op() instanceof Reshape || node.op() instanceof StopGradient)) {
      next = node.operand(0);
      node = fixed.get(next.id());
    }
    if (node == null || node.op() instanceof Constant || node.op() instanceof Broadcast) {
      addCostly(next, fixed, frontier);
    } else {
      frontier.add(next);
    }
  }

  /** The values outside of the loop. */
  private static List<Value> compute(
      Body body, Set<Value> moved, int firstCapture, List<Value> operands, BodyBuilder outside) {
    Set<Integer> needed = NeededValues.of(body, List.copyOf(moved));
    ValueMap outer = new ValueMap();
    for (int i = firstCapture; i < body.parameters().size(); i++) {
      outer.put(body.parameters().get(i), operands.get(i));
    }
    for (Node node : body.nodes()) {
      if (node.results().stream().anyMatch(result -> needed.contains(result.id()))) {
        outside.at(node.location());
        outer.put(node.results(), outside.apply(node.op(), outer.of(node.operands())));
      }
    }
    return outer.of(List.copyOf(moved));
  }

  /**
   * The body with further parameters for the moved values.
   *
   * @param before values that it takes before them and does not use
   * @param after values that it takes after them and does not use
   */
  private static Body capturing(
      Body body, Collection<Value> moved, Collection<Value> before, Collection<Value> after) {
    BodyBuilder b = new BodyBuilder();
    ValueMap mapped = new ValueMap();
    body.parameters().forEach(p -> mapped.put(p, b.parameter(p.type())));
    before.forEach(value -> b.parameter(value.type()));
    moved.forEach(value -> mapped.put(value, b.parameter(value.type())));
    after.forEach(value -> b.parameter(value.type()));
    for (Node node : body.nodes()) {
      b.at(node.location());
      mapped.put(node.results(), b.apply(node.op(), mapped.of(node.operands())));
    }
    return LiveNodes.prune(b.build(mapped.of(body.results())));
  }
}
