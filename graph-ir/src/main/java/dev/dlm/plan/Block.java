package dev.dlm.plan;

import dev.dlm.op.array.Reduce;
import java.util.List;

/**
 * Straight-line code that runs for each element of an iteration space: instructions, then folds and
 * stores of their values.
 *
 * @param folds reductions of a value over the columns of each row; empty in {@link
 *     LoopKernel#finish}
 */
public record Block(List<Instruction> instructions, List<Fold> folds, List<Store> stores) {
  /** A block that does nothing. */
  public static final Block EMPTY = new Block(List.of(), List.of(), List.of());

  public Block {
    instructions = List.copyOf(instructions);
    folds = List.copyOf(folds);
    stores = List.copyOf(stores);
  }

  /**
   * A reduction of an instruction's value over all columns of a row, in the instruction's element
   * type.
   *
   * @param value number of the instruction
   */
  public record Fold(Reduce.Kind kind, int value) {}

  /**
   * Writes an instruction's value.
   *
   * @param access its place in {@link LoopKernel#accesses}
   * @param value number of the instruction; of the operand's element type
   */
  public record Store(int access, int value) {}
}
