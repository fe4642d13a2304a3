package dev.dlm.cli.show;

import dev.dlm.diagnostic.ShortLocation;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import java.util.List;

/** A graph in the DOT language of Graphviz: a cluster for each signature. */
public final class GraphDrawing {
  private GraphDrawing() {}

  /** The drawing of all signatures. */
  public static String of(Graph graph) {
    DotWriter out = new DotWriter(graph.name());
    List<Signature> signatures = graph.signatures();
    for (int i = 0; i < signatures.size(); i++) {
      out.beginCluster(i, signatures.get(i).name());
      draw(out, signatures.get(i));
      out.endCluster();
    }
    return out.finish();
  }

  private static void draw(DotWriter out, Signature signature) {
    String prefix = signature.name() + " ";
    String[] makers = new String[signature.body().countValues()];
    for (int i = 0; i < signature.body().parameters().size(); i++) {
      Value parameter = signature.body().parameters().get(i);
      boolean isInput = i < signature.inputs().size();
      String name =
          isInput
              ? signature.inputs().get(i)
              : signature.reads().get(i - signature.inputs().size());
      makers[parameter.id()] = prefix + (isInput ? "input " : "read ") + name;
      out.node(makers[parameter.id()], name, true);
    }
    List<Node> nodes = signature.body().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String id = prefix + i;
      String place = ShortLocation.of(node.location());
      out.node(id, node.op().name() + (place.isEmpty() ? "" : "\n" + place), false);
      node.results().forEach(result -> makers[result.id()] = id);
      node.operands().forEach(operand -> draw(out, makers, operand, id));
    }
    for (int i = 0; i < signature.body().results().size(); i++) {
      boolean isOutput = i < signature.outputs().size();
      String name =
          isOutput
              ? signature.outputs().get(i)
              : signature.updates().get(i - signature.outputs().size());
      String id = prefix + (isOutput ? "output " : "update ") + name;
      out.node(id, name, true);
      draw(out, makers, signature.body().results().get(i), id);
    }
  }

  private static void draw(DotWriter out, String[] makers, Value value, String target) {
    out.edge(makers[value.id()], target, value.type().toString());
  }
}
