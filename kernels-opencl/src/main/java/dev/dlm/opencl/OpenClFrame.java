package dev.dlm.opencl;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Attributes;
import dev.dlm.op.Op;
import dev.dlm.opencl.source.KernelCode;
import dev.dlm.opencl.source.Launch;
import dev.dlm.opencl.source.StepCode;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.device.StepObserver;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_kernel;

/**
 * A program bound to sizes: one arena, and for each step kernels with all arguments set, so that a
 * run only enqueues. Ops without OpenCL C run on the host in between.
 */
final class OpenClFrame implements Frame {
  /** Sizes and positions up to this are computed with in {@code int}. */
  private static final long LARGEST_NARROW = 1L << 30;

  private final OpenClDevice device;
  private final OpenClExecutable executable;
  private final Sizes sizes;
  private final Map<String, DeviceMemory> variables;
  private final OpenClMemory arena;
  private final List<List<FrameStep>> steps = new ArrayList<>();
  private final List<Copy> copies = new ArrayList<>();
  private final List<OpenClMemory> scratch = new ArrayList<>();
  private final FiniteCheck finiteCheck;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Bytes somewhere on the device. */
  record Place(OpenClMemory memory, long offsetBytes, long sizeBytes) {}

  private record Copy(Place from, Place to) {}

  private OpenClFrame(
      OpenClDevice device,
      OpenClExecutable executable,
      Sizes sizes,
      Map<String, DeviceMemory> variables) {
    this.device = device;
    this.executable = executable;
    this.sizes = sizes;
    this.variables = Map.copyOf(variables);
    this.arena = device.allocateUninitialized(sizes.of(executable.program().arenaBytes()));
    this.finiteCheck = new FiniteCheck(device);
  }

  static OpenClFrame bind(
      OpenClDevice device,
      OpenClExecutable executable,
      Sizes sizes,
      Map<String, DeviceMemory> variables) {
    OpenClFrame frame = new OpenClFrame(device, executable, sizes, variables);
    device.remember(frame);
    boolean complete = false;
    try {
      frame.prepare();
      complete = true;
      return frame;
    } catch (CLException e) {
      throw OpenClDevice.isOutOfMemory(e) ? device.outOfMemory(frame.sizeBytes(), e) : e;
    } finally {
      if (!complete) {
        frame.close();
      }
    }
  }

