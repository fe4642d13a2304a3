package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.Node;

/** Questions about the two operands of a node that several families of laws ask. */
final class Operands {
  private Operands() {}

  /** Whether the first operand is uniformly constant and the second is not. */
  static boolean isConstantFirst(Node node, RewriteScope scope) {
    return scope.uniform(node.operand(0)).isPresent() && scope.uniform(node.operand(1)).isEmpty();
  }

  /** Whether both operands are one value. */
  static boolean areSame(Node node) {
    return node.operand(0).equals(node.operand(1));
  }
}
