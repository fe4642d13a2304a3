package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a step is bound to: sizes, the memory of its operands, threads. */
public final class StepBinding {
  private final Sizes sizes;
  private final Map<String, Dim> replacements;
  private final List<TensorType> types;
  private final List<OperandMemory> operands;
  private final List<MemorySegment> segments;
  private final int countReads;
  private final WorkerPool pool;
  private final Arena arena;
  private long scratchBytes;

  /**
   * Binds.
   *
   * @param replacements the sizes again, as constants for each symbol
   * @param operands the memory of each operand
   * @param arena what scratch memory is taken from
   */
  public StepBinding(
      Step step,
      Sizes sizes,
      Map<String, Dim> replacements,
      List<OperandMemory> operands,
      WorkerPool pool,
      Arena arena) {
    this.sizes = sizes;
    this.replacements = Map.copyOf(replacements);
    List<TensorType> bound = new ArrayList<>();
    List<MemorySegment> memory = new ArrayList<>();
    for (int operand = 0; operand < step.countOperands(); operand++) {
      TensorType type = step.operand(operand).type();
      bound.add(type.withShape(type.shape().substitute(replacements)));
      memory.add(operands.get(operand).segment());
    }
    this.types = Collections.unmodifiableList(bound);
    this.operands = List.copyOf(operands);
    this.segments = Collections.unmodifiableList(memory);
    this.countReads = step.reads().size();
    this.pool = pool;
    this.arena = arena;
  }

  public Sizes sizes() {
    return sizes;
  }

  /** For each symbol its size. */
  public Map<String, Dim> replacements() {
    return replacements;
  }

  /** The types of the operands, reads before writes, of constant shapes. */
  public List<TensorType> types() {
    return types;
  }

  /** The element types of the operands. */
  public List<DType> dtypes() {
    return dtypes(types);
  }

  static List<DType> dtypes(List<TensorType> types) {
    List<DType> dtypes = new ArrayList<>();
    for (TensorType type : types) {
      dtypes.add(type.dtype());
    }
    return Collections.unmodifiableList(dtypes);
  }

  public TensorType type(int operand) {
    return types.get(operand);
  }

  /** The memory of the operands. */
  public List<MemorySegment> segments() {
    return segments;
  }

  public MemorySegment segment(int operand) {
    return segments.get(operand);
  }

  /**
   * The beginning of the outermost loop around the step through which an operand stays the same:
   * what is computed of that operand alone may be computed there. None if the step may find the
   * operand changed at each run.
   */
  public Optional<LoopEntry> entry(int operand) {
    return operands.get(operand).entry();
  }

  /**
   * Where work on an operand alone goes whose result is large and worth to be kept from run to run:
   * as {@link #entry}, or before the next run of the frame after somebody changed the variable that
   * the operand is.
   */
  public Optional<LoopEntry> unchanged(int operand) {
    return entry(operand).or(() -> variable(operand).map(UnchangedVariable::entry));
  }

  /** The variable that an operand is; none if it is none, or one that the program changes. */
  Optional<UnchangedVariable> variable(int operand) {
    return operands.get(operand).unchanged();
  }

  /**
   * The types of an op's operands and then its results, without what else the step reads.
   *
   * @param countOperands operands of the op
   */
  public List<TensorType> ownTypes(int countOperands) {
    return own(types, countOperands);
  }

  /** The memory of an op's operands and then its results, as {@link #ownTypes}. */
  public List<MemorySegment> ownSegments(int countOperands) {
    return own(segments, countOperands);
  }

  private <T> List<T> own(List<T> all, int countOperands) {
    List<T> own = new ArrayList<>(all.subList(0, countOperands));
    own.addAll(all.subList(countReads, all.size()));
    return List.copyOf(own);
  }

  /** The number of operands that the step reads; those that it writes follow them. */
  public int countReads() {
    return countReads;
  }

  /** What scratch memory is taken from; lives as long as the step. */
  public Arena arena() {
    return arena;
  }

  /** What shares the work. */
  public WorkerPool pool() {
    return pool;
  }

  /** Memory of this step alone, of any content. */
  public MemorySegment scratch(long sizeBytes) {
    scratchBytes += sizeBytes;
    return arena.allocate(Math.max(1, sizeBytes), Program.ALIGNMENT);
  }

  /** {@link #scratch} for those who know nothing of steps. */
  public SegmentAllocator scratchMemory() {
    return (sizeBytes, alignment) -> scratch(sizeBytes);
  }

  /** Counts memory that a step holds otherwise. */
  public void countScratch(long sizeBytes) {
    scratchBytes += sizeBytes;
  }

  /** The bytes that the step needs beside its operands. */
  public long scratchBytes() {
    return scratchBytes;
  }
}
