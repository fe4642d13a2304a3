package dev.dlm.runtime.session;

import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.DeviceProvider;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.StepObserver;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that computes nothing and allocates nothing, to measure what a session adds. */
public final class SilentDeviceProvider implements DeviceProvider {
  private static final AtomicInteger PRELOADS = new AtomicInteger();

  static int countPreloads() {
    return PRELOADS.get();
  }

  @Override
  public void preload() {
    PRELOADS.incrementAndGet();
  }

  @Override
  public String name() {
    return "silent";
  }

  @Override
  public Availability probe() {
    return new Availability(List.of("computes nothing"), "");
  }

  @Override
  public Device open(DeviceOptions options) {
    return new Silent();
  }

  private record Silent() implements Device, Frame, DeviceMemory {
    @Override
    public String name() {
      return "silent";
    }

    @Override
    public String description() {
      return "silent";
    }

    @Override
    public DeviceMemory allocate(long sizeBytes) {
      return this;
    }

    @Override
    public DeviceMemory adopt(MemorySegment content) {
      return this;
    }

    @Override
    public Executable prepare(Program program) {
      return (sizes, variables) -> this;
    }

    @Override
    public long sizeBytes() {
      return 0;
    }

    @Override
    public void write(long offsetBytes, MemorySegment source) {}

    @Override
    public void read(long offsetBytes, MemorySegment target) {}

    @Override
    public void writeInput(int index, MemorySegment source) {}

    @Override
    public void run() {}

    @Override
    public Optional<NonFiniteStep> runChecked() {
      return Optional.empty();
    }

    @Override
    public void runObserved(StepObserver observer) {}

    @Override
    public Optional<DeviceLimits> measureLimits() {
      return Optional.empty();
    }

    @Override
    public void readOutput(int index, MemorySegment target) {}

    @Override
    public void close() {}
  }
}
