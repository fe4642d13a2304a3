package dev.dlm.op;

import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.AttributeType.Attribute;
import dev.dlm.op.AttributeType.Plain;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the types of attributes from record components, once a class. */
final class AttributeReflection {
  private static final Map<Type, Plain> PLAIN =
      Map.ofEntries(
          Map.entry(boolean.class, Plain.BOOLEAN),
          Map.entry(Boolean.class, Plain.BOOLEAN),
          Map.entry(int.class, Plain.INT),
          Map.entry(Integer.class, Plain.INT),
          Map.entry(long.class, Plain.LONG),
          Map.entry(Long.class, Plain.LONG),
          Map.entry(double.class, Plain.DOUBLE),
          Map.entry(Double.class, Plain.DOUBLE),
          Map.entry(String.class, Plain.STRING),
          Map.entry(DType.class, Plain.DTYPE),
          Map.entry(Dim.class, Plain.DIM),
          Map.entry(Shape.class, Plain.SHAPE),
          Map.entry(TensorType.class, Plain.TENSOR_TYPE),
          Map.entry(HostTensor.class, Plain.TENSOR),
          Map.entry(Body.class, Plain.BODY));

  private static final ClassValue<List<Attribute>> ATTRIBUTES =
      new ClassValue<>() {
        @Override
        protected List<Attribute> computeValue(Class<?> record) {
          List<Attribute> attributes = new ArrayList<>();
          for (RecordComponent component : record.getRecordComponents()) {
            attributes.add(attribute(component));
          }
          return List.copyOf(attributes);
        }
      };

  private AttributeReflection() {}

  static List<Attribute> attributesOf(Class<?> record) {
    return ATTRIBUTES.get(record);
  }

  private static Attribute attribute(RecordComponent component) {
    return new Attribute(snakeCase(component.getName()), typeOf(component.getGenericType()));
  }

  /**
   * A name of Java in lower snake case: an underscore between a small letter or digit and a
   * capital.
   */
  static String snakeCase(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      boolean isCapital = letter >= 'A' && letter <= 'Z';
      if (isCapital
          && i > 0
          && (Character.isLowerCase(name.charAt(i - 1)) || Character.isDigit(name.charAt(i - 1)))) {
        text.append('_');
      }
      text.append(isCapital ? (char) (letter + 'a' - 'A') : letter);
    }
    return text.toString();
  }

  /** The name of a class whose {@link #snakeCase} a name is. */
  static String capitalCase(String name) {
    StringBuilder text = new StringBuilder();
    boolean begins = true;
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (letter != '_') {
        boolean isSmall = letter >= 'a' && letter <= 'z';
        text.append(begins && isSmall ? (char) (letter - 'a' + 'A') : letter);
      }
      begins = letter == '_';
    }
    return text.toString();
  }

  private static AttributeType typeOf(Type type) {
    Plain plain = PLAIN.get(type);
    if (plain != null) {
      return plain;
    }
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return new AttributeType.Sequence(typeOf(list.getActualTypeArguments()[0]));
    }
    if (type instanceof Class<?> raw && raw.isEnum()) {
      return new AttributeType.Choice(raw);
    }
    if (type instanceof Class<?> raw && raw.isRecord()) {
      return new AttributeType.Group(raw);
    }
    throw new IllegalArgumentException(type + " is no type of attributes");
  }
}
