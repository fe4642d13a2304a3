package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.runtime.device.Devices;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PreloadTest {
  @Test
  void preload_happensOnceInAProcess_whereThereIsAProcessorForIt() throws InterruptedException {
    Devices.preload("silent");
    Devices.preload("silent");
    Devices.preload("no such device");
    for (Thread thread : preloading()) {
      thread.join();
    }
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(SilentDeviceProvider.countPreloads()).isEqualTo(processors > 1 ? 1 : 0);
  }

  private static Set<Thread> preloading() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("dlm-preload"))
        .collect(Collectors.toSet());
  }
}