  private void prepare() {
    Program program = executable.program();
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      List<FrameStep> parts = new ArrayList<>();
      steps.add(parts);
      StepCode.onHost(step).ifPresent(op -> parts.add(onHost(op, step)));
      for (Launch launch : executable.steps().get(i).launches(sizes)) {
        parts.add(prepare(step, launch));
      }
    }
    prepareUpdates(program);
  }

  private HostStep onHost(Op op, Step step) {
    Map<String, Dim> replacements = new TreeMap<>();
    for (String symbol : executable.program().symbols()) {
      replacements.put(symbol, Dim.of(sizes.of(Dim.symbol(symbol))));
    }
    return new HostStep(
        Attributes.substitute(op, replacements),
        step.reads().stream().map(view -> operand(view, replacements)).toList(),
        step.writes().stream().map(view -> operand(view, replacements)).toList());
  }

  private HostStep.Operand operand(View view, Map<String, Dim> replacements) {
    TensorType type = view.type();
    return new HostStep.Operand(place(view), type.withShape(type.shape().substitute(replacements)));
  }

  private EnqueuedKernel prepare(Step step, Launch launch) {
    KernelCode code = launch.code();
    boolean wide = launch.global().stream().anyMatch(items -> items > LARGEST_NARROW);
    for (int i = 0; i < step.countOperands(); i++) {
      wide |= sizes.of(step.operand(i).type().shape().count()) > LARGEST_NARROW;
    }
    long[] values = code.sizes().stream().mapToLong(sizes::of).toArray();
    for (long value : values) {
      wide |= Math.abs(value) > LARGEST_NARROW;
    }
    cl_kernel kernel = device.programs().kernel(code.program(wide), code.name());
    EnqueuedKernel enqueued = new EnqueuedKernel(device, kernel, launch);
    int argument = 0;
    for (int operand : code.operands()) {
      Place place = place(step.operand(operand));
      enqueued.set(argument++, place.memory());
      enqueued.set(argument++, place.offsetBytes());
    }
    for (long value : values) {
      if (wide) {
        enqueued.set(argument++, value);
      } else {
        enqueued.set(argument++, (int) value);
      }
    }
    return enqueued;
  }

  /**
   * Updates whose buffer is another variable's go through memory of their own, so that their order
   * does not matter.
   */
  private void prepareUpdates(Program program) {
    List<Copy> last = new ArrayList<>();
    for (Program.Port update : program.updates()) {
      Place from = place(update.view());
      Place to = new Place(variable(update.name()), 0, from.sizeBytes());
      if (from.sizeBytes() == 0 || from.memory() == to.memory()) {
        continue;
      }
      switch (program.buffers().get(update.view().buffer()).storage()) {
        case Storage.Arena _, Storage.Constant _ -> last.add(new Copy(from, to));
        case Storage.OfVariable _ -> {
          OpenClMemory memory = device.allocateUninitialized(from.sizeBytes());
          scratch.add(memory);
          Place between = new Place(memory, 0, from.sizeBytes());
          copies.add(new Copy(from, between));
          last.add(new Copy(between, to));
        }
      }
    }
    copies.addAll(last);
  }

  private Place place(View view) {
    long sizeBytes = sizes.of(view.type().sizeBytes());
    return switch (executable.program().buffers().get(view.buffer()).storage()) {
      case Storage.Arena inArena -> new Place(arena, sizes.of(inArena.offsetBytes()), sizeBytes);
      case Storage.OfVariable variable -> new Place(variable(variable.name()), 0, sizeBytes);
      case Storage.Constant constant ->
          new Place(executable.constant(constant.index()), 0, sizeBytes);
    };
  }

  private OpenClMemory variable(String name) {
    if (variables.get(name) instanceof OpenClMemory memory) {
      return memory;
    }
    throw new InternalException("no memory of this device is bound to variable " + name);
  }

  @Override
  public void writeInput(int index, MemorySegment source) {
    Place place = place(executable.program().inputs().get(index).view());
    if (place.sizeBytes() > 0) {
      place.memory().write(place.offsetBytes(), source);
    }
  }

  @Override
  public void run() {
    for (List<FrameStep> parts : steps) {
      for (FrameStep part : parts) {
        part.enqueue();
      }
    }
    copyUpdates();
  }

  @Override
  public Optional<NonFiniteStep> runChecked() {
    for (int i = 0; i < steps.size(); i++) {
      for (FrameStep part : steps.get(i)) {
        part.enqueue();
      }
      for (View view : executable.program().steps().get(i).writes()) {
        if (view.type().dtype().isFloat()
            && !finiteCheck.isFinite(place(view), view.type().dtype())) {
          return Optional.of(
              new NonFiniteStep(executable.origin(i), executable.program().steps().get(i)));
        }
      }
    }
    copyUpdates();
    return Optional.empty();
  }

  @Override
  public void runObserved(StepObserver observer) {
    for (int i = 0; i < steps.size(); i++) {
      CL.clFinish(device.queue());
      observer.began(i);
      for (FrameStep part : steps.get(i)) {
        part.enqueue();
      }
      CL.clFinish(device.queue());
      observer.ended(i);
    }
    copyUpdates();
  }

  private void copyUpdates() {
    for (Copy copy : copies) {
      CL.clEnqueueCopyBuffer(
          device.queue(),
          copy.from().memory().buffer(),
          copy.to().memory().buffer(),
          copy.from().offsetBytes(),
          copy.to().offsetBytes(),
          copy.from().sizeBytes(),
          0,
          null,
          null);
    }
    CL.clFlush(device.queue());
  }

  @Override
  public void readOutput(int index, MemorySegment target) {
    Place place = place(executable.program().outputs().get(index).view());
    if (place.sizeBytes() > 0) {
      place.memory().read(place.offsetBytes(), target);
    }
  }

  @Override
  public long sizeBytes() {
    return arena.sizeBytes() + scratch.stream().mapToLong(OpenClMemory::sizeBytes).sum();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      device.forget(this);
      steps.forEach(parts -> parts.forEach(FrameStep::close));
      finiteCheck.close();
      scratch.forEach(OpenClMemory::close);
      arena.close();
    }
  }
}
