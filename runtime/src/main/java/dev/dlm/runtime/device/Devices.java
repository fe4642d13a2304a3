package dev.dlm.runtime.device;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The devices of this process. Those who ask for the same device with the same options share one,
 * and with it its threads and compiled kernels; the last one to give it back closes it.
 * Thread-safe.
 */
public final class Devices {
  private static final class Shared {
    private final String name;
    private final DeviceOptions options;
    private final Device device;
    private int users;

    private Shared(String name, DeviceOptions options, Device device) {
      this.name = name;
      this.options = options;
      this.device = device;
    }
  }

  /** A list, not a map: there are few, and a record's hash would cost the first start. */
  private static final List<Shared> OPEN = new ArrayList<>();

  private static final Set<String> PRELOADED = ConcurrentHashMap.newKeySet();

  private Devices() {}

  /** All providers on the class path, by name in ascending order. */
  public static List<DeviceProvider> providers() {
    List<DeviceProvider> providers = new ArrayList<>();
    for (DeviceProvider provider :
        ServiceLoader.load(DeviceProvider.class, Devices.class.getClassLoader())) {
      providers.add(provider);
    }
    providers.sort(Comparator.comparing(DeviceProvider::name));
    return providers;
  }

  /**
   * Opens a device or joins those who use it already.
   *
   * @param name the name of its provider
   * @throws GraphException with code {@code unknown-device} if no provider has this name, or {@code
   *     device-unavailable} if it finds no device on this machine
   */
  public static Lease lease(String name, DeviceOptions options) {
    synchronized (OPEN) {
      Shared shared = open(name, options);
      shared.users++;
      return new Lease(shared);
    }
  }

  private static Shared open(String name, DeviceOptions options) {
    for (Shared shared : OPEN) {
      if (shared.name.equals(name) && shared.options.equals(options)) {
        return shared;
      }
    }
    Shared opened = new Shared(name, options, provider(name).open(options));
    OPEN.add(opened);
    return opened;
  }

  /**
   * Lets a thread of its own {@link DeviceProvider#preload} a device, once in a process, if there
   * is a processor for it. Does nothing where the device is unknown: who opens it will be told.
   *
   * @param name the name of its provider
   */
  public static void preload(String name) {
    if (Runtime.getRuntime().availableProcessors() > 1 && PRELOADED.add(name)) {
      Thread.ofPlatform().daemon().name("dlm-preload").start(new Preload(name));
    }
  }

  /** A class, not a lambda: the JVM would have to make that one before the thread can start. */
  private record Preload(String name) implements Runnable {
    @Override
    public void run() {
      try {
        for (DeviceProvider provider : providers()) {
          if (provider.name().equals(name)) {
            provider.preload();
          }
        }
      } catch (RuntimeException | Error e) {
        // Whoever opens the device meets the same, and can say so.
        System.getLogger(Devices.class.getName())
            .log(System.Logger.Level.DEBUG, "could not preload the device " + name, e);
      }
    }
  }

  private static DeviceProvider provider(String name) {
    List<DeviceProvider> providers = providers();
    for (DeviceProvider provider : providers) {
      if (provider.name().equals(name)) {
        Availability availability = provider.probe();
        if (!availability.isPresent()) {
          throw new GraphException(
              Diagnostic.error(
                  "device-unavailable",
                  "the device '%s' cannot be used here: %s".formatted(name, availability.reason()),
                  Location.UNKNOWN));
        }
        return provider;
      }
    }
    throw new GraphException(
        Diagnostic.error("unknown-device", "there is no device '" + name + "'", Location.UNKNOWN)
            .withHelp(
                Suggestion.help(
                    name, "devices", providers.stream().map(DeviceProvider::name).toList())));
  }

  /** The right to use a device until closed. Closing twice does nothing. */
  public static final class Lease implements AutoCloseable {
    private final Shared shared;
    private boolean returned;

    private Lease(Shared shared) {
      this.shared = shared;
    }

    public Device device() {
      return shared.device;
    }

    @Override
    public void close() {
      synchronized (OPEN) {
        if (returned) {
          return;
        }
        returned = true;
        shared.users--;
        if (shared.users == 0) {
          OPEN.remove(shared);
          shared.device.close();
        }
      }
    }
  }
}
