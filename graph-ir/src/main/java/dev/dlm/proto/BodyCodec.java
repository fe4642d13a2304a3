package dev.dlm.proto;

import dev.dlm.ir.Body;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Node;
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
  static Body decode(WireMessage body, LocationDecoder locations, int depth) {
    if (depth > GraphInvariants.MAX_DEPTH) {
      throw Malformed.failure("a body is nested too deeply");
    }
    List<Value> defined = new ArrayList<>();
    define(defined, body.messages(GraphMessages.Body.PARAMETERS_FIELD_NUMBER));
    List<Value> parameters = List.copyOf(defined);
    List<Node> nodes = new ArrayList<>();
    for (WireMessage node : body.messages(GraphMessages.Body.NODES_FIELD_NUMBER)) {
      List<Value> operands =
          values(defined, node.uint32s(GraphMessages.Node.OPERANDS_FIELD_NUMBER));
      int first = defined.size();
      define(defined, node.messages(GraphMessages.Node.RESULTS_FIELD_NUMBER));
      nodes.add(
          new Node(
              OpCodec.decode(node.message(GraphMessages.Node.OP_FIELD_NUMBER), locations, depth),
              operands,
              defined.subList(first, defined.size()),
              locations.at(node.uint32(GraphMessages.Node.LOCATION_FIELD_NUMBER))));
    }
    return new Body(
        parameters, nodes, values(defined, body.uint32s(GraphMessages.Body.RESULTS_FIELD_NUMBER)));
  }

  private static void define(List<Value> defined, List<WireMessage> types) {
    for (WireMessage type : types) {
      defined.add(new Value(defined.size(), TypeCodec.decodeType(type)));
    }
  }

  private static List<Value> values(List<Value> defined, List<Integer> numbers) {
    List<Value> values = new ArrayList<>();
    for (int number : numbers) {
      values.add(defined.get(Malformed.index(number, defined.size(), "value")));
    }
    return values;
  }
}
