package dev.dlm.op;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The attributes of an op, read from its record components. A component is a {@code boolean},
 * {@code int}, {@code long}, {@code double}, {@code String}, an enum, {@link dev.dlm.ir.DType},
 * {@link Dim}, {@link Shape}, {@link TensorType}, {@link dev.dlm.ir.HostTensor}, {@link
 * dev.dlm.ir.Body}, a record of such components, or a {@code List} of such values.
 */
public final class Attributes {
  private Attributes() {}

  /** The values of a record's components in order. */
  public static List<Object> valuesOf(Record record) {
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      values.add(read(component, record));
    }
    return Collections.unmodifiableList(values);
  }

  /** A record of a class with the given component values. */
  public static <T> T create(Class<T> type, List<Object> values) {
    try {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = components[i].getType();
      }
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new InternalException("cannot make " + type.getName() + " of " + values, e);
    } catch (ReflectiveOperationException e) {
      throw new InternalException("cannot make " + type.getName() + " of " + values, e);
    }
  }

  /**
   * The op with symbols in its attributes replaced, those in its bodies too; the same instance
   * where none occurs.
   */
  public static Op substitute(Op op, Map<String, Dim> replacements) {
    return (Op) substituteIn(op, replacements);
  }

  private static Object substituteIn(Object value, Map<String, Dim> replacements) {
    return switch (value) {
      case Dim dim -> dim.substitute(replacements);
      case Shape shape -> shape.substitute(replacements);
      case TensorType type -> type.withShape(type.shape().substitute(replacements));
      case Body body -> substituteInBody(body, replacements);
      case List<?> list -> substituteInList(list, replacements);
      case Record record -> {
        List<Object> old = valuesOf(record);
        List<Object> changed = substituteInList(old, replacements);
        yield changed.equals(old) ? record : create(record.getClass(), changed);
      }
      default -> value;
    };
  }

  private static List<Object> substituteInList(List<?> list, Map<String, Dim> replacements) {
    List<Object> changed = new ArrayList<>();
    for (Object element : list) {
      changed.add(substituteIn(element, replacements));
    }
    return Collections.unmodifiableList(changed);
  }

  private static Body substituteInBody(Body body, Map<String, Dim> replacements) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : body.nodes()) {
      nodes.add(
          new Node(
              substitute(node.op(), replacements),
              substituteInValues(node.operands(), replacements),
              substituteInValues(node.results(), replacements),
              node.location()));
    }
    Body changed =
        new Body(
            substituteInValues(body.parameters(), replacements),
            nodes,
            substituteInValues(body.results(), replacements));
    return changed.equals(body) ? body : changed;
  }

  private static List<Value> substituteInValues(List<Value> values, Map<String, Dim> replacements) {
    return values.stream()
        .map(value ->
            new Value(value.id(), value.type().withShape(value.shape().substitute(replacements))))
        .toList();
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new InternalException(
          "cannot read attribute " + component.getName() + " of " + record, e);
    }
  }
}
