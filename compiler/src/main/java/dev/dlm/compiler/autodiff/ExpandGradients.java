package dev.dlm.compiler.autodiff;

import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.compiler.pass.NestedBodies;
import dev.dlm.compiler.pass.Pass;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import dev.dlm.op.meta.StopGradient;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces every {@link Gradient} by the nodes that compute it, in reverse mode, every {@link
 * JacobianVectorProduct} by a gradient of a gradient, and every {@link StopGradient}, which has
 * then done its work, by its operand.
 *
 * <p>Gradients are expanded in the order in which they stand, so that one which differentiates
 * another meets that one's nodes; those inside of bodies, which gradients of loops declare, after
 * those around them. Only nodes on a path between the values asked for and the differentiated one
 * are differentiated. Where a value has several uses, the contributions are added from the last use
 * to the first. The nodes made carry the place of the node whose gradient they are, as {@code
 * gradient of}. Conditions on sizes that the new nodes bring are added to the signature's guards.
 *
 * <p>Fails with code {@code not-differentiable} where the path leads through an operand of which
 * the op says that it has no gradient.
 */
public record ExpandGradients() implements Pass {
  @Override
  public boolean judgesTheGraph() {
    return true;
  }

  @Override
  public Graph apply(Graph graph) {
    List<Signature> signatures = new ArrayList<>();
    boolean changed = false;
    for (Signature signature : graph.signatures()) {
      List<Guard> guards = new ArrayList<>(signature.guards());
      Body body = dropStops(expandAll(signature.body(), guards));
      boolean same = body == signature.body();
      changed |= !same;
      signatures.add(same ? signature : with(signature, body, guards));
    }
    return changed ? new Graph(graph.name(), graph.variables(), signatures) : graph;
  }

  /** The body with its gradients expanded. */
  static Body expand(Body body) {
    return dropStops(expandAll(body, new ArrayList<>()));
  }

  /** Gradients of loops declare gradients inside of new loops, so that one walk is not enough. */
  private static Body expandAll(Body body, List<Guard> guards) {
    Body current = body;
    while (true) {
      Body outside = expand(current, guards);
      Body next = NestedBodies.map(outside, inside -> expand(inside, guards));
      if (next == current) {
        return current;
      }
      current = next;
    }
  }

  private static Body expand(Body body, List<Guard> guards) {
    return holds(Gradient.class, body) || holds(JacobianVectorProduct.class, body)
        ? LiveNodes.prune(expandGradients(body, guards))
        : body;
  }

  private static Body dropStops(Body body) {
    return withoutStops(NestedBodies.map(body, ExpandGradients::withoutStops));
  }

  private static Signature with(Signature signature, Body body, List<Guard> guards) {
    return new Signature(
        signature.name(),
        signature.inputs(),
        signature.reads(),
        body,
        signature.outputs(),
        signature.updates(),
        guards);
  }

  /** The body with its own gradients replaced by the nodes that compute them. */
  static Body withoutGradients(Body body) {
    return expand(body, new ArrayList<>());
  }

  private static boolean holds(Class<? extends Op> op, Body body) {
    return body.nodes().stream().anyMatch(node -> op.isInstance(node.op()));
  }

  private static Body expandGradients(Body body, List<Guard> guards) {
    BodyRewriter rewriter = new BodyRewriter(body);
    // A chain of stops longer than any there is a value that nothing else can be.
    long stops = body.nodes().stream().filter(node -> node.op() instanceof StopGradient).count();
    for (Node node : body.nodes()) {
      if (node.op() instanceof Gradient) {
        List<Value> operands = rewriter.replacementsOf(node.operands());
        List<Value> gradients =
            new ReverseMode(rewriter.builder(), node.location())
                .differentiate(operands.get(0), operands.subList(1, operands.size()));
        for (int i = 0; i < gradients.size(); i++) {
          rewriter.replace(node.results().get(i), gradients.get(i));
        }
      } else if (node.op() instanceof JacobianVectorProduct product) {
        stops++;
        List<Value> operands = rewriter.replacementsOf(node.operands());
        rewriter.replace(
            node.result(), expand(product, operands, rewriter.builder(), node.location(), stops));
      } else {
        rewriter.copy(node);
      }
    }
    for (Guard guard : rewriter.builder().guards()) {
      if (guards.stream().noneMatch(known -> saysTheSame(known, guard))) {
        guards.add(guard);
      }
    }
    return rewriter.finish();
  }

  private static Value expand(
      JacobianVectorProduct product,
      List<Value> operands,
      BodyBuilder b,
      Location location,
      long stops) {
    b.at(location);
    Value y = operands.get(0);
    Value upstream = b.like(y, 0);
    for (long i = 0; i < stops; i++) {
      upstream = b.one(new StopGradient(), upstream);
    }
    List<Value> over = operands.subList(1, 1 + product.count());
    List<Value> along = operands.subList(1 + product.count(), operands.size());
    Value weighted = b.innerProduct(List.of(y), List.of(upstream));
    List<Value> gradients = new ReverseMode(b, location).differentiate(weighted, over);
    Value moved = b.at(location).innerProduct(gradients, along);
    return new ReverseMode(b, location).differentiate(moved, List.of(upstream)).get(0);
  }

  /** Whether one guard makes the other superfluous. */
  private static boolean saysTheSame(Guard known, Guard guard) {
    boolean same = known.left().equals(guard.left()) && known.right().equals(guard.right());
    boolean mirrored = known.left().equals(guard.right()) && known.right().equals(guard.left());
    return known.relation() == guard.relation()
        && (same || (mirrored && guard.relation() == Guard.Relation.EQUAL));
  }

  private static Body withoutStops(Body body) {
    if (!holds(StopGradient.class, body)) {
      return body;
    }
    BodyRewriter rewriter = new BodyRewriter(body);
    for (Node node : body.nodes()) {
      if (node.op() instanceof StopGradient) {
        rewriter.replace(node.result(), rewriter.replacementOf(node.operand(0)));
      } else {
        rewriter.copy(node);
      }
    }
    return LiveNodes.prune(rewriter.finish());
  }
}
