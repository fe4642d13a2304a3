package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.cpu.loop.BlockShape.Step;
import dev.dlm.cpu.loop.BlockShape.StoreShape;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a loop kernel does not depend on sizes, made ready for turning its blocks into shapes. By
 * loops: the start of a service would pay for the class of each lambda. Immutable.
 */
final class LoopStructure {
  private final LoopKernel kernel;
  private final List<DType> operands;
  private final List<Dim> parameters;
  private final FoldArithmetic folds;

  /**
   * Takes a kernel.
   *
   * @param operands the element types of the step's operands
   */
  LoopStructure(LoopKernel kernel, List<DType> operands) {
    this.kernel = kernel;
    this.operands = List.copyOf(operands);
    this.parameters = parameters(kernel);
    List<Reduce.Kind> kinds = new ArrayList<>();
    List<DType> dtypes = new ArrayList<>();
    for (Block block : kernel.sweeps()) {
      for (Block.Fold fold : block.folds()) {
        kinds.add(fold.kind());
        dtypes.add(block.instructions().get(fold.value()).dtype());
      }
    }
    this.folds = new FoldArithmetic(kinds, dtypes);
  }

  private static List<Dim> parameters(LoopKernel kernel) {
    Set<Dim> parameters = new LinkedHashSet<>();
    for (Block block : kernel.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Size size) {
          parameters.add(size.dim());
        }
      }
    }
    return List.copyOf(parameters);
  }

  LoopKernel kernel() {
    return kernel;
  }

  /** The sizes that the code is given as numbers. */
  List<Dim> parameters() {
    return parameters;
  }

  FoldArithmetic folds() {
    return folds;
  }

  /** The element type of an access. */
  DType dtype(int access) {
    return operands.get(kernel.accesses().get(access).operand());
  }

  int countAccesses() {
    return kernel.accesses().size();
  }

  /** Bytes of an element of each operand. */
  int[] elementBytes() {
    int[] bytes = new int[operands.size()];
    for (int operand = 0; operand < bytes.length; operand++) {
      bytes[operand] = operands.get(operand).sizeBytes();
    }
    return bytes;
  }

  /** How many operations one iteration costs. */
  int countOperations() {
    int count = 0;
    for (Block block : kernel.blocks()) {
      count += block.instructions().size() + 1;
    }
    return count;
  }

  /** The shapes of the sweeps in order, then that of the finish. */
  List<BlockShape> shapes(IterationSpace space, int innerAxis, Mode mode) {
    List<BlockShape> shapes = new ArrayList<>();
    int firstFold = 0;
    for (Block block : kernel.blocks()) {
      int fetched = mode == Mode.WHOLE_ROWS ? fetchedBy(block, space, innerAxis) : -1;
      shapes.add(shape(block, space, innerAxis, mode, firstFold, fetched));
      firstFold += block.folds().size();
    }
    return shapes;
  }

  private BlockShape shape(
      Block block, IterationSpace space, int innerAxis, Mode mode, int firstFold, int fetched) {
    List<AccessShape> accesses = new ArrayList<>();
    for (int access = 0; access < kernel.accesses().size(); access++) {
      accesses.add(
          uses(block, access) ? accessShape(space, innerAxis, access) : AccessShape.UNUSED);
    }
    List<Operation> operations = new ArrayList<>();
    for (Instruction instruction : block.instructions()) {
      operations.add(operation(block, instruction, space, innerAxis));
    }
    List<FoldShape> foldShapes = new ArrayList<>();
    for (int i = 0; i < block.folds().size(); i++) {
      Block.Fold fold = block.folds().get(i);
      foldShapes.add(new FoldShape(firstFold + i, fold.kind(), fold.value()));
    }
    List<StoreShape> stores = new ArrayList<>();
    for (Block.Store store : block.stores()) {
      stores.add(new StoreShape(store.access(), store.value()));
    }
    return new BlockShape(mode, accesses, operations, foldShapes, stores, fetched);
  }

  /**
   * What a sweep that computes for long may read ahead: rows that the first sweep will wait for,
   * and that this one has in the cache by then.
   */
  private int fetchedBy(Block block, IterationSpace space, int innerAxis) {
    Block first = kernel.blocks().get(0);
    if (block == first || block.folds().isEmpty() || !hasTranscendental(block)) {
      return -1;
    }
    for (int access = 0; access < kernel.accesses().size(); access++) {
      if (loads(first, access)
          && loads(block, access)
          && space.stride(access, innerAxis) == dtype(access).sizeBytes()) {
        return access;
      }
    }
    return -1;
  }

  private static boolean hasTranscendental(Block block) {
    for (Instruction instruction : block.instructions()) {
      if (instruction instanceof Instruction.Apply apply && VectorForm.isCostly(apply.function())) {
        return true;
      }
    }
    return false;
  }

  private static boolean uses(Block block, int access) {
    for (Block.Store store : block.stores()) {
      if (store.access() == access) {
        return true;
      }
    }
    return loads(block, access);
  }

  private static boolean loads(Block block, int access) {
    for (Instruction instruction : block.instructions()) {
      if (instruction instanceof Instruction.Load load && load.access() == access) {
        return true;
      }
    }
    return false;
  }

  private AccessShape accessShape(IterationSpace space, int innerAxis, int access) {
    long stride = space.stride(access, innerAxis);
    DType dtype = dtype(access);
    Step step = stride == 0 ? Step.FIXED : stride == dtype.sizeBytes() ? Step.NEXT : Step.ANY;
    return new AccessShape(dtype, step, space.isBounded(access));
  }

  private Operation operation(
      Block block, Instruction instruction, IterationSpace space, int innerAxis) {
    return switch (instruction) {
      case Instruction.Load load ->
          new Operation.Load(
              load.access(),
              load.dtype(),
              space.isBounded(load.access())
                  ? load.otherwise()
                  : HostTensor.scalar(load.dtype(), 0));
      case Instruction.Literal literal -> new Operation.Literal(literal.value());
      case Instruction.Size size ->
          new Operation.Parameter(parameters.indexOf(size.dim()), size.dtype());
      case Instruction.Index index -> {
        int form = space.indexForm(index.axis());
        yield new Operation.Index(form, index.dtype(), space.stride(form, innerAxis) != 0);
      }
      case Instruction.Folded folded ->
          new Operation.Folded(folded.fold(), folded.dtype(), maximumOf(block, folded.fold()));
      case Instruction.Apply apply ->
          new Operation.Apply(apply.function(), apply.dtype(), apply.arguments());
    };
  }

  /** The instruction of a block that a fold of an earlier one is the maximum of, or −1. */
  private int maximumOf(Block block, int fold) {
    int firstFold = 0;
    for (Block earlier : kernel.sweeps()) {
      int index = fold - firstFold;
      firstFold += earlier.folds().size();
      if (fold < firstFold) {
        Block.Fold folded = earlier.folds().get(index);
        for (int i = 0; folded.kind() == Reduce.Kind.MAX && i < block.instructions().size(); i++) {
          if (isSame(block, i, earlier, folded.value())) {
            return i;
          }
        }
        return -1;
      }
    }
    return -1;
  }

  /** Whether an instruction of one block gives what one of another does. */
  private static boolean isSame(Block block, int number, Block other, int otherNumber) {
    Instruction instruction = block.instructions().get(number);
    Instruction otherInstruction = other.instructions().get(otherNumber);
    if (!(instruction instanceof Instruction.Apply apply)) {
      return instruction.equals(otherInstruction);
    }
    if (!(otherInstruction instanceof Instruction.Apply otherApply)
        || apply.function() != otherApply.function()
        || apply.dtype() != otherApply.dtype()) {
      return false;
    }
    for (int i = 0; i < apply.arguments().size(); i++) {
      if (!isSame(block, apply.arguments().get(i), other, otherApply.arguments().get(i))) {
        return false;
      }
    }
    return true;
  }
}
