package dev.dlm.opencl;

import dev.dlm.opencl.source.Launch;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;

/** A kernel of one frame with its arguments and work items. */
final class EnqueuedKernel implements FrameStep {
  private final OpenClDevice device;
  private final cl_kernel kernel;
  private final long[] global;
  private final long[] local;

  EnqueuedKernel(OpenClDevice device, cl_kernel kernel, Launch launch) {
    this(device, kernel, array(launch.global()), array(launch.local()));
  }

  EnqueuedKernel(OpenClDevice device, cl_kernel kernel, long[] global, long[] local) {
    this.device = device;
    this.kernel = kernel;
    this.global = global;
    this.local = local;
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  void set(int argument, OpenClMemory memory) {
    CL.clSetKernelArg(kernel, argument, Sizeof.cl_mem, Pointer.to(memory.buffer()));
  }

  void set(int argument, long value) {
    CL.clSetKernelArg(kernel, argument, Sizeof.cl_long, Pointer.to(new long[] {value}));
  }

  void set(int argument, int value) {
    CL.clSetKernelArg(kernel, argument, Sizeof.cl_int, Pointer.to(new int[] {value}));
  }

  @Override
  public void enqueue() {
    CL.clEnqueueNDRangeKernel(
        device.queue(), kernel, global.length, null, global, local, 0, null, null);
  }

  @Override
  public void close() {
    CL.clReleaseKernel(kernel);
  }
}
