package dev.dlm.text;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Body;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.AttributeType;
import dev.dlm.op.Attributes;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.OpRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads parameters, nodes and results of one body, and ops with their attributes. */
final class BodyParser {
  private final TextScanner in;
  private final TextParts parts;
  private final int depth;
  private final List<Value> defined = new ArrayList<>();

  BodyParser(TextScanner in, int depth) {
    this.in = in;
    this.parts = new TextParts(in);
    this.depth = depth;
    if (depth > GraphInvariants.MAX_DEPTH) {
      throw in.failure("graph-syntax", "the body is nested too deeply", in.position());
    }
  }

  /** A new value with its type. */
  Value definition() {
    Value value = announcement(defined.size());
    defined.add(value);
    return value;
  }

  private Value announcement(int next) {
    int start = in.position();
    in.expect('%');
    long id = in.integer("the number of a value", 0, Integer.MAX_VALUE);
    if (id != next) {
      throw in.failure("graph-syntax", "expected %" + next + ", found %" + id, start);
    }
    in.expect(':');
    return new Value(next, parts.type());
  }

  /** A value that is defined already. */
  Value use() {
    int start = in.position();
    in.expect('%');
    long id = in.integer("the number of a value", 0, Integer.MAX_VALUE);
    if (id >= defined.size()) {
      throw in.failure("graph-syntax", "value %" + id + " is not defined before", start);
    }
    return defined.get((int) id);
  }

  /** A node: results, op, operands, attributes, location. */
  Node node() {
    int start = in.position();
    List<Value> results = new ArrayList<>();
    while (in.sees('%')) {
      results.add(announcement(defined.size() + results.size()));
      if (!in.accept(',')) {
        in.expect('=');
        break;
      }
    }
    Class<? extends Op> type = opClass();
    in.expect('(');
    List<Value> operands = new ArrayList<>();
    while (!in.accept(')')) {
      if (!operands.isEmpty()) {
        in.expect(',');
      }
      operands.add(use());
    }
    Op op = (Op) (hasAttributes(type) ? group(type, 0) : create(type, List.of(), start));
    Location location = parts.trailingLocation();
    checkTypes(op, operands, results, start);
    defined.addAll(results);
    return new Node(op, operands, results, location);
  }

  private static boolean hasAttributes(Class<?> type) {
    return !AttributeType.of(type).isEmpty();
  }

  private Class<? extends Op> opClass() {
    int start = in.position();
    String name = in.word("the name of an op");
    Optional<Class<? extends Op>> type = OpRegistry.instance().find(name);
    return type.orElseThrow(() -> {
      Diagnostic unknown =
          Diagnostic.error("unknown-op", "there is no op '" + name + "'", in.locationOf(start));
      return new GraphException(
          Suggestion.closest(name, OpRegistry.instance().all().keySet())
              .map(close -> unknown.withHelp("did you mean '" + close + "'?"))
              .orElse(unknown));
    });
  }

  private void checkTypes(Op op, List<Value> operands, List<Value> results, int start) {
    List<TensorType> printed = results.stream().map(Value::type).toList();
    List<TensorType> inferred;
    try {
      inferred =
          new InferContext(op, operands.stream().map(Value::type).toList(), Location.UNKNOWN)
              .infer();
    } catch (GraphException e) {
      Location place = in.locationOf(start);
      throw new GraphException(e.diagnostics().stream().map(one -> one.at(place)).toList());
    }
    if (!inferred.equals(printed)) {
      throw in.failure("graph-type", op.name() + " gives " + inferred + ", not " + printed, start);
    }
  }

  private Object group(Class<?> type, int nesting) {
    int start = in.position();
    if (nesting > GraphInvariants.MAX_DEPTH) {
      throw in.failure("graph-syntax", "attributes are nested too deeply", start);
    }
    in.expect('{');
    List<Object> values = new ArrayList<>();
    for (AttributeType.Attribute attribute : AttributeType.of(type)) {
      if (!values.isEmpty()) {
        in.expect(',');
      }
      in.expectWord(attribute.name());
      in.expect('=');
      values.add(attribute(attribute.type(), nesting));
    }
    in.expect('}');
    return create(type, values, start);
  }

  private Object create(Class<?> type, List<Object> values, int start) {
    try {
      return Attributes.create(type, values);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.failure("graph-syntax", "bad attributes: " + e.getMessage(), start);
    }
  }

  private Object attribute(AttributeType type, int nesting) {
    return switch (type) {
      case AttributeType.Plain plain -> plain(plain);
      case AttributeType.Choice choice -> parts.constant(choice.constants(), "one of");
      case AttributeType.Group group -> group(group.type(), nesting + 1);
      case AttributeType.Sequence sequence -> {
        in.expect('[');
        List<Object> elements = new ArrayList<>();
        while (!in.accept(']')) {
          if (!elements.isEmpty()) {
            in.expect(',');
          }
          elements.add(attribute(sequence.element(), nesting + 1));
        }
        yield List.copyOf(elements);
      }
    };
  }

  private Object plain(AttributeType.Plain type) {
    return switch (type) {
      case BOOLEAN -> parts.bool();
      case INT -> (int) in.integer("a number", Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> in.integer("a number", Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> in.floating(false);
      case STRING -> in.string("a text");
      case DTYPE -> parts.dtype();
      case DIM -> parts.dim();
      case SHAPE -> parts.shape();
      case TENSOR_TYPE -> parts.type();
      case TENSOR -> parts.tensor();
      case BODY -> new BodyParser(in, depth + 1).nestedBody();
    };
  }

  private Body nestedBody() {
    in.expect('(');
    List<Value> parameters = new ArrayList<>();
    while (!in.accept(')')) {
      if (!parameters.isEmpty()) {
        in.expect(',');
      }
      parameters.add(definition());
    }
    in.expect('{');
    List<Node> nodes = new ArrayList<>();
    while (!in.acceptWord("return")) {
      nodes.add(node());
    }
    List<Value> results = new ArrayList<>();
    while (in.sees('%')) {
      results.add(use());
      if (!in.accept(',')) {
        break;
      }
    }
    in.expect('}');
    return new Body(parameters, nodes, results);
  }
}
