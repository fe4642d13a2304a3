package dev.dlm.opencl;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;

/**
 * One OpenCL device with one queue that keeps its order: what one frame wrote, a later run of any
 * frame sees, without waiting for the device in between.
 */
final class OpenClDevice implements Device {
  private final FoundDevice found;
  private final boolean processor;
  private final cl_context context;
  private final cl_command_queue queue;
  private final CompiledPrograms programs;
  private final Set<OpenClMemory> memories = ConcurrentHashMap.newKeySet();
  private final Set<OpenClFrame> frames = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Opens a device.
   *
   * @param processor whether to generate code for a processor
   */
  OpenClDevice(FoundDevice found, boolean processor) {
    this.found = found;
    this.processor = processor;
    cl_device_id[] devices = {found.id()};
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, found.platform());
    this.context = CL.clCreateContext(properties, 1, devices, null, null, null);
    this.queue = createQueue();
    this.programs = new CompiledPrograms(context, found);
  }

  /** The call of OpenCL 1.2, since devices of that version lack its successor. */
  @SuppressWarnings("deprecation")
  private cl_command_queue createQueue() {
    return CL.clCreateCommandQueue(context, found.id(), 0, null);
  }

  cl_command_queue queue() {
    return queue;
  }

  CompiledPrograms programs() {
    return programs;
  }

  /** Whether to generate code for a processor. */
  boolean isProcessor() {
    return processor;
  }

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public String description() {
    return found.description();
  }

  @Override
  public Optional<DeviceLimits> measureLimits() {
    return Optional.empty();
  }

  @Override
  public OpenClMemory allocate(long sizeBytes) {
    OpenClMemory memory = allocateUninitialized(sizeBytes);
    CL.clEnqueueFillBuffer(
        queue,
        memory.buffer(),
        Pointer.to(new byte[1]),
        Sizeof.cl_char,
        0,
        Math.max(1, sizeBytes),
        0,
        null,
        null);
    return memory;
  }

  /** New memory of any content. */
  OpenClMemory allocateUninitialized(long sizeBytes) {
    try {
      cl_mem buffer =
          CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, Math.max(1, sizeBytes), null, null);
      OpenClMemory memory = new OpenClMemory(this, buffer, sizeBytes);
      memories.add(memory);
      return memory;
    } catch (CLException e) {
      throw isOutOfMemory(e) ? outOfMemory(sizeBytes, e) : e;
    }
  }

  static boolean isOutOfMemory(CLException failure) {
    int status = failure.getStatus();
    return status == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE
        || status == CL.CL_INVALID_BUFFER_SIZE
        || status == CL.CL_OUT_OF_RESOURCES
        || status == CL.CL_OUT_OF_HOST_MEMORY;
  }

  GraphException outOfMemory(long sizeBytes, CLException cause) {
    return new GraphException(
        Diagnostic.error(
                "out-of-memory",
                "the OpenCL device " + found.name() + " has no buffer of " + sizeBytes + " bytes",
                Location.UNKNOWN)
            .withHelp("use a smaller batch, or another device"),
        cause);
  }

  @Override
  public DeviceMemory adopt(MemorySegment content) {
    OpenClMemory memory = allocateUninitialized(content.byteSize());
    memory.write(0, content);
    return memory;
  }

  @Override
  public Executable prepare(Program program) {
    if (!found.hasDouble()) {
      program.steps().forEach(this::refuseDouble);
    }
    return new OpenClExecutable(this, program);
  }

  private void refuseDouble(Step step) {
    Stream<View> operands = Stream.concat(step.reads().stream(), step.writes().stream());
    List<View> doubles = operands.filter(view -> view.type().dtype() == DType.F64).toList();
    if (!doubles.isEmpty()) {
      throw new GraphException(
          Diagnostic.error(
                  "unsupported-dtype",
                  "the OpenCL device " + found.name() + " has no f64, which is computed here",
                  step.location())
              .withHelp("use f32, or another device"));
    }
  }

  void remember(OpenClFrame frame) {
    frames.add(frame);
  }

  void forget(OpenClFrame frame) {
    frames.remove(frame);
  }

  void forget(OpenClMemory memory) {
    memories.remove(memory);
  }

  /** The number of frames and memories that are not closed. */
  int countOpen() {
    return frames.size() + memories.size();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      CL.clFinish(queue);
      List.copyOf(frames).forEach(OpenClFrame::close);
      List.copyOf(memories).forEach(OpenClMemory::close);
      programs.close();
      CL.clReleaseCommandQueue(queue);
      CL.clReleaseContext(context);
    }
  }
}
