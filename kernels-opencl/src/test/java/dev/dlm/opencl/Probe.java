package dev.dlm.opencl;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Says in a process of its own why there is no device. */
final class Probe {
  private Probe() {}

  public static void main(String[] arguments) throws IOException {
    String reason = new OpenClDeviceProvider().probe().reason();
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write(reason.getBytes(StandardCharsets.UTF_8));
    }
  }
}
