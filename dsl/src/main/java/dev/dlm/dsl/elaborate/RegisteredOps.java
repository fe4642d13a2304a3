package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.AttributeType;
import dev.dlm.op.AttributeType.Attribute;
import dev.dlm.op.Attributes;
import dev.dlm.op.Op;
import dev.dlm.op.OpRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code op("name", x, y, attribute = value)}: any op of {@link OpRegistry} by its name, with
 * tensors as operands and the record's components as named arguments. That is how a model uses ops
 * which a library adds.
 */
final class RegisteredOps {
  private final PrimitiveCall call;
  private final String name;
  private final Class<? extends Op> type;

  private RegisteredOps(PrimitiveCall call, String name, Class<? extends Op> type) {
    this.call = call;
    this.name = name;
    this.type = type;
  }

  static void define() {
    Primitives.defineUnbound("op", RegisteredOps::apply);
  }

  private static Meaning apply(PrimitiveCall call) {
    // Not the first argument by all means: in x |> op("name") the first one is x.
    CallArgument name =
        call.arguments().stream()
            .filter(one -> one.name().isEmpty() && one.value() instanceof Meaning.Text)
            .findFirst()
            .orElseThrow(() ->
                call.frame()
                    .problem(
                        "argument-count",
                        "op needs the name of an op, a string",
                        call.span(),
                        Optional.of("it is op(\"name\", operand, …, attribute = value, …)")));
    String wanted = ((Meaning.Text) name.value()).value();
    Set<String> known = OpRegistry.instance().all().keySet();
    Class<? extends Op> type =
        OpRegistry.instance()
            .find(wanted)
            .orElseThrow(() ->
                call.frame()
                    .problem(
                        "unknown-op",
                        "there is no op '" + wanted + "'",
                        name.span(),
                        LikelyName.help(wanted, known)));
    return new RegisteredOps(call, wanted, type).apply(name);
  }

  private Meaning apply(CallArgument nameArgument) {
    List<CallArgument> operands = new ArrayList<>();
    Map<String, CallArgument> attributes = new LinkedHashMap<>();
    for (CallArgument argument : call.arguments()) {
      if (argument.name().isPresent()) {
        String attribute = argument.name().get().text();
        if (attributes.putIfAbsent(attribute, argument) != null) {
          throw call.frame()
              .problem("duplicate-argument", "'" + attribute + "' is given twice", argument.span());
        }
      } else if (argument != nameArgument) {
        operands.add(argument);
      }
    }
    Op op = op(attributes);
    List<Value> values = operands(operands);
    List<Meaning> results = new ArrayList<>();
    results.add(call.make(() -> call.body().apply(op, values).getFirst()));
    int count = call.body().apply(op, values).size();
    for (int i = 1; i < count; i++) {
      int index = i;
      results.add(call.make(() -> call.body().apply(op, values).get(index)));
    }
    return count == 1 ? results.getFirst() : new Meaning.Sequence(results);
  }

  /** The operands; a number takes the element type of the first tensor. */
  private List<Value> operands(List<CallArgument> arguments) {
    Optional<DType> dtype =
        arguments.stream()
            .map(CallArgument::value)
            .filter(Meaning.Tensor.class::isInstance)
            .map(tensor -> ((Meaning.Tensor) tensor).value().dtype())
            .findFirst();
    List<Value> operands = new ArrayList<>();
    for (CallArgument argument : arguments) {
      operands.add(call.operand("operand " + operands.size(), argument, dtype));
    }
    return operands;
  }

  private Op op(Map<String, CallArgument> given) {
    List<Attribute> wanted = AttributeType.of(type);
    List<String> names = wanted.stream().map(Attribute::name).toList();
    Optional<String> usage = Optional.of("it is " + usage(wanted));
    for (CallArgument argument : given.values()) {
      String attribute = argument.name().orElseThrow().text();
      if (!names.contains(attribute)) {
        throw call.frame()
            .problem(
                "unknown-argument",
                name + " has no attribute '" + attribute + "'",
                argument.name().get().span(),
                LikelyName.help(attribute, names).or(() -> usage));
      }
    }
    List<Object> values = new ArrayList<>();
    for (Attribute attribute : wanted) {
      CallArgument argument = given.get(attribute.name());
      if (argument == null) {
        throw call.frame()
            .problem(
                "argument-count",
                name + " needs a value for its attribute '" + attribute.name() + "'",
                call.span(),
                usage);
      }
      values.add(value(attribute.type(), argument.value(), attribute.name(), argument.span()));
    }
    try {
      return Attributes.create(type, values);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw call.frame().problem("type-mismatch", name + ": " + e.getMessage(), call.span());
    }
  }

