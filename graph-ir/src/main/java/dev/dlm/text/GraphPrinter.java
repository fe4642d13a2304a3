package dev.dlm.text;

import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Variable;
import java.util.List;

/**
 * Prints graphs, one node a line:
 *
 * <pre>{@code
 * graph "linear" {
 *   variable "w": weight f32[3, 1] at "linear.dlm":4:5-4:22
 *
 *   signature "predict" {
 *     input "x" = %0: f32[B, 3]
 *     read "w" = %1: f32[3, 1]
 *     %2: f32[B, 1] = dot(%0, %1) {left_batch = [], …} at "linear.dlm":5:9-5:14
 *     output "y" = %2
 *   }
 * }
 * }</pre>
 *
 * <p>Attributes are named by the components of the op's record. Constants are printed in full
 * precision. Thread-safe.
 */
public final class GraphPrinter {
  private GraphPrinter() {}

  /**
   * What to print. The text parses back to an equal graph if nothing is left out.
   *
   * @param locations whether to print where nodes come from
   * @param largestConstant constants with more elements are printed without their elements, and
   *     such a text does not parse
   */
  public record Options(boolean locations, int largestConstant) {
    /** Everything. */
    public static final Options COMPLETE = new Options(true, Integer.MAX_VALUE);

    /** Everything that a computation depends on. */
    public static final Options WITHOUT_LOCATIONS = new Options(false, Integer.MAX_VALUE);

    /** For people: neither locations nor the elements of large constants. */
    public static final Options BRIEF = new Options(false, 16);
  }

  /** The complete text of a graph. */
  public static String print(Graph graph) {
    return print(graph, Options.COMPLETE);
  }

  /** The text of a graph. */
  public static String print(Graph graph, Options options) {
    TextWriter out = new TextWriter(options);
    out.text("graph ").string(graph.name()).text(" {");
    out.indent();
    for (Variable variable : graph.variables()) {
      variable(out.newLine(), variable);
    }
    boolean first = graph.variables().isEmpty();
    for (Signature signature : graph.signatures()) {
      if (!first) {
        out.blankLine();
      }
      first = false;
      signature(out.newLine(), signature);
    }
    out.outdent();
    return out.newLine().text("}\n").toString();
  }

  /** The text of one node, for messages. */
  public static String print(Node node, Options options) {
    return new TextWriter(options).node(node).toString();
  }

  /** The text of a body that stands alone, for messages. */
  public static String print(Body body, Options options) {
    return new TextWriter(options).body(body).toString();
  }

  static void variable(TextWriter out, Variable variable) {
    out.text("variable ")
        .string(variable.name())
        .text(": ")
        .constant(variable.role())
        .text(" ")
        .text(variable.type().toString())
        .at(variable.location());
  }

  private static void signature(TextWriter out, Signature signature) {
    out.text("signature ").string(signature.name()).text(" {");
    out.indent();
    named(out, "input", signature.inputs(), 0, signature.body(), true);
    named(out, "read", signature.reads(), signature.inputs().size(), signature.body(), true);
    signature.guards().forEach(guard -> guard(out.newLine(), guard));
    signature.body().nodes().forEach(node -> out.newLine().node(node));
    named(out, "output", signature.outputs(), 0, signature.body(), false);
    named(out, "update", signature.updates(), signature.outputs().size(), signature.body(), false);
    out.outdent();
    out.newLine().text("}");
  }

  private static void named(
      TextWriter out, String keyword, List<String> names, int from, Body body, boolean typed) {
    for (int i = 0; i < names.size(); i++) {
      out.newLine().text(keyword).text(" ").string(names.get(i)).text(" = ");
      if (typed) {
        out.typed(body.parameters().get(from + i));
      } else {
        out.value(body.results().get(from + i));
      }
    }
  }

  static void guard(TextWriter out, Guard guard) {
    out.text("guard {")
        .text(guard.toString())
        .text("} ")
        .string(guard.reason())
        .at(guard.location());
  }
}
