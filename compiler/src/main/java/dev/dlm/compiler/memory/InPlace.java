package dev.dlm.compiler.memory;

import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import java.util.List;

/** Whether a step may write an operand over one that it reads. */
final class InPlace {
  private InPlace() {}

  /**
   * Whether the kernel reads each element of {@code read} only in the iteration that writes the
   * same element of {@code write}, and not after it did. Only loops do.
   */
  static boolean isSafe(Kernel kernel, int read, int write) {
    return switch (kernel) {
      case OpKernel unused -> false;
      case LoopKernel loop -> isSafe(loop, read, write);
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
          if (stored != null) {
            return false;
          }
          stored = access;
          storedIn = block;
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
