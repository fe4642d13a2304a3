package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Leaves out of loops and choices what nothing needs, and takes out of them what they only hand
 * through.
 *
 * <ul>
 *   <li>{@code stacked results, carries, slices and captured values that nothing needs → none}
 *   <li>{@code carry that no iteration changes → captured value}
 *   <li>{@code stacked slices of a tensor → the tensor; stacked captured value → its broadcast}
 *   <li>{@code the same operand or stacked result twice → once}
 *   <li>{@code captured or scanned broadcast → the broadcast inside of the body}
 *   <li>{@code cond of a constant → the body it chooses}
 * </ul>
 */
public record PruneControlFlow() implements BodyPass {
  @Override
  public Body rewrite(Body body) {
    boolean concerned =
        body.nodes().stream()
            .anyMatch(node ->
                node.op() instanceof Scan
                    || node.op() instanceof While
                    || node.op() instanceof Cond);
    if (!concerned) {
      return body;
    }
    Body live = LiveNodes.prune(body);
    Set<Integer> needed = LiveNodes.idsNeeded(live);
    BodyRewriter rewriter = new BodyRewriter(live);
    boolean changed = false;
    for (Node node : live.nodes()) {
      Optional<Map<Integer, Value>> found = prune(node, rewriter, needed);
      if (found.isPresent()) {
        changed = true;
        found.get().forEach((result, value) -> rewriter.replace(node.results().get(result), value));
      } else {
        rewriter.copy(node);
      }
    }
    if (!changed) {
      return live;
    }
    return LiveNodes.prune(rewriter.finish());
  }

  /** What stands for the needed results of a node, by their places, if the node changes. */
  private static Optional<Map<Integer, Value>> prune(
      Node node, BodyRewriter rewriter, Set<Integer> needed) {
    List<Value> operands = rewriter.replacementsOf(node.operands());
    Set<Integer> wanted = new HashSet<>();
    for (int i = 0; i < node.results().size(); i++) {
      if (needed.contains(node.results().get(i).id())) {
        wanted.add(i);
      }
    }
    rewriter.builder().at(node.location());
    return switch (node.op()) {
      case Scan scan -> new ScanPruning(scan, operands, rewriter.builder()).prune(wanted);
      case While loop -> new WhilePruning(loop, operands, rewriter.builder()).prune(wanted);
      case Cond cond -> new CondPruning(cond, operands, rewriter.builder()).prune(wanted);
      default -> Optional.empty();
    };
  }
}
