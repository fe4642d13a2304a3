package dev.dlm.cpu.window;

import java.lang.foreign.MemorySegment;

/**
 * Planes one behind the other in native memory, which is kept alive with this. Other memory is
 * refused with an {@link IllegalArgumentException}.
 */
record PlaneMemory(MemorySegment memory, long planeBytes) {

  PlaneMemory {
    if (!memory.isNative()) {
      throw new IllegalArgumentException("planes of " + memory + " have no address");
    }
  }

  /**
   * Takes a part of a segment.
   *
   * @param planeElements elements of 4 bytes
   * @throws IndexOutOfBoundsException if the planes do not lie within the segment
   */
  static PlaneMemory of(MemorySegment segment, long offset, int planes, long planeElements) {
    return new PlaneMemory(segment.asSlice(offset, 4L * planes * planeElements), 4 * planeElements);
  }

  /** The address of a plane's first element. */
  long address(int plane) {
    return memory.address() + plane * planeBytes;
  }

  /** Sets planes to zero. */
  void clear(int firstPlane, long count) {
    memory.asSlice(firstPlane * planeBytes, count * planeBytes).fill((byte) 0);
  }
}
