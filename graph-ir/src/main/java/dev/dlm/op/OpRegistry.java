package dev.dlm.op;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All known op classes by name: the built-in ones and those of {@link OpProvider} services, which
 * are looked for when a name is asked for that no built-in op has. Thread-safe.
 */
public final class OpRegistry {
  private static final OpRegistry INSTANCE = new OpRegistry();

  /** All classes by name, once somebody asks for more than built-in ops. */
  private volatile @Nullable Map<String, Class<? extends Op>> all;

  private OpRegistry() {}

  /** The registry of this class loader. */
  public static OpRegistry instance() {
    return INSTANCE;
  }

  /**
   * The class of the op with a name.
   *
   * @throws IllegalStateException if no built-in op has it and a service's ops cannot be registered
   */
  public Optional<Class<? extends Op>> find(String name) {
    String simpleName = AttributeReflection.capitalCase(name);
    Optional<Class<? extends Op>> builtin =
        AttributeReflection.snakeCase(simpleName).equals(name)
            ? BuiltinOps.find(simpleName)
            : Optional.empty();
    return builtin.isPresent() ? builtin : Optional.ofNullable(all().get(name));
  }

  /**
   * All op classes, sorted by name.
   *
   * @throws IllegalStateException if a service's ops cannot be registered
   */
  public Map<String, Class<? extends Op>> all() {
    Map<String, Class<? extends Op>> known = all;
    if (known == null) {
      List<Class<? extends Op>> types = BuiltinOps.all();
      for (OpProvider provider :
          ServiceLoader.load(OpProvider.class, OpRegistry.class.getClassLoader())) {
        types.addAll(provider.ops());
      }
      known = byName(types);
      all = known;
    }
    return known;
  }

  /** The name under which a class is registered; what {@link Op#name} of its instances gives. */
  public static String nameOf(Class<? extends Op> type) {
    return AttributeReflection.snakeCase(type.getSimpleName());
  }

  static Map<String, Class<? extends Op>> byName(List<Class<? extends Op>> types) {
    Map<String, Class<? extends Op>> classes = new TreeMap<>();
    for (Class<? extends Op> type : types) {
      if (!type.isRecord()) {
        throw new IllegalStateException("op class " + type.getName() + " is not a record");
      }
      Class<? extends Op> other = classes.putIfAbsent(nameOf(type), type);
      if (other != null) {
        throw new IllegalStateException(
            "ops " + other.getName() + " and " + type.getName() + " have one name");
      }
    }
    return Collections.unmodifiableMap(classes);
  }
}
