package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps what a backward scan would compute again: where it computes something costly from nothing
 * but what the forward scan's iteration saw, the forward scan, which mostly computes it anyway,
 * stacks it as one more result. What is cheap to compute from the kept values stays. Scans that ask
 * for {@link Activations#RECOMPUTED} are left alone.
 */
public record SaveActivations() implements BodyPass {
  @Override
  public Body rewrite(Body body) {
    Map<Integer, List<ForwardPart>> byForward = new HashMap<>();
    Map<Integer, ForwardPart> byBackward = new HashMap<>();
    Map<Integer, Node> producers = new HashMap<>();
    for (Node node : body.nodes()) {
      node.results().forEach(result -> producers.put(result.id(), node));
      if (node.op() instanceof Scan scan && scan.activations() == Activations.SAVED) {
        for (Node forward : forwardsOf(node, scan, body, producers)) {
          ForwardPart part = new ForwardPart(forward, node);
          if (!part.saved().isEmpty() && !byBackward.containsKey(node.result().id())) {
            byBackward.put(node.result().id(), part);
            byForward.computeIfAbsent(forward.result().id(), _ -> new ArrayList<>()).add(part);
          }
        }
      }
    }
    return byBackward.isEmpty() ? body : rewrite(body, byForward, byBackward);
  }

  /** The scans in the other direction of which a scan slices the carries or the operands. */
  private static List<Node> forwardsOf(
      Node node, Scan scan, Body body, Map<Integer, Node> producers) {
    List<Value> scanned = scannedOf(node, scan);
    List<Node> found = new ArrayList<>();
    for (Node other : body.nodes()) {
      if (other.result().id() >= node.result().id()) {
        break;
      }
      if (other.op() instanceof Scan forward
          && forward.length().equals(scan.length())
          && forward.reverse() != scan.reverse()) {
        boolean slicesCarries =
            scanned.stream()
                .anyMatch(value ->
                    other.equals(producers.get(value.id())) && isCarry(value, other, forward));
        boolean slicesOperands =
            forward.carries() == 0
                && forward.scanned() > 0
                && scanned.containsAll(scannedOf(other, forward));
        if (slicesCarries || slicesOperands) {
          found.add(other);
        }
      }
    }
    return found;
  }

  private static List<Value> scannedOf(Node node, Scan scan) {
    return node.operands().subList(scan.carries(), scan.carries() + scan.scanned());
  }

  /** Whether a stacked result is the carry before each iteration. */
  private static boolean isCarry(Value value, Node node, Scan scan) {
    int result = node.results().indexOf(value);
    int parameter = scan.body().parameters().indexOf(scan.body().results().get(result));
    return result >= scan.carries() && parameter >= 0 && parameter < scan.carries();
  }

  private static Body rewrite(
      Body body, Map<Integer, List<ForwardPart>> byForward, Map<Integer, ForwardPart> byBackward) {
    BodyRewriter rewriter = new BodyRewriter(body);
    for (Node node : body.nodes()) {
      List<ForwardPart> parts = byForward.getOrDefault(node.result().id(), List.of());
      ForwardPart own = byBackward.get(node.result().id());
      if (parts.isEmpty() && own == null) {
        rewriter.copy(node);
        continue;
      }
      ScanDraft draft =
          own == null
              ? ScanDraft.of((Scan) node.op(), rewriter.replacementsOf(node.operands()))
              : own.backward(rewriter);
      parts.forEach(part -> part.addTo(draft, rewriter));
      List<Value> results =
          rewriter.builder().at(node.location()).apply(draft.scan(), draft.operands());
      for (int i = 0; i < node.results().size(); i++) {
        rewriter.replace(node.results().get(i), results.get(i));
      }
      parts.forEach(part -> part.stacked(results));
    }
    return LiveNodes.prune(rewriter.finish());
  }
}
