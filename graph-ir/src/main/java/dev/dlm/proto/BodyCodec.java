package dev.dlm.proto;

import dev.dlm.ir.Body;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Bodies as messages. */
final class BodyCodec {
  private BodyCodec() {}

  static GraphMessages.Body encode(Body body, LocationEncoder locations) {
    GraphMessages.Body.Builder message = GraphMessages.Body.newBuilder();
    body.parameters().forEach(value -> message.addParameters(TypeCodec.encode(value.type())));
    for (Node node : body.nodes()) {
      GraphMessages.Node.Builder encoded =
          message
              .addNodesBuilder()
              .setOp(OpCodec.encode(node.op(), locations))
              .setLocation(locations.number(node.location()));
      node.operands().forEach(value -> encoded.addOperands(value.id()));
      node.results().forEach(value -> encoded.addResults(TypeCodec.encode(value.type())));
    }
    body.results().forEach(value -> message.addResults(value.id()));
    return message.build();
  }

  /** The body of a message; its values are defined before their use, its types are not checked. */
  static Body decode(GraphMessages.Body message, LocationDecoder locations, int depth) {
    if (depth > GraphInvariants.MAX_DEPTH) {
      throw Malformed.failure("a body is nested too deeply");
    }
    List<Value> defined = new ArrayList<>();
    message.getParametersList().forEach(type -> define(defined, TypeCodec.decode(type)));
    List<Value> parameters = List.copyOf(defined);
    List<Node> nodes = new ArrayList<>();
    for (GraphMessages.Node node : message.getNodesList()) {
      List<Value> operands = values(defined, node.getOperandsList());
      int first = defined.size();
      node.getResultsList().forEach(type -> define(defined, TypeCodec.decode(type)));
      nodes.add(
          new Node(
              OpCodec.decode(node.getOp(), locations, depth),
              operands,
              defined.subList(first, defined.size()),
              locations.at(node.getLocation())));
    }
    return new Body(parameters, nodes, values(defined, message.getResultsList()));
  }

  private static void define(List<Value> defined, TensorType type) {
    defined.add(new Value(defined.size(), type));
  }

  private static List<Value> values(List<Value> defined, List<Integer> numbers) {
    return numbers.stream()
        .map(number -> defined.get(Malformed.index(number, defined.size(), "value")))
        .toList();
  }
}
