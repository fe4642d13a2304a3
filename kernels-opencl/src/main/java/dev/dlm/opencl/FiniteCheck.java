package dev.dlm.opencl;

import dev.dlm.ir.DType;
import dev.dlm.opencl.OpenClFrame.Place;
import dev.dlm.opencl.source.FiniteCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks for values that are infinite or NaN; waits for the device. Used by one thread. */
final class FiniteCheck implements AutoCloseable {
  private static final long ITEMS = 64;
  private static final long LARGEST_ITEMS = 64 * 64;

  private final OpenClDevice device;
  private final Map<DType, EnqueuedKernel> kernels = new EnumMap<>(DType.class);
  private @Nullable OpenClMemory flag;

  FiniteCheck(OpenClDevice device) {
    this.device = device;
  }

  /** Whether all elements are finite. */
  boolean isFinite(Place place, DType dtype) {
    long count = place.sizeBytes() / dtype.sizeBytes();
    if (count == 0) {
      return true;
    }
    OpenClMemory found = flag;
    if (found == null) {
      found = device.allocateUninitialized(Integer.BYTES);
      flag = found;
    }
    EnqueuedKernel kernel = kernels.computeIfAbsent(dtype, this::kernel);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
      found.write(0, word);
      kernel.set(0, place.memory());
      kernel.set(1, place.offsetBytes());
      kernel.set(2, count);
      kernel.set(3, found);
      kernel.enqueue();
      found.read(0, word);
      return word.get(ValueLayout.JAVA_INT, 0) == 0;
    }
  }

  private EnqueuedKernel kernel(DType dtype) {
    return new EnqueuedKernel(
        device,
        device.programs().kernel(FiniteCode.text(dtype), FiniteCode.NAME),
        new long[] {LARGEST_ITEMS},
        new long[] {ITEMS});
  }

  @Override
  public void close() {
    kernels.values().forEach(EnqueuedKernel::close);
    if (flag != null) {
      flag.close();
    }
  }
}
