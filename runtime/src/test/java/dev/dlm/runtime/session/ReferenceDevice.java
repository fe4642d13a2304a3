package dev.dlm.runtime.session;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Attributes;
import dev.dlm.op.EvalContext;
import dev.dlm.op.Op;
import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.device.StepObserver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device that runs steps with the ops' reference evaluations, and counts what it is asked for.
 * Loop kernels are beyond it.
 */
final class ReferenceDevice implements Device {
  static final DeviceLimits LIMITS = new DeviceLimits(1e9, 1e8);
  static final AtomicInteger OPEN_DEVICES = new AtomicInteger();
  static final AtomicInteger OPEN_FRAMES = new AtomicInteger();
  static final AtomicInteger OPEN_MEMORIES = new AtomicInteger();
  static final AtomicInteger BOUND_FRAMES = new AtomicInteger();

  /** What a test does at the start of each run. */
  static volatile Runnable atRun = () -> {};

  private final DeviceOptions options;

  ReferenceDevice(DeviceOptions options) {
    this.options = options;
    OPEN_DEVICES.incrementAndGet();
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "reference, " + options.threads() + " threads";
  }

  @Override
  public DeviceMemory allocate(long sizeBytes) {
    Arena arena = Arena.ofShared();
    return new Memory(arena.allocate(sizeBytes, Program.ALIGNMENT), arena);
  }

  @Override
  public DeviceMemory adopt(MemorySegment content) {
    return new Memory(content, Arena.ofShared());
  }

  @Override
  public Optional<DeviceLimits> measureLimits() {
    return Optional.of(LIMITS);
  }

  @Override
  public Executable prepare(Program program) {
    return (sizes, variables) -> new ReferenceFrame(program, sizes, variables);
  }

  @Override
  public void close() {
    OPEN_DEVICES.decrementAndGet();
  }

  private record Memory(MemorySegment segment, Arena arena) implements DeviceMemory {
    private Memory {
      OPEN_MEMORIES.incrementAndGet();
    }

    @Override
    public long sizeBytes() {
      return segment.byteSize();
    }

    @Override
    public void write(long offsetBytes, MemorySegment source) {
      MemorySegment.copy(source, 0, segment, offsetBytes, source.byteSize());
    }

    @Override
    public void read(long offsetBytes, MemorySegment target) {
      MemorySegment.copy(segment, offsetBytes, target, 0, target.byteSize());
    }

    @Override
    public void close() {
      OPEN_MEMORIES.decrementAndGet();
      arena.close();
    }
  }

  private static final class ReferenceFrame implements Frame {
    private final Program program;
    private final Sizes sizes;
    private final Map<String, DeviceMemory> variables;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final Map<String, Dim> symbols = new HashMap<>();

    private ReferenceFrame(Program program, Sizes sizes, Map<String, DeviceMemory> variables) {
      this.program = program;
      this.sizes = sizes;
      this.variables = variables;
      this.memory = arena.allocate(sizes.of(program.arenaBytes()), Program.ALIGNMENT);
      for (String symbol : new TreeSet<>(program.symbols())) {
        symbols.put(symbol, Dim.of(sizes.of(Dim.symbol(symbol))));
      }
      OPEN_FRAMES.incrementAndGet();
      BOUND_FRAMES.incrementAndGet();
    }

    @Override
    public void writeInput(int index, MemorySegment source) {
      segment(program.inputs().get(index).view()).copyFrom(source);
    }

    @Override
    public void run() {
      atRun.run();
      program.steps().forEach(this::execute);
      commit();
    }

    @Override
    public Optional<NonFiniteStep> runChecked() {
      for (int i = 0; i < program.steps().size(); i++) {
        for (HostTensor result : execute(program.steps().get(i))) {
          for (int element = 0; element < result.count(); element++) {
            if (!Double.isFinite(result.doubleAt(element))) {
              return Optional.of(new NonFiniteStep(i, program.steps().get(i)));
            }
          }
        }
      }
      commit();
      return Optional.empty();
    }

    @Override
    public void runObserved(StepObserver observer) {
      for (NumberedStep numbered : NumberedStep.of(program)) {
        observer.began(numbered.number());
        execute(numbered.step());
        observer.ended(numbered.number());
      }
      commit();
    }

    private List<HostTensor> execute(Step step) {
      List<HostTensor> operands =
          step.reads().stream()
              .map(view -> HostTensor.fromMemory(type(view), segment(view)))
              .toList();
      Op op = Attributes.substitute(((OpKernel) step.kernel()).op(), symbols);
      List<TensorType> types = step.writes().stream().map(this::type).toList();
      List<HostTensor> results = op.evaluate(new EvalContext(operands, types));
      for (int i = 0; i < results.size(); i++) {
        results.get(i).toMemory(segment(step.writes().get(i)));
      }
      return results;
    }

    private void commit() {
      List<byte[]> values = new ArrayList<>();
      for (Program.Port update : program.updates()) {
        values.add(segment(update.view()).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
      }
      for (int i = 0; i < values.size(); i++) {
        variable(program.updates().get(i).name()).write(0, MemorySegment.ofArray(values.get(i)));
      }
    }

    @Override
    public void readOutput(int index, MemorySegment target) {
      target.copyFrom(segment(program.outputs().get(index).view()));
    }

    @Override
    public long sizeBytes() {
      return memory.byteSize();
    }

    @Override
    public void close() {
      OPEN_FRAMES.decrementAndGet();
      arena.close();
    }

    private TensorType type(View view) {
      return view.type().withShape(view.type().shape().substitute(symbols));
    }

    private MemorySegment segment(View view) {
      long bytes = sizes.of(view.type().sizeBytes());
      return switch (program.buffers().get(view.buffer()).storage()) {
        case Storage.Arena place -> memory.asSlice(sizes.of(place.offsetBytes()), bytes);
        case Storage.OfVariable place -> ((Memory) variable(place.name())).segment();
        case Storage.Constant _ -> throw new IllegalStateException("constants are nodes here");
      };
    }

    private DeviceMemory variable(String name) {
      DeviceMemory found = variables.get(name);
      if (found == null) {
        throw new IllegalStateException("no memory for " + name);
      }
      return found;
    }
  }
}
