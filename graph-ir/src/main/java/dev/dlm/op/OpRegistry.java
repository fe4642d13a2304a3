package dev.dlm.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * All known op classes by name: the built-in ones and those of {@link OpProvider} services.
 * Immutable.
 */
public final class OpRegistry {
  private static final OpRegistry INSTANCE = load();

  private final Map<String, Class<? extends Op>> classes;

  private OpRegistry(Map<String, Class<? extends Op>> classes) {
    this.classes = Collections.unmodifiableMap(classes);
  }

  /** The registry of this class loader. */
  public static OpRegistry instance() {
    return INSTANCE;
  }

  /** The class of the op with a name. */
  public Optional<Class<? extends Op>> find(String name) {
    return Optional.ofNullable(classes.get(name));
  }

  /** All op classes, sorted by name. */
  public Map<String, Class<? extends Op>> all() {
    return classes;
  }

  /** The name under which a class is registered; what {@link Op#name} of its instances gives. */
  public static String nameOf(Class<? extends Op> type) {
    return AttributeReflection.snakeCase(type.getSimpleName());
  }

  private static OpRegistry load() {
    List<OpProvider> providers = new ArrayList<>(List.of(new BuiltinOps()));
    for (OpProvider provider :
        ServiceLoader.load(OpProvider.class, OpRegistry.class.getClassLoader())) {
      providers.add(provider);
    }
    Map<String, Class<? extends Op>> classes = new TreeMap<>();
    for (OpProvider provider : providers) {
      for (Class<? extends Op> type : provider.ops()) {
        if (!type.isRecord()) {
          throw new IllegalStateException("op class " + type.getName() + " is not a record");
        }
        Class<? extends Op> other = classes.putIfAbsent(nameOf(type), type);
        if (other != null) {
          throw new IllegalStateException(
              "ops " + other.getName() + " and " + type.getName() + " have one name");
        }
      }
    }
    return new OpRegistry(classes);
  }
}
