package dev.dlm.opencl;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.runtime.device.DeviceMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * A buffer of the device. Copies wait for everything that was enqueued before, since the queue
 * keeps its order.
 */
final class OpenClMemory implements DeviceMemory {
  /** Copies go in pieces that a {@code ByteBuffer} can name. */
  private static final long LARGEST_COPY = 1L << 30;

  private final OpenClDevice device;
  private final cl_mem buffer;
  private final long sizeBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  OpenClMemory(OpenClDevice device, cl_mem buffer, long sizeBytes) {
    this.device = device;
    this.buffer = buffer;
    this.sizeBytes = sizeBytes;
  }

  cl_mem buffer() {
    return buffer;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void write(long offsetBytes, MemorySegment source) {
    check(offsetBytes, source);
    inNativeMemory(
        source,
        true,
        segment -> {
          for (long at = 0; at < segment.byteSize(); at += LARGEST_COPY) {
            MemorySegment piece = piece(segment, at);
            CL.clEnqueueWriteBuffer(
                device.queue(),
                buffer,
                true,
                offsetBytes + at,
                piece.byteSize(),
                Pointer.to(piece.asByteBuffer()),
                0,
                null,
                null);
          }
        });
  }

  @Override
  public void read(long offsetBytes, MemorySegment target) {
    check(offsetBytes, target);
    inNativeMemory(
        target,
        false,
        segment -> {
          for (long at = 0; at < segment.byteSize(); at += LARGEST_COPY) {
            MemorySegment piece = piece(segment, at);
            CL.clEnqueueReadBuffer(
                device.queue(),
                buffer,
                true,
                offsetBytes + at,
                piece.byteSize(),
                Pointer.to(piece.asByteBuffer()),
                0,
                null,
                null);
          }
        });
  }

  private static MemorySegment piece(MemorySegment segment, long at) {
    return segment.asSlice(at, Math.min(LARGEST_COPY, segment.byteSize() - at));
  }

  private interface Transfer {
    void run(MemorySegment segment);
  }

  private static void inNativeMemory(MemorySegment segment, boolean isSource, Transfer transfer) {
    if (segment.isNative()) {
      transfer.run(segment);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(segment.byteSize());
      if (isSource) {
        copy.copyFrom(segment);
      }
      transfer.run(copy);
      if (!isSource) {
        segment.copyFrom(copy);
      }
    }
  }

  private void check(long offsetBytes, MemorySegment segment) {
    if (offsetBytes < 0 || offsetBytes + segment.byteSize() > sizeBytes) {
      throw new InternalException(
          segment.byteSize() + " bytes at " + offsetBytes + " of a buffer of " + sizeBytes);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      device.forget(this);
      CL.clReleaseMemObject(buffer);
    }
  }
}
