package dev.dlm.proto;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.AttributeType;
import dev.dlm.op.Attributes;
import dev.dlm.op.Op;
import dev.dlm.op.OpRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ops as messages: the name, and the attributes as the components of the record say. */
final class OpCodec {
  private static final int[] KINDS = {
    WireMessage.varint(GraphMessages.AttributeValue.BOOLEAN_FIELD_NUMBER),
    WireMessage.varint(GraphMessages.AttributeValue.INTEGER_FIELD_NUMBER),
    WireMessage.fixed64(GraphMessages.AttributeValue.FLOATING_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.TEXT_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.CHOICE_FIELD_NUMBER),
    WireMessage.varint(GraphMessages.AttributeValue.DTYPE_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.DIM_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.SHAPE_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.TYPE_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.TENSOR_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.BODY_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.GROUP_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.AttributeValue.SEQUENCE_FIELD_NUMBER)
  };

  private OpCodec() {}

  static GraphMessages.Op encode(Op op, LocationEncoder locations) {
    return GraphMessages.Op.newBuilder()
        .setName(op.name())
        .addAllAttributes(encodeGroup((Record) op, locations))
        .build();
  }

  private static List<GraphMessages.Attribute> encodeGroup(
      Record record, LocationEncoder locations) {
    List<AttributeType.Attribute> types = AttributeType.of(record.getClass());
    List<Object> values = Attributes.valuesOf(record);
    List<GraphMessages.Attribute> attributes = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      attributes.add(
          GraphMessages.Attribute.newBuilder()
              .setName(types.get(i).name())
              .setValue(encodeValue(types.get(i).type(), values.get(i), locations))
              .build());
    }
    return attributes;
  }

  private static GraphMessages.AttributeValue encodeValue(
      AttributeType type, Object value, LocationEncoder locations) {
    GraphMessages.AttributeValue.Builder message = GraphMessages.AttributeValue.newBuilder();
    switch (type) {
      case AttributeType.Plain plain -> encodePlain(plain, value, message, locations);
      case AttributeType.Choice _ -> message.setChoice(AttributeType.nameOf((Enum<?>) value));
      case AttributeType.Group _ ->
          message.getGroupBuilder().addAllAttributes(encodeGroup((Record) value, locations));
      case AttributeType.Sequence sequence -> {
        GraphMessages.AttributeSequence.Builder elements = message.getSequenceBuilder();
        for (Object element : (List<?>) value) {
          elements.addElements(encodeValue(sequence.element(), element, locations));
        }
      }
    }
    return message.build();
  }

  private static void encodePlain(
      AttributeType.Plain type,
      Object value,
      GraphMessages.AttributeValue.Builder message,
      LocationEncoder locations) {
    switch (type) {
      case BOOLEAN -> message.setBoolean((boolean) value);
      case INT -> message.setInteger((int) value);
      case LONG -> message.setInteger((long) value);
      case DOUBLE -> message.setFloating((double) value);
      case STRING -> message.setText((String) value);
      case DTYPE -> message.setDtype(TypeCodec.encode((DType) value));
      case DIM -> message.setDim(TypeCodec.encode((Dim) value));
      case SHAPE -> message.setShape(TypeCodec.encode((Shape) value));
      case TENSOR_TYPE -> message.setType(TypeCodec.encode((TensorType) value));
      case TENSOR -> message.setTensor(TypeCodec.encode((HostTensor) value));
      case BODY -> message.setBody(BodyCodec.encode((Body) value, locations));
    }
  }

  static Op decode(WireMessage op, LocationDecoder locations, int depth) {
    String name = op.string(GraphMessages.Op.NAME_FIELD_NUMBER);
    Optional<Class<? extends Op>> type = OpRegistry.instance().find(name);
    if (type.isEmpty()) {
      throw unknown(name);
    }
    return (Op)
        decodeGroup(
            type.get(), op.messages(GraphMessages.Op.ATTRIBUTES_FIELD_NUMBER), locations, depth);
  }

  private static GraphException unknown(String name) {
    Diagnostic unknown =
        Diagnostic.error("unknown-op", "there is no op '" + name + "'", Location.UNKNOWN);
    return new GraphException(
        Suggestion.closest(name, OpRegistry.instance().all().keySet())
            .map(close -> unknown.withHelp("did you mean '" + close + "'?"))
            .orElse(unknown));
  }

  private static Object decodeGroup(
      Class<?> type, List<WireMessage> attributes, LocationDecoder locations, int depth) {
    List<AttributeType.Attribute> wanted = AttributeType.of(type);
    if (wanted.size() != attributes.size()) {
      throw Malformed.failure(
          type.getSimpleName() + " has " + wanted.size() + " attributes, not " + attributes.size());
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i).name();
      String found = attributes.get(i).string(GraphMessages.Attribute.NAME_FIELD_NUMBER);
      if (!name.equals(found)) {
        throw Malformed.failure("expected attribute " + name + ", found " + found);
      }
      WireMessage value = attributes.get(i).message(GraphMessages.Attribute.VALUE_FIELD_NUMBER);
      values.add(decodeValue(wanted.get(i).type(), value, name, locations, depth));
    }
    try {
      return Attributes.create(type, values);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Malformed.failure("bad attributes: " + e.getMessage());
    }
  }

  /** The value of a type. No switch over the types: that would make classes at run time. */
  private static Object decodeValue(
      AttributeType type, WireMessage value, String name, LocationDecoder locations, int depth) {
    if (type instanceof AttributeType.Plain plain) {
      return decodePlain(plain, value, name, locations, depth);
    }
    if (type instanceof AttributeType.Choice choice) {
      require(value, GraphMessages.AttributeValue.CHOICE_FIELD_NUMBER, name);
      return constant(
          choice.constants(), value.string(GraphMessages.AttributeValue.CHOICE_FIELD_NUMBER));
    }
    if (type instanceof AttributeType.Group group) {
      require(value, GraphMessages.AttributeValue.GROUP_FIELD_NUMBER, name);
      WireMessage message = value.message(GraphMessages.AttributeValue.GROUP_FIELD_NUMBER);
      return decodeGroup(
          group.type(),
          message.messages(GraphMessages.AttributeGroup.ATTRIBUTES_FIELD_NUMBER),
          locations,
          depth);
    }
    AttributeType.Sequence sequence = (AttributeType.Sequence) type;
    require(value, GraphMessages.AttributeValue.SEQUENCE_FIELD_NUMBER, name);
    WireMessage message = value.message(GraphMessages.AttributeValue.SEQUENCE_FIELD_NUMBER);
    List<Object> elements = new ArrayList<>();
    for (WireMessage element :
        message.messages(GraphMessages.AttributeSequence.ELEMENTS_FIELD_NUMBER)) {
      elements.add(decodeValue(sequence.element(), element, name, locations, depth));
    }
    return List.copyOf(elements);
  }

  /** The constant of an enum that has a name in the text form. */
  static <T extends Enum<?>> T constant(List<T> constants, String name) {
    for (T constant : constants) {
      if (AttributeType.nameOf(constant).equals(name)) {
        return constant;
      }
    }
    throw Malformed.failure("'" + name + "' is not one of " + constants);
  }

  private static Object decodePlain(
      AttributeType.Plain type,
      WireMessage value,
      String name,
      LocationDecoder locations,
      int depth) {
    int kind = kindOf(type);
    require(value, kind, name);
    return switch (type) {
      case BOOLEAN -> value.bool(kind);
      case INT -> {
        long integer = value.sint64(kind);
        if (integer != (int) integer) {
          throw Malformed.failure("attribute " + name + " exceeds 32 bits");
        }
        yield (int) integer;
      }
      case LONG -> value.sint64(kind);
      case DOUBLE -> value.float64(kind);
      case STRING -> value.string(kind);
      case DTYPE -> TypeCodec.decodeDType(value.enumNumber(kind));
      case DIM -> TypeCodec.decodeDim(value.message(kind));
      case SHAPE -> TypeCodec.decodeShape(value.message(kind));
      case TENSOR_TYPE -> TypeCodec.decodeType(value.message(kind));
      case TENSOR -> TypeCodec.decodeTensor(value.message(kind));
      case BODY -> BodyCodec.decode(value.message(kind), locations, depth + 1);
    };
  }

  private static int kindOf(AttributeType.Plain type) {
    return switch (type) {
      case BOOLEAN -> GraphMessages.AttributeValue.BOOLEAN_FIELD_NUMBER;
      case INT, LONG -> GraphMessages.AttributeValue.INTEGER_FIELD_NUMBER;
      case DOUBLE -> GraphMessages.AttributeValue.FLOATING_FIELD_NUMBER;
      case STRING -> GraphMessages.AttributeValue.TEXT_FIELD_NUMBER;
      case DTYPE -> GraphMessages.AttributeValue.DTYPE_FIELD_NUMBER;
      case DIM -> GraphMessages.AttributeValue.DIM_FIELD_NUMBER;
      case SHAPE -> GraphMessages.AttributeValue.SHAPE_FIELD_NUMBER;
      case TENSOR_TYPE -> GraphMessages.AttributeValue.TYPE_FIELD_NUMBER;
      case TENSOR -> GraphMessages.AttributeValue.TENSOR_FIELD_NUMBER;
      case BODY -> GraphMessages.AttributeValue.BODY_FIELD_NUMBER;
    };
  }

  private static void require(WireMessage value, int wanted, String name) {
    int found = value.lastOf(KINDS);
    if (found != wanted) {
      throw Malformed.failure(
          "attribute " + name + " is of kind " + nameOfKind(found) + ", not " + nameOfKind(wanted));
    }
  }

  private static String nameOfKind(int kind) {
    return switch (kind) {
      case GraphMessages.AttributeValue.BOOLEAN_FIELD_NUMBER -> "BOOLEAN";
      case GraphMessages.AttributeValue.INTEGER_FIELD_NUMBER -> "INTEGER";
      case GraphMessages.AttributeValue.FLOATING_FIELD_NUMBER -> "FLOATING";
      case GraphMessages.AttributeValue.TEXT_FIELD_NUMBER -> "TEXT";
      case GraphMessages.AttributeValue.CHOICE_FIELD_NUMBER -> "CHOICE";
      case GraphMessages.AttributeValue.DTYPE_FIELD_NUMBER -> "DTYPE";
      case GraphMessages.AttributeValue.DIM_FIELD_NUMBER -> "DIM";
      case GraphMessages.AttributeValue.SHAPE_FIELD_NUMBER -> "SHAPE";
      case GraphMessages.AttributeValue.TYPE_FIELD_NUMBER -> "TYPE";
      case GraphMessages.AttributeValue.TENSOR_FIELD_NUMBER -> "TENSOR";
      case GraphMessages.AttributeValue.BODY_FIELD_NUMBER -> "BODY";
      case GraphMessages.AttributeValue.GROUP_FIELD_NUMBER -> "GROUP";
      case GraphMessages.AttributeValue.SEQUENCE_FIELD_NUMBER -> "SEQUENCE";
      default -> "KIND_NOT_SET";
    };
  }
}
