package dev.dlm.proto;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * Graphs as bytes of the form {@code dlm.v1.GraphFile}. Equal graphs give equal bytes. Thread-safe.
 */
public final class GraphCodec {
  private GraphCodec() {}

  /** The bytes of a graph. */
  public static byte[] encode(Graph graph) {
    LocationEncoder locations = new LocationEncoder();
    GraphMessages.Graph.Builder message = GraphMessages.Graph.newBuilder().setName(graph.name());
    graph.variables().forEach(variable -> message.addVariables(encode(variable, locations)));
    graph.signatures().forEach(signature -> message.addSignatures(encode(signature, locations)));
    return GraphMessages.GraphFile.newBuilder()
        .setVersion(Malformed.VERSION)
        .setGraph(message)
        .addAllLocations(locations.table())
        .build()
        .toByteArray();
  }

  /**
   * The graph of the given bytes, with all its types checked.
   *
   * @throws GraphException with code {@code bytes-invalid}, {@code bytes-version}, {@code
   *     unknown-op} or {@code graph-invalid}
   */
  public static Graph decode(byte[] bytes) {
    WireMessage file = WireMessage.of(bytes);
    Malformed.checkVersion(file.uint32(GraphMessages.GraphFile.VERSION_FIELD_NUMBER));
    LocationDecoder locations =
        new LocationDecoder(file.messages(GraphMessages.GraphFile.LOCATIONS_FIELD_NUMBER));
    WireMessage message = file.message(GraphMessages.GraphFile.GRAPH_FIELD_NUMBER);
    List<Variable> variables =
        decodeVariables(message.messages(GraphMessages.Graph.VARIABLES_FIELD_NUMBER), locations);
    List<Signature> signatures = new ArrayList<>();
    for (WireMessage one : message.messages(GraphMessages.Graph.SIGNATURES_FIELD_NUMBER)) {
      signatures.add(decodeSignature(one, locations));
    }
    Graph graph =
        new Graph(message.string(GraphMessages.Graph.NAME_FIELD_NUMBER), variables, signatures);
    GraphInvariants.findViolation(graph)
        .ifPresent(violation -> {
          throw Malformed.unsound(violation.message(), violation.location());
        });
    return graph;
  }

  static GraphMessages.Variable encode(Variable variable, LocationEncoder locations) {
    return GraphMessages.Variable.newBuilder()
        .setName(variable.name())
        .setType(TypeCodec.encode(variable.type()))
        .setRole(
            switch (variable.role()) {
              case WEIGHT -> GraphMessages.Variable.Role.WEIGHT;
              case STATE -> GraphMessages.Variable.Role.STATE;
              case TRAINING -> GraphMessages.Variable.Role.TRAINING;
              case STREAM -> GraphMessages.Variable.Role.STREAM;
            })
        .setLocation(locations.number(variable.location()))
        .build();
  }

  static List<Variable> decodeVariables(List<WireMessage> variables, LocationDecoder locations) {
    List<Variable> decoded = new ArrayList<>();
    for (WireMessage variable : variables) {
      decoded.add(decodeVariable(variable, locations));
    }
    return decoded;
  }

  private static Variable decodeVariable(WireMessage variable, LocationDecoder locations) {
    String name = variable.string(GraphMessages.Variable.NAME_FIELD_NUMBER);
    TensorType type =
        TypeCodec.decodeType(variable.message(GraphMessages.Variable.TYPE_FIELD_NUMBER));
    if (!type.shape().isConstant()) {
      throw Malformed.failure("variable '" + name + "' has no known sizes");
    }
    Variable.Role role =
        switch (variable.enumNumber(GraphMessages.Variable.ROLE_FIELD_NUMBER)) {
          case GraphMessages.Variable.Role.WEIGHT_VALUE -> Variable.Role.WEIGHT;
          case GraphMessages.Variable.Role.STATE_VALUE -> Variable.Role.STATE;
          case GraphMessages.Variable.Role.TRAINING_VALUE -> Variable.Role.TRAINING;
          case GraphMessages.Variable.Role.STREAM_VALUE -> Variable.Role.STREAM;
          default -> throw Malformed.failure("variable '" + name + "' has no known role");
        };
    return new Variable(
        name,
        type,
        role,
        locations.at(variable.uint32(GraphMessages.Variable.LOCATION_FIELD_NUMBER)));
  }

  static GraphMessages.Guard encode(Guard guard, LocationEncoder locations) {
    return GraphMessages.Guard.newBuilder()
        .setRelation(
            switch (guard.relation()) {
              case EQUAL -> GraphMessages.Guard.Relation.EQUAL;
              case AT_MOST -> GraphMessages.Guard.Relation.AT_MOST;
            })
        .setLeft(TypeCodec.encode(guard.left()))
        .setRight(TypeCodec.encode(guard.right()))
        .setReason(guard.reason())
        .setLocation(locations.number(guard.location()))
        .build();
  }

  static List<Guard> decodeGuards(List<WireMessage> guards, LocationDecoder locations) {
    List<Guard> decoded = new ArrayList<>();
    for (WireMessage guard : guards) {
      decoded.add(decodeGuard(guard, locations));
    }
    return decoded;
  }

  private static Guard decodeGuard(WireMessage guard, LocationDecoder locations) {
    Guard.Relation relation =
        switch (guard.enumNumber(GraphMessages.Guard.RELATION_FIELD_NUMBER)) {
          case GraphMessages.Guard.Relation.EQUAL_VALUE -> Guard.Relation.EQUAL;
          case GraphMessages.Guard.Relation.AT_MOST_VALUE -> Guard.Relation.AT_MOST;
          default -> throw Malformed.failure("a guard has no known relation");
        };
    return new Guard(
        relation,
        TypeCodec.decodeDim(guard.message(GraphMessages.Guard.LEFT_FIELD_NUMBER)),
        TypeCodec.decodeDim(guard.message(GraphMessages.Guard.RIGHT_FIELD_NUMBER)),
        guard.string(GraphMessages.Guard.REASON_FIELD_NUMBER),
        locations.at(guard.uint32(GraphMessages.Guard.LOCATION_FIELD_NUMBER)));
  }

  private static GraphMessages.Signature encode(Signature signature, LocationEncoder locations) {
    return GraphMessages.Signature.newBuilder()
        .setName(signature.name())
        .addAllInputs(signature.inputs())
        .addAllReads(signature.reads())
        .setBody(BodyCodec.encode(signature.body(), locations))
        .addAllOutputs(signature.outputs())
        .addAllUpdates(signature.updates())
        .addAllGuards(signature.guards().stream().map(one -> encode(one, locations)).toList())
        .build();
  }

  private static Signature decodeSignature(WireMessage signature, LocationDecoder locations) {
    Body body =
        BodyCodec.decode(
            signature.message(GraphMessages.Signature.BODY_FIELD_NUMBER), locations, 0);
    List<Guard> guards =
        decodeGuards(signature.messages(GraphMessages.Signature.GUARDS_FIELD_NUMBER), locations);
    try {
      return new Signature(
          signature.string(GraphMessages.Signature.NAME_FIELD_NUMBER),
          signature.strings(GraphMessages.Signature.INPUTS_FIELD_NUMBER),
          signature.strings(GraphMessages.Signature.READS_FIELD_NUMBER),
          body,
          signature.strings(GraphMessages.Signature.OUTPUTS_FIELD_NUMBER),
          signature.strings(GraphMessages.Signature.UPDATES_FIELD_NUMBER),
          guards);
    } catch (IllegalArgumentException e) {
      throw Malformed.failure(String.valueOf(e.getMessage()));
    }
  }
}
