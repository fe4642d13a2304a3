package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.op.array.Reduce;
import java.util.List;

/**
 * The structure of a block of a loop kernel, without sizes: blocks of equal shape run the same
 * code.
 *
 * @param accesses one for each access of the kernel; {@link AccessShape#UNUSED} where the block
 *     does not use it
 * @param fetched an access of which vector code also reads, and drops, a byte an iteration of what
 *     is needed later, from {@link LoopState#fetchFrom} on; −1 for none
 */
record BlockShape(
    Mode mode,
    List<AccessShape> accesses,
    List<Operation> operations,
    List<FoldShape> folds,
    List<StoreShape> stores,
    int fetched) {

  /** What the innermost loop runs over, and how folds see it. */
  enum Mode {
    /** No folds. */
    ELEMENTS,
    /** The innermost loop runs over some of a row's columns; folds go along it. */
    COLUMNS,
    /** The innermost loop runs over all columns of a row, in which folds begin and end. */
    WHOLE_ROWS,
    /** The innermost loop runs over rows, each with folds of its own; the next one over columns. */
    ROWS;

    /** Whether folds go along the innermost loop. */
    boolean foldsAlong() {
      return this == COLUMNS || this == WHOLE_ROWS;
    }
  }

  /** How an access moves along the innermost axis. */
  enum Step {
    /** It stays. */
    FIXED,
    /** To the neighbour in memory. */
    NEXT,
    /** By a number of bytes known when the code runs. */
    ANY
  }

  /**
   * How an access is made.
   *
   * @param bounded whether it may lie outside of its bounds; {@link LoopState#inside} then says for
   *     each run whether it does
   */
  record AccessShape(DType dtype, Step step, boolean bounded) {
    static final AccessShape UNUSED = new AccessShape(DType.BOOL, Step.FIXED, false);
  }

  /**
   * A fold.
   *
   * @param fold its number through all blocks
   * @param value number of the operation
   */
  record FoldShape(int fold, Reduce.Kind kind, int value) {}

  /** A store of an operation's value. */
  record StoreShape(int access, int value) {}

  BlockShape {
    accesses = List.copyOf(accesses);
    operations = List.copyOf(operations);
    folds = List.copyOf(folds);
    stores = List.copyOf(stores);
  }

  /** Whether it folds rows from beginning to end. */
  boolean foldsWholeRows() {
    return mode == Mode.WHOLE_ROWS && !folds.isEmpty();
  }

  /** Linear forms up to the last one that the block uses. */
  int countForms() {
    int count = accesses.size();
    for (Operation operation : operations) {
      if (operation instanceof Operation.Index index) {
        count = Math.max(count, index.form() + 1);
      }
    }
    return count;
  }

  /** Folds up to the last one that the block makes or reads. */
  int countFolds() {
    int count = 0;
    for (FoldShape fold : folds) {
      count = Math.max(count, fold.fold() + 1);
    }
    for (Operation operation : operations) {
      if (operation instanceof Operation.Folded folded) {
        count = Math.max(count, folded.fold() + 1);
      }
    }
    return count;
  }

  /** Parameters up to the last one that the block reads. */
  int countParameters() {
    int count = 0;
    for (Operation operation : operations) {
      if (operation instanceof Operation.Parameter parameter) {
        count = Math.max(count, parameter.index() + 1);
      }
    }
    return count;
  }

  /** For each operation whether its value changes along the innermost axis. */
  boolean[] varying() {
    boolean[] varies = new boolean[operations.size()];
    for (int i = 0; i < varies.length; i++) {
      varies[i] =
          switch (operations.get(i)) {
            case Operation.Load load -> accesses.get(load.access()).step() != Step.FIXED;
            case Operation.Index index -> index.varies();
            case Operation.Folded _ -> mode == Mode.ROWS;
            case Operation.Literal _, Operation.Parameter _ -> false;
            case Operation.Apply apply -> {
              boolean any = false;
              for (int argument : apply.arguments()) {
                any |= varies[argument];
              }
              yield any;
            }
          };
    }
    return varies;
  }
}
