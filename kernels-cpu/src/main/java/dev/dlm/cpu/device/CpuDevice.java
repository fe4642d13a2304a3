package dev.dlm.cpu.device;

import dev.dlm.cpu.loop.VectorSupport;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The processor. Thread-safe. */
final class CpuDevice implements Device {
  private final WorkerPool pool;

  CpuDevice(int threads) {
    pool = new WorkerPool(threads);
  }

  static String describe(int threads) {
    return System.getProperty("os.arch")
        + ", "
        + VectorSupport.describe()
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public String name() {
    return CpuDeviceProvider.NAME;
  }

  @Override
  public String description() {
    return describe(pool.threads());
  }

  @Override
  public DeviceMemory allocate(long sizeBytes) {
    return CpuMemory.allocate(sizeBytes);
  }

  @Override
  public DeviceMemory adopt(MemorySegment content) {
    return CpuMemory.of(content);
  }

  @Override
  public Optional<DeviceLimits> measureLimits() {
    return Optional.of(MachineLimits.of(pool));
  }

  @Override
  public Executable prepare(Program program) {
    return new CpuExecutable(program, pool);
  }

  @Override
  public void close() {
    pool.close();
  }
}
