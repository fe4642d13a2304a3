package dev.dlm.compiler.pass;

import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.op.Attributes;
import dev.dlm.op.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The bodies that ops hold as attributes. Descends as deep as bodies are nested, never along a
 * chain of nodes.
 */
public final class NestedBodies {
  private static final ClassValue<Boolean> HOLDS_BODIES =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return type.isRecord()
              && Arrays.stream(type.getRecordComponents())
                  .anyMatch(part -> part.getGenericType().getTypeName().contains(BODY));
        }
      };
  private static final String BODY = Body.class.getName();

  private NestedBodies() {}

  /**
   * The body with every body inside its ops changed, innermost first, itself left as it is; the
   * same instance if none changed. The change keeps the types of parameters and results.
   */
  public static Body map(Body body, UnaryOperator<Body> change) {
    List<Node> nodes = new ArrayList<>(body.nodes().size());
    boolean changed = false;
    for (Node node : body.nodes()) {
      Op op = mapOp(node.op(), change);
      boolean same = op == node.op();
      changed |= !same;
      nodes.add(same ? node : new Node(op, node.operands(), node.results(), node.location()));
    }
    return changed ? new Body(body.parameters(), nodes, body.results()) : body;
  }

  private static Op mapOp(Op op, UnaryOperator<Body> change) {
    if (!HOLDS_BODIES.get(op.getClass()) || !(op instanceof Record record)) {
      return op;
    }
    List<Object> values = new ArrayList<>();
    boolean changed = false;
    for (Object value : Attributes.valuesOf(record)) {
      Object mapped = mapAttribute(value, change);
      changed |= mapped != value;
      values.add(mapped);
    }
    return changed ? Attributes.create(op.getClass(), values) : op;
  }

  private static Object mapAttribute(Object value, UnaryOperator<Body> change) {
    if (value instanceof Body body) {
      return change.apply(map(body, change));
    }
    if (value instanceof List<?> list) {
      List<Object> mapped = new ArrayList<>();
      boolean changed = false;
      for (Object element : list) {
        Object other = mapAttribute(element, change);
        changed |= other != element;
        mapped.add(other);
      }
      return changed ? mapped : list;
    }
    return value;
  }
}
