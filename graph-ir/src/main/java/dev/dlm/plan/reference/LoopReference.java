package dev.dlm.plan.reference;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.reference.Indexing;
import dev.dlm.reference.ScalarReference;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The plain meaning of the loop language: runs a {@link LoopKernel} element by element in the order
 * that its description gives, rounding every instruction and every step of a fold to its element
 * type. Used by one thread.
 */
public final class LoopReference {
  private final LoopKernel kernel;
  private final ToLongFunction<Dim> sizes;
  private final List<MemorySegment> operands;
  private final List<DType> operandTypes;
  private final List<HostTensor> folded = new ArrayList<>();

  private LoopReference(
      LoopKernel kernel,
      ToLongFunction<Dim> sizes,
      List<MemorySegment> operands,
      List<DType> operandTypes) {
    this.kernel = kernel;
    this.sizes = sizes;
    this.operands = operands;
    this.operandTypes = operandTypes;
  }

  /**
   * Runs a kernel.
   *
   * @param sizes gives the value of each size in the kernel
   * @param operands memory of the step's operands, which may overlap as a plan lets them
   * @param operandTypes element types of the operands
   */
  public static void run(
      LoopKernel kernel,
      ToLongFunction<Dim> sizes,
      List<MemorySegment> operands,
      List<DType> operandTypes) {
    new LoopReference(kernel, sizes, operands, operandTypes).run();
  }

  /** {@link #run} with symbols bound by a map. */
  public static void run(
      LoopKernel kernel,
      Map<String, Long> symbols,
      List<MemorySegment> operands,
      List<DType> operandTypes) {
    run(kernel, dim -> dim.evaluate(symbols::get), operands, operandTypes);
  }

  private void run() {
    long[] rowSizes = kernel.rows().stream().mapToLong(sizes).toArray();
    for (int row = 0; row < Indexing.count(rowSizes); row++) {
      folded.clear();
      long[] at = Indexing.coordinates(rowSizes, row);
      kernel.sweeps().forEach(sweep -> runSweep(sweep, at));
      // Columns do not matter to the finish; their indices are zero.
      execute(kernel.finish(), Arrays.copyOf(at, at.length + kernel.columns().size()));
    }
  }

  private void runSweep(Block sweep, long[] row) {
    long[] columnSizes = kernel.columns().stream().mapToLong(sizes).toArray();
    int count = Indexing.count(columnSizes);
    List<List<HostTensor>> values = new ArrayList<>();
    sweep.folds().forEach(fold -> values.add(new ArrayList<>()));
    for (int column = 0; column < count; column++) {
      long[] at = Arrays.copyOf(row, row.length + columnSizes.length);
      System.arraycopy(
          Indexing.coordinates(columnSizes, column), 0, at, row.length, columnSizes.length);
      List<HostTensor> results = execute(sweep, at);
      for (int fold = 0; fold < values.size(); fold++) {
        values.get(fold).add(results.get(sweep.folds().get(fold).value()));
      }
    }
    for (int fold = 0; fold < values.size(); fold++) {
      Block.Fold definition = sweep.folds().get(fold);
      DType dtype = sweep.instructions().get(definition.value()).dtype();
      folded.add(fold(definition.kind(), dtype, values.get(fold)));
    }
  }

  /** Folds the values of a row's columns in the order that {@link LoopKernel} fixes. */
  public static HostTensor fold(Reduce.Kind kind, DType dtype, List<HostTensor> values) {
    HostTensor total = identity(kind, dtype);
    for (int start = 0; start < values.size(); start += LoopKernel.FOLD_BLOCK) {
      HostTensor[] lanes = new HostTensor[LoopKernel.FOLD_LANES];
      Arrays.fill(lanes, identity(kind, dtype));
      for (int i = start; i < Math.min(values.size(), start + LoopKernel.FOLD_BLOCK); i++) {
        int lane = (i - start) % LoopKernel.FOLD_LANES;
        lanes[lane] = combine(kind, lanes[lane], values.get(i));
      }
      for (int distance = LoopKernel.FOLD_LANES / 2; distance > 0; distance /= 2) {
        for (int lane = 0; lane < distance; lane++) {
          lanes[lane] = combine(kind, lanes[lane], lanes[lane + distance]);
        }
      }
      total = start == 0 ? lanes[0] : combine(kind, total, lanes[0]);
    }
    return total;
  }

  private static HostTensor identity(Reduce.Kind kind, DType dtype) {
    TensorType type = TensorType.of(dtype);
    return dtype.isFloat()
        ? HostTensor.ofDoubles(type, i -> kind.identity())
        : HostTensor.ofLongs(type, i -> kind.integerIdentity(dtype));
  }

  private static HostTensor combine(Reduce.Kind kind, HostTensor a, HostTensor b) {
    return ScalarReference.map(kind.combiner(), List.of(a, b), a.type());
  }

  /** Runs a block at one place of the iteration space; returns the values of its instructions. */
  private List<HostTensor> execute(Block block, long[] at) {
    List<HostTensor> results = new ArrayList<>();
    for (Instruction instruction : block.instructions()) {
      TensorType type = TensorType.of(instruction.dtype());
      results.add(
          switch (instruction) {
            case Instruction.Load load -> load(load, at);
            case Instruction.Literal literal -> literal.value();
            case Instruction.Size size -> number(type, sizes.applyAsLong(size.dim()));
            case Instruction.Index index -> number(type, at[index.axis()]);
            case Instruction.Folded fold -> folded.get(fold.fold());
            case Instruction.Apply apply -> {
              List<HostTensor> arguments = apply.arguments().stream().map(results::get).toList();
              yield ScalarReference.map(apply.function(), arguments, type);
            }
          });
    }
    for (Block.Store store : block.stores()) {
      Access access = kernel.accesses().get(store.access());
      results.get(store.value()).toMemory(element(access, at));
    }
    return results;
  }

  private static HostTensor number(TensorType type, long value) {
    return type.dtype().isFloat()
        ? HostTensor.ofDoubles(type, i -> value)
        : HostTensor.ofLongs(type, i -> value);
  }

  private HostTensor load(Instruction.Load load, long[] at) {
    Access access = kernel.accesses().get(load.access());
    for (Access.Bound bound : access.bounds()) {
      long coordinate = affine(bound.offset(), bound.coefficients(), at);
      if (coordinate < 0 || coordinate >= sizes.applyAsLong(bound.extent())) {
        return load.otherwise();
      }
    }
    return HostTensor.fromMemory(TensorType.of(load.dtype()), element(access, at));
  }

  private MemorySegment element(Access access, long[] at) {
    long sizeBytes = operandTypes.get(access.operand()).sizeBytes();
    return operands
        .get(access.operand())
        .asSlice(affine(access.offset(), access.strides(), at) * sizeBytes, sizeBytes);
  }

  private long affine(Dim offset, List<Dim> factors, long[] at) {
    long position = sizes.applyAsLong(offset);
    for (int axis = 0; axis < factors.size(); axis++) {
      position += sizes.applyAsLong(factors.get(axis)) * at[axis];
    }
    return position;
  }
}