  private String usage(List<Attribute> attributes) {
    return "op(\""
        + name
        + "\", operand, …"
        + attributes.stream()
            .map(attribute -> ", " + attribute.name() + " = " + describe(attribute.type()))
            .collect(Collectors.joining())
        + ")";
  }

  /** An attribute's value from what the source gives. */
  private Object value(AttributeType wanted, Meaning given, String attribute, Span span) {
    Optional<?> value =
        switch (wanted) {
          case AttributeType.Plain plain -> plain(plain, given);
          case AttributeType.Choice choice ->
              given instanceof Meaning.Text text
                  ? choice.constants().stream()
                      .filter(constant -> AttributeType.nameOf(constant).equals(text.value()))
                      .findFirst()
                  : Optional.empty();
          case AttributeType.Sequence sequence ->
              given instanceof Meaning.Sequence list
                  ? Optional.of(
                      list.elements().stream()
                          .map(element -> value(sequence.element(), element, attribute, span))
                          .toList())
                  : Optional.empty();
          case AttributeType.Group _ -> Optional.empty();
        };
    if (value.isEmpty()) {
      throw call.frame()
          .problem(
              "type-mismatch",
              name
                  + " takes for "
                  + attribute
                  + ": "
                  + describe(wanted)
                  + ", not "
                  + (given instanceof Meaning.Text ? given.toString() : given.kind()),
              span);
    }
    return value.get();
  }

  private static Optional<?> plain(AttributeType.Plain wanted, Meaning given) {
    return switch (wanted) {
      case BOOLEAN ->
          given instanceof Meaning.Truth truth ? Optional.of(truth.value()) : Optional.empty();
      case INT -> whole(given).filter(value -> value == value.intValue()).map(Long::intValue);
      case LONG -> whole(given);
      case DOUBLE -> ElementwisePrimitives.number(given);
      case STRING ->
          given instanceof Meaning.Text text ? Optional.of(text.value()) : Optional.empty();
      case DTYPE ->
          given instanceof Meaning.ElementType element
              ? Optional.of(element.dtype())
              : Optional.empty();
      case DIM -> size(given);
      case SHAPE -> shape(given);
      case TENSOR_TYPE, TENSOR, BODY -> Optional.empty();
    };
  }

  private static Optional<Dim> size(Meaning given) {
    return given instanceof Meaning.Size size ? Optional.of(size.dim()) : Optional.empty();
  }

  private static Optional<Long> whole(Meaning given) {
    return size(given).filter(Dim::isConstant).map(Dim::asLong);
  }

  private static Optional<Shape> shape(Meaning given) {
    if (!(given instanceof Meaning.Sequence sequence)) {
      return Optional.empty();
    }
    List<Dim> dims =
        sequence.elements().stream().flatMap(element -> size(element).stream()).toList();
    return dims.size() == sequence.elements().size()
        ? Optional.of(new Shape(dims))
        : Optional.empty();
  }

  /** What an attribute takes, in the words of the language. */
  private static String describe(AttributeType type) {
    return switch (type) {
      case AttributeType.Plain plain ->
          switch (plain) {
            case BOOLEAN -> "a bool";
            case INT, LONG -> "an int";
            case DOUBLE -> "a float";
            case STRING -> "a string";
            case DTYPE -> "a dtype";
            case DIM -> "a size";
            case SHAPE -> "a list of sizes";
            case TENSOR_TYPE, TENSOR, BODY -> "a value that only Java can give";
          };
      case AttributeType.Choice choice ->
          choice.constants().stream()
              .map(constant -> '"' + AttributeType.nameOf(constant) + '"')
              .collect(Collectors.joining(" or "));
      case AttributeType.Sequence sequence ->
          "a list, each element " + describe(sequence.element());
      case AttributeType.Group _ -> "a value that only Java can give";
    };
  }
}
