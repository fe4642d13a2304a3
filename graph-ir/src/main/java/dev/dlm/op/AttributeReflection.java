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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
          return Arrays.stream(record.getRecordComponents())
              .map((RecordComponent component) -> attribute(component))
              .toList();
        }
      };

  private AttributeReflection() {}

  static List<Attribute> attributesOf(Class<?> record) {
    return ATTRIBUTES.get(record);
  }

  private static Attribute attribute(RecordComponent component) {
    String name =
        component.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    return new Attribute(name, typeOf(component.getGenericType()));
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
