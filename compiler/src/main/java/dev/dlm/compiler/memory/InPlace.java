package dev.dlm.compiler.memory;

import dev.dlm.ir.Value;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.WhileKernel;
import java.util.List;

/** Whether a step may write an operand over one that it reads. */
final class InPlace {
  private InPlace() {}

  /**
   * Whether the kernel may have {@code read} and {@code write} in the same bytes: a fused loop that
   * reads each element only in the iteration that writes the same element, and not after it did; an
   * op that changes some elements of its first operand and leaves the others as they are; a loop
   * with carries, which starts from the memory of theirs.
   */
  static boolean isSafe(DraftStep step, int read, int write) {
    return switch (step.kernel()) {
      case OpKernel kernel ->
          read == 0
              && kernel
                  .op()
                  .elementsChanged(step.reads().stream().map(Value::type).toList())
                  .isPresent();
      case CompositeKernel _, CondKernel _ -> false;
      case LoopKernel loop -> isSafe(loop, read, write);
      case ScanKernel scan -> read < scan.carries() && write - step.reads().size() == read;
      case WhileKernel loop -> read < loop.carries() && write - step.reads().size() == read;
    };
  }

  private static boolean isSafe(LoopKernel loop, int read, int write) {
    List<Block> blocks = loop.blocks();
    int storedIn = -1;
    Access stored = null;
    for (int block = 0; block < blocks.size(); block++) {
      for (Block.Store store : blocks.get(block).stores()) {
        Access access = loop.accesses().get(store.access());
        if (access.operand() == write) {
          if (stored != null && !access.hasSameMapAs(stored)) {
            return false;
          }
          storedIn = stored == null ? block : storedIn;
          stored = access;
        }
      }
    }
    if (stored == null) {
      return false;
    }
    for (int block = 0; block < blocks.size(); block++) {
      for (Instruction instruction : blocks.get(block).instructions()) {
        if (instruction instanceof Instruction.Load load
            && loop.accesses().get(load.access()).operand() == read) {
          Access access = loop.accesses().get(load.access());
          if (block > storedIn || !access.bounds().isEmpty() || !access.hasSameMapAs(stored)) {
            return false;
          }
        }
      }
    }
    return true;
  }
}
