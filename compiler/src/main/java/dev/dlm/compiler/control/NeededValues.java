package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.Value;
import java.util.List;
import java.util.Set;

/** What some values of a body need. */
final class NeededValues {
  private NeededValues() {}

  /** The numbers of the values that the given ones need, themselves included. */
  static Set<Integer> of(Body body, List<Value> roots) {
    return LiveNodes.idsNeeded(new Body(body.parameters(), body.nodes(), roots));
  }
}
