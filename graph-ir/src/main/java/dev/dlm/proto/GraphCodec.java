package dev.dlm.proto;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
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
    GraphMessages.GraphFile file = Malformed.parse(GraphMessages.GraphFile.parser(), bytes);
    Malformed.checkVersion(file.getVersion());
    LocationDecoder locations = new LocationDecoder(file.getLocationsList());
    GraphMessages.Graph message = file.getGraph();
    Graph graph =
        new Graph(
            message.getName(),
            message.getVariablesList().stream().map(one -> decode(one, locations)).toList(),
            message.getSignaturesList().stream().map(one -> decode(one, locations)).toList());
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

  static Variable decode(GraphMessages.Variable variable, LocationDecoder locations) {
    TensorType type = TypeCodec.decode(variable.getType());
    if (!type.shape().isConstant()) {
      throw Malformed.failure("variable '" + variable.getName() + "' has no known sizes");
    }
    Variable.Role role =
        switch (variable.getRole()) {
          case WEIGHT -> Variable.Role.WEIGHT;
          case STATE -> Variable.Role.STATE;
          case TRAINING -> Variable.Role.TRAINING;
          case STREAM -> Variable.Role.STREAM;
          case ROLE_UNSPECIFIED, UNRECOGNIZED ->
              throw Malformed.failure("variable '" + variable.getName() + "' has no known role");
        };
    return new Variable(variable.getName(), type, role, locations.at(variable.getLocation()));
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

  static Guard decode(GraphMessages.Guard guard, LocationDecoder locations) {
    Guard.Relation relation =
        switch (guard.getRelation()) {
          case EQUAL -> Guard.Relation.EQUAL;
          case AT_MOST -> Guard.Relation.AT_MOST;
          case RELATION_UNSPECIFIED, UNRECOGNIZED ->
              throw Malformed.failure("a guard has no known relation");
        };
    return new Guard(
        relation,
        TypeCodec.decode(guard.getLeft()),
        TypeCodec.decode(guard.getRight()),
        guard.getReason(),
        locations.at(guard.getLocation()));
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

  private static Signature decode(GraphMessages.Signature signature, LocationDecoder locations) {
    Body body = BodyCodec.decode(signature.getBody(), locations, 0);
    List<Guard> guards =
        signature.getGuardsList().stream().map(one -> decode(one, locations)).toList();
    try {
      return new Signature(
          signature.getName(),
          List.copyOf(signature.getInputsList()),
          List.copyOf(signature.getReadsList()),
          body,
          List.copyOf(signature.getOutputsList()),
          List.copyOf(signature.getUpdatesList()),
          guards);
    } catch (IllegalArgumentException e) {
      throw Malformed.failure(String.valueOf(e.getMessage()));
    }
  }
}
