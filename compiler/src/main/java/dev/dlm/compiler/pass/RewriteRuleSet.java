package dev.dlm.compiler.pass;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Rewrite rules applied to a body, in their order at each node, until none applies. Immutable.
 *
 * @param rules the first that applies wins
 */
public record RewriteRuleSet(List<RewriteRule<?>> rules) {
  /** Far above what any law chain needs; more means that two rules undo each other. */
  private static final int MAX_SWEEPS = 100;

  public RewriteRuleSet {
    rules = List.copyOf(rules);
  }

  /** The rewritten body without nodes it no longer needs; the same instance if no rule applies. */
  public Body rewrite(Body body) {
    Body current = body;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      Body next = sweep(current);
      if (next == current) {
        return current;
      }
      current = next;
    }
    throw new InternalException("rewrite rules do not come to an end");
  }

  private Body sweep(Body body) {
    BodyRewriter rewriter = new BodyRewriter(body);
    RewriteScope scope = new RewriteScope(rewriter.builder());
    boolean changed = false;
    for (Node node : body.nodes()) {
      List<Value> copied = rewriter.copy(node);
      if (copied.size() > 1) {
        continue;
      }
      Value replacement = simplest(copied.get(0), scope);
      if (!replacement.equals(copied.get(0))) {
        rewriter.replace(node.result(), replacement);
        changed = true;
      }
    }
    return changed ? LiveNodes.prune(rewriter.finish()) : body;
  }

  /** Follows the rules at the root until none applies there; later sweeps look inside. */
  private Value simplest(Value start, RewriteScope scope) {
    Value value = start;
    for (int step = 0; step < MAX_SWEEPS; step++) {
      Optional<Node> node = scope.producer(value);
      Optional<Value> next = node.flatMap(found -> step(found, scope));
      if (next.isEmpty()) {
        return value;
      }
      value = next.get();
    }
    throw new InternalException("rewrite rules do not come to an end");
  }

  private Optional<Value> step(Node node, RewriteScope scope) {
    for (RewriteRule<?> rule : rules) {
      if (rule.root().isInstance(node.op())) {
        scope.builder().at(node.location());
        // With symbolic sizes, two types may be equal by a guard only: then the law would change
        // the type of every value that follows.
        Optional<Value> found =
            rule.apply(node, scope)
                .filter(value -> value.type().equals(node.result().type()))
                .filter(value -> !value.equals(node.result()));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }
}
