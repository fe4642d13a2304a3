package dev.dlm.cpu.device;

import dev.dlm.cpu.step.StepKernel;
import dev.dlm.cpu.step.StepKernels;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.plan.CompositeExpansion;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.WhileKernel;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A program whose steps have found their kernels. Immutable. */
final class CpuExecutable implements Executable {
  private final Program program;
  private final List<Integer> origins;
  private final WorkerPool pool;
  private final List<StepKernel> kernels;
  private final PortUses portUses;

  /** Collected with this object. */
  private final List<MemorySegment> constants;

  CpuExecutable(Program original, WorkerPool pool) {
    this(CompositeExpansion.of(original, CpuExecutable::isWhole), pool);
  }

  private CpuExecutable(CompositeExpansion expansion, WorkerPool pool) {
    this.program = expansion.program();
    this.origins = expansion.origins();
    this.pool = pool;
    List<StepKernel> kernels = new ArrayList<>();
    for (Step step : program.steps()) {
      kernels.add(kernelOf(step));
    }
    this.kernels = Collections.unmodifiableList(kernels);
    this.portUses = PortUses.of(program);
    Arena arena = Arena.ofAuto();
    List<MemorySegment> constants = new ArrayList<>();
    for (HostTensor constant : program.constants()) {
      constants.add(inMemory(constant, arena));
    }
    this.constants = Collections.unmodifiableList(constants);
  }

  private static boolean isWhole(CompositeKernel kernel) {
    return StepKernels.supports(kernel.op());
  }

  private StepKernel kernelOf(Step step) {
    return switch (step.kernel()) {
      case LoopKernel loop -> StepKernels.of(loop);
      case OpKernel op -> StepKernels.of(op, step.location());
      case CompositeKernel composite ->
          StepKernels.of(new OpKernel(composite.op()), step.location());
      case ScanKernel scan -> ScanStep.prepare(scan, inside(scan.body()));
      case WhileKernel loop ->
          WhileStep.prepare(loop, inside(loop.condition()), inside(loop.body()));
      case CondKernel cond -> CondStep.prepare(inside(cond.whenTrue()), inside(cond.whenFalse()));
    };
  }

  private CpuExecutable inside(Program body) {
    return new CpuExecutable(body, pool);
  }

  private static MemorySegment inMemory(HostTensor constant, Arena arena) {
    MemorySegment segment = CpuMemory.allocate(arena, constant.type().sizeBytes().asLong());
    constant.toMemory(segment);
    return segment;
  }

  Program program() {
    return program;
  }

  /** The number of the original program's step that a step came from. */
  int origin(int step) {
    return origins.get(step);
  }

  WorkerPool pool() {
    return pool;
  }

  List<StepKernel> kernels() {
    return kernels;
  }

  PortUses portUses() {
    return portUses;
  }

  List<MemorySegment> constants() {
    return constants;
  }

  @Override
  public Frame bind(Sizes sizes, Map<String, DeviceMemory> variables) {
    Map<String, Dim> replacements = new TreeMap<>();
    for (String symbol : program.symbols()) {
      replacements.put(symbol, Dim.of(sizes.of(Dim.symbol(symbol))));
    }
    return CpuFrame.bind(this, sizes, replacements, variables);
  }
}
