package dev.dlm.compiler;

import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Graphs extended by gradients, for properties of passes. */
final class GradientsOf {
  private GradientsOf() {}

  /**
   * The graph with, in each signature, a further output {@code d0, d1, …} for each floating-point
   * parameter: the gradient of the output {@code loss} with respect to it.
   */
  static Graph loss(Graph graph) {
    return new Graph(
        graph.name(),
        graph.variables(),
        graph.signatures().stream().map(GradientsOf::extend).toList());
  }

  private static Signature extend(Signature signature) {
    BodyRewriter rewriter = new BodyRewriter(signature.body());
    for (Node node : signature.body().nodes()) {
      rewriter.copy(node);
    }
    Body copied = rewriter.finish();
    Value loss = copied.results().get(signature.outputs().indexOf("loss"));
    List<Value> over =
        copied.parameters().stream().filter(value -> value.dtype().isFloat()).toList();
    List<Value> results = new ArrayList<>(copied.results());
    List<String> outputs = new ArrayList<>(signature.outputs());
    for (Value gradient : rewriter.builder().gradient(loss, over)) {
      outputs.add("d" + (outputs.size() - signature.outputs().size()));
      results.add(outputs.size() - 1, gradient);
    }
    return new Signature(
        signature.name(),
        signature.inputs(),
        signature.reads(),
        rewriter.builder().build(results),
        outputs,
        signature.updates(),
        signature.guards());
  }
}
