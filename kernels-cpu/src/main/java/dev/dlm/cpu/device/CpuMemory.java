package dev.dlm.cpu.device;

import dev.dlm.cpu.step.KeptMatrices;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.DeviceMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of the process: an allocation of its own, or a segment that somebody else owns. */
final class CpuMemory implements DeviceMemory {
  private final MemorySegment segment;
  private final Runnable release;
  private final KeptMatrices matrices;
  private long countChanges = 1;

  private CpuMemory(MemorySegment segment, Runnable release) {
    this.segment = segment;
    this.release = release;
    this.matrices = new KeptMatrices(this::countChanges, CpuMemory::allocateShared);
  }

  private static MemorySegment allocateShared(long sizeBytes, long alignment) {
    return allocate(Arena.ofAuto(), sizeBytes);
  }

  /** New memory of zeros, freed by {@link #close}. */
  static CpuMemory allocate(long sizeBytes) {
    Arena arena = Arena.ofShared();
    return new CpuMemory(allocate(arena, sizeBytes), arena::close);
  }

  /**
   * New memory of zeros.
   *
   * @throws GraphException with code {@code out-of-memory}
   */
  static MemorySegment allocate(Arena arena, long sizeBytes) {
    try {
      return arena.allocate(Math.max(1, sizeBytes), Program.ALIGNMENT).asSlice(0, sizeBytes);
    } catch (OutOfMemoryError e) {
      throw new GraphException(
          Diagnostic.error(
                  "out-of-memory",
                  sizeBytes + " bytes of native memory are not to be had: " + e.getMessage(),
                  Location.UNKNOWN)
              .withHelp("use smaller batches, or allow more with -XX:MaxDirectMemorySize"));
    }
  }

  /** Memory that somebody else owns and does not write any more. */
  static CpuMemory of(MemorySegment content) {
    return new CpuMemory(content, () -> {});
  }

  MemorySegment segment() {
    return segment;
  }

  @Override
  public long sizeBytes() {
    return segment.byteSize();
  }

  @Override
  public void write(long offsetBytes, MemorySegment source) {
    MemorySegment.copy(source, 0, segment, offsetBytes, source.byteSize());
    change();
  }

  /** Says that the content may be another from here on. */
  void change() {
    countChanges++;
  }

  /** A number that is positive, and another one after each change. */
  long countChanges() {
    return countChanges;
  }

  /** Packed forms of the content. */
  KeptMatrices matrices() {
    return matrices;
  }

  @Override
  public void read(long offsetBytes, MemorySegment target) {
    MemorySegment.copy(segment, offsetBytes, target, 0, target.byteSize());
  }

  @Override
  public void close() {
    release.run();
  }
}
