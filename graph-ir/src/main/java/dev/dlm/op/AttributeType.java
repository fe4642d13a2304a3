package dev.dlm.op;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The type of an op's attribute: what the text and protobuf forms read a value by. */
public sealed interface AttributeType {

  /** A type that stands for itself. */
  enum Plain implements AttributeType {
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    STRING,
    DTYPE,
    DIM,
    SHAPE,
    TENSOR_TYPE,
    TENSOR,
    BODY
  }

  /** One of the constants of an enum. */
  record Choice(Class<?> type) implements AttributeType {
    /** The constants in the order of their declaration. */
    public List<Enum<?>> constants() {
      return Arrays.stream(type.getEnumConstants())
          .<Enum<?>>map(constant -> (Enum<?>) constant)
          .toList();
    }
  }

  /** A record of attributes. */
  record Group(Class<?> type) implements AttributeType {
    public List<Attribute> attributes() {
      return AttributeType.of(type);
    }
  }

  /** A list of values of one type. */
  record Sequence(AttributeType element) implements AttributeType {}

  /**
   * A named attribute.
   *
   * @param name the component's name in lower snake case
   */
  record Attribute(String name, AttributeType type) {}

  /** The attributes of a record class in the order of its components. */
  static List<Attribute> of(Class<?> record) {
    return AttributeReflection.attributesOf(record);
  }

  /** The name of an enum's constant in the text form. */
  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
