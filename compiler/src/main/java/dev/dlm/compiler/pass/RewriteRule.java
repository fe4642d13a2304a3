package dev.dlm.compiler.pass;

import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import java.util.Optional;

/**
 * A local law: a node of a certain op, in a certain setting, may be replaced by another value of
 * the same type.
 *
 * @param law in words, {@code before → after}, with the conditions under which it holds
 * @param root the class of op at which the rule looks; {@code Op} for all
 */
public record RewriteRule<T extends Op>(String law, Class<T> root, Rewriting<T> rewriting) {

  /** The deed of a rule. */
  @FunctionalInterface
  public interface Rewriting<T extends Op> {
    /**
     * The value to use instead of the node's only result; empty where the law does not apply.
     *
     * @param op the node's op
     * @param node a node of the body being built
     * @param scope what the rule may look at and build with
     */
    Optional<Value> apply(T op, Node node, RewriteScope scope);
  }

  Optional<Value> apply(Node node, RewriteScope scope) {
    return rewriting.apply(root.cast(node.op()), node, scope);
  }
}
