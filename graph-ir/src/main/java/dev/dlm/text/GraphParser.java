package dev.dlm.text;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@link GraphPrinter} prints: {@code parse(print(graph))} equals {@code graph}. Strict:
 * values are numbered in order, attributes stand in order and none is left out. Comments run from
 * {@code //} to the end of a line.
 */
public final class GraphParser {
  private final TextScanner in;
  private final TextParts parts;

  private GraphParser(String text, String file) {
    this.in = new TextScanner(text, file);
    this.parts = new TextParts(in);
  }

  /**
   * The graph of a text.
   *
   * @param file the name under which messages speak of the text
   * @throws GraphException with code {@code graph-syntax}, {@code unknown-op}, {@code graph-type},
   *     {@code graph-invalid}, or the code of a constraint of an op that is violated
   */
  public static Graph parse(String text, String file) {
    return new GraphParser(text, file).graph();
  }

  private Graph graph() {
    int start = in.position();
    in.expectWord("graph");
    String name = in.string("the name of the graph");
    in.expect('{');
    List<Variable> variables = new ArrayList<>();
    while (in.acceptWord("variable")) {
      variables.add(variable());
    }
    List<Signature> signatures = new ArrayList<>();
    while (in.acceptWord("signature")) {
      signatures.add(signature());
    }
    if (!in.accept('}')) {
      throw in.expected(
          signatures.isEmpty() ? "'variable', 'signature' or '}'" : "'signature' or '}'");
    }
    if (!in.atEnd()) {
      throw in.expected("the end of the text");
    }
    Graph graph = new Graph(name, variables, signatures);
    GraphInvariants.findViolation(graph)
        .ifPresent(violation -> {
          throw in.failure("graph-invalid", violation.message(), start);
        });
    return graph;
  }

  private Variable variable() {
    int start = in.position();
    String name = in.string("the name of a variable");
    in.expect(':');
    Variable.Role role = parts.constant(List.of(Variable.Role.values()), "a role");
    TensorType type = parts.type();
    Location location = parts.trailingLocation();
    if (!type.shape().isConstant()) {
      throw in.failure("graph-invalid", "variable '" + name + "' has no known sizes", start);
    }
    return new Variable(name, type, role, location);
  }

  private Signature signature() {
    String name = in.string("the name of a signature");
    in.expect('{');
    BodyParser body = new BodyParser(in, 0);
    List<Value> parameters = new ArrayList<>();
    List<String> inputs = named("input", parameters, body, true);
    List<String> reads = named("read", parameters, body, true);
    List<Guard> guards = new ArrayList<>();
    while (in.acceptWord("guard")) {
      guards.add(guard());
    }
    List<Node> nodes = new ArrayList<>();
    while (!in.seesWord("output") && !in.seesWord("update") && !in.sees('}')) {
      nodes.add(body.node());
    }
    List<Value> results = new ArrayList<>();
    List<String> outputs = named("output", results, body, false);
    List<String> updates = named("update", results, body, false);
    in.expect('}');
    return new Signature(
        name, inputs, reads, new Body(parameters, nodes, results), outputs, updates, guards);
  }

  private List<String> named(
      String keyword, List<Value> values, BodyParser body, boolean isDefinition) {
    List<String> names = new ArrayList<>();
    while (in.acceptWord(keyword)) {
      names.add(in.string("a name"));
      in.expect('=');
      values.add(isDefinition ? body.definition() : body.use());
    }
    return names;
  }

  private Guard guard() {
    in.expect('{');
    Dim left = parts.dim();
    Guard.Relation relation = in.sees('<') ? Guard.Relation.AT_MOST : Guard.Relation.EQUAL;
    in.expect(relation.sign().charAt(0));
    in.expect(relation.sign().charAt(1));
    Dim right = parts.dim();
    in.expect('}');
    return new Guard(relation, left, right, in.string("a reason"), parts.trailingLocation());
  }
}
