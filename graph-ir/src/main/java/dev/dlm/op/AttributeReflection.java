package dev.dlm.op;

import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.AttributeType.Attribute;
import dev.dlm.op.AttributeType.Plain;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the types of attributes from record components, once a class. */
final class AttributeReflection {
  private static final String LIST = "Ljava/util/List<";
  private static final String LIST_END = ">;";

  private static final Map<Class<?>, Plain> PLAIN =
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
    return new Attribute(snakeCase(component.getName()), typeOf(component));
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

  private static AttributeType typeOf(RecordComponent component) {
    String signature = component.getGenericSignature();
    return signature == null
        ? typeOf(component.getType())
        : typeOf(signature, component.getDeclaringRecord().getClassLoader());
  }

  /**
   * The type with a signature (JVMS 4.7.9.1), of a list or a class. Read here, as the JDK's own
   * reading loads thirty classes before the first answer of a service.
   */
  private static AttributeType typeOf(String signature, @Nullable ClassLoader loader) {
    if (signature.startsWith(LIST) && signature.endsWith(LIST_END)) {
      String element = signature.substring(LIST.length(), signature.length() - LIST_END.length());
      return new AttributeType.Sequence(typeOf(element, loader));
    }
    if (!signature.startsWith("L") || signature.contains("<")) {
      throw new IllegalArgumentException(signature + " is no type of attributes");
    }
    String name = signature.substring(1, signature.length() - 1).replace('/', '.');
    try {
      return typeOf(Class.forName(name, false, loader));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(signature + " is no type of attributes", e);
    }
  }

  private static AttributeType typeOf(Class<?> type) {
    Plain plain = PLAIN.get(type);
    if (plain != null) {
      return plain;
    }
    if (type.isEnum()) {
      return new AttributeType.Choice(type);
    }
    if (type.isRecord()) {
      return new AttributeType.Group(type);
    }
    throw new IllegalArgumentException(type + " is no type of attributes");
  }
}
