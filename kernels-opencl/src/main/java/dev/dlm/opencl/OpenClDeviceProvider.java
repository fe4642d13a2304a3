package dev.dlm.opencl;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.DeviceProvider;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jocl.CLException;
import org.jspecify.annotations.Nullable;

/**
 * Offers the OpenCL devices of this machine under the name {@code opencl}. It opens the first GPU,
 * or the first device of any kind; the system property {@value #DEVICE_PROPERTY} or else the
 * environment variable {@value #DEVICE_VARIABLE} chooses another one, by a part of its description
 * or by its number, counted from 0 in the order of {@link #probe}.
 */
public final class OpenClDeviceProvider implements DeviceProvider {
  /** System property that chooses the device. */
  public static final String DEVICE_PROPERTY = "dlm.opencl.device";

  /** Environment variable that chooses the device. */
  public static final String DEVICE_VARIABLE = "DLM_OPENCL_DEVICE";

  /** What was found, or why nothing was. */
  private record Found(List<FoundDevice> devices, String reason) {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public Availability probe() {
    Found found = find();
    return new Availability(
        found.devices().stream().map(FoundDevice::description).toList(), found.reason());
  }

  @Override
  public Device open(DeviceOptions options) {
    Found found = find();
    if (found.devices().isEmpty()) {
      throw unavailable(found.reason(), "install a driver for OpenCL, or use another device");
    }
    String property = System.getProperty(DEVICE_PROPERTY);
    String wanted = property != null ? property : System.getenv(DEVICE_VARIABLE);
    FoundDevice chosen = choose(found.devices(), wanted);
    return new OpenClDevice(chosen, chosen.isProcessor());
  }

  private static FoundDevice choose(List<FoundDevice> devices, @Nullable String wanted) {
    if (wanted == null || wanted.isBlank()) {
      return devices.stream().filter(FoundDevice::isGpu).findFirst().orElse(devices.get(0));
    }
    String text = wanted.strip().toLowerCase(Locale.ROOT);
    for (int i = 0; i < devices.size(); i++) {
      if (text.equals(Integer.toString(i))) {
        return devices.get(i);
      }
    }
    Optional<FoundDevice> named =
        devices.stream()
            .filter(device -> device.description().toLowerCase(Locale.ROOT).contains(text))
            .findFirst();
    return named.orElseThrow(() ->
        unavailable(
            "no OpenCL device is called '" + wanted.strip() + "'",
            "there is: "
                + String.join("; ", devices.stream().map(FoundDevice::description).toList())));
  }

  private static Found find() {
    try {
      List<FoundDevice> devices = FoundDevice.findAll();
      return new Found(devices, devices.isEmpty() ? "no OpenCL driver offers a device" : "");
    } catch (CLException e) {
      return new Found(List.of(), "no OpenCL driver answers: " + e.getMessage());
    } catch (LinkageError | UnsupportedOperationException e) {
      // The native part of JOCL, or the OpenCL loader that it binds to, is absent here.
      return new Found(List.of(), "no OpenCL library can be loaded: " + firstLine(e));
    }
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse(message).strip();
  }

  private static GraphException unavailable(String message, String help) {
    return new GraphException(
        Diagnostic.error("device-unavailable", message, Location.UNKNOWN).withHelp(help));
  }
}
