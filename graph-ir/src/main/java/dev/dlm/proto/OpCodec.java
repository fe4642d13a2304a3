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

  static Op decode(GraphMessages.Op message, LocationDecoder locations, int depth) {
    Optional<Class<? extends Op>> type = OpRegistry.instance().find(message.getName());
    if (type.isEmpty()) {
      throw unknown(message.getName());
    }
    return (Op) decodeGroup(type.get(), message.getAttributesList(), locations, depth);
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
      Class<?> type,
      List<GraphMessages.Attribute> attributes,
      LocationDecoder locations,
      int depth) {
    List<AttributeType.Attribute> wanted = AttributeType.of(type);
    if (wanted.size() != attributes.size()) {
      throw Malformed.failure(
          type.getSimpleName() + " has " + wanted.size() + " attributes, not " + attributes.size());
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i).name();
      if (!name.equals(attributes.get(i).getName())) {
        throw Malformed.failure(
            "expected attribute " + name + ", found " + attributes.get(i).getName());
      }
      values.add(
          decodeValue(wanted.get(i).type(), attributes.get(i).getValue(), name, locations, depth));
    }
    try {
      return Attributes.create(type, values);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Malformed.failure("bad attributes: " + e.getMessage());
    }
  }

  private static Object decodeValue(
      AttributeType type,
      GraphMessages.AttributeValue value,
      String name,
      LocationDecoder locations,
      int depth) {
    return switch (type) {
      case AttributeType.Plain plain -> decodePlain(plain, value, name, locations, depth);
      case AttributeType.Choice choice -> {
        require(value, GraphMessages.AttributeValue.KindCase.CHOICE, name);
        yield constant(choice.constants(), value.getChoice());
      }
      case AttributeType.Group group -> {
        require(value, GraphMessages.AttributeValue.KindCase.GROUP, name);
        yield decodeGroup(group.type(), value.getGroup().getAttributesList(), locations, depth);
      }
      case AttributeType.Sequence sequence -> {
        require(value, GraphMessages.AttributeValue.KindCase.SEQUENCE, name);
        List<Object> elements = new ArrayList<>();
        for (GraphMessages.AttributeValue element : value.getSequence().getElementsList()) {
          elements.add(decodeValue(sequence.element(), element, name, locations, depth));
        }
        yield List.copyOf(elements);
      }
    };
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
      GraphMessages.AttributeValue value,
      String name,
      LocationDecoder locations,
      int depth) {
    require(value, kindOf(type), name);
    return switch (type) {
      case BOOLEAN -> value.getBoolean();
      case INT -> {
        if (value.getInteger() != (int) value.getInteger()) {
          throw Malformed.failure("attribute " + name + " exceeds 32 bits");
        }
        yield (int) value.getInteger();
      }
      case LONG -> value.getInteger();
      case DOUBLE -> value.getFloating();
      case STRING -> value.getText();
      case DTYPE -> TypeCodec.decode(value.getDtype());
      case DIM -> TypeCodec.decode(value.getDim());
      case SHAPE -> TypeCodec.decode(value.getShape());
      case TENSOR_TYPE -> TypeCodec.decode(value.getType());
      case TENSOR -> TypeCodec.decode(value.getTensor());
      case BODY -> BodyCodec.decode(value.getBody(), locations, depth + 1);
    };
  }

  private static GraphMessages.AttributeValue.KindCase kindOf(AttributeType.Plain type) {
    return switch (type) {
      case BOOLEAN -> GraphMessages.AttributeValue.KindCase.BOOLEAN;
      case INT, LONG -> GraphMessages.AttributeValue.KindCase.INTEGER;
      case DOUBLE -> GraphMessages.AttributeValue.KindCase.FLOATING;
      case STRING -> GraphMessages.AttributeValue.KindCase.TEXT;
      case DTYPE -> GraphMessages.AttributeValue.KindCase.DTYPE;
      case DIM -> GraphMessages.AttributeValue.KindCase.DIM;
      case SHAPE -> GraphMessages.AttributeValue.KindCase.SHAPE;
      case TENSOR_TYPE -> GraphMessages.AttributeValue.KindCase.TYPE;
      case TENSOR -> GraphMessages.AttributeValue.KindCase.TENSOR;
      case BODY -> GraphMessages.AttributeValue.KindCase.BODY;
    };
  }

  private static void require(
      GraphMessages.AttributeValue value,
      GraphMessages.AttributeValue.KindCase wanted,
      String name) {
    if (value.getKindCase() != wanted) {
      throw Malformed.failure(
          "attribute " + name + " is of kind " + value.getKindCase() + ", not " + wanted);
    }
  }
}
