package dev.dlm.plan;

import dev.dlm.ir.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * A fused loop over an iteration space of rows and columns:
 *
 * <pre>{@code
 * for each row (in any order, in parallel):
 *   for each sweep in order:
 *     for each column (in any order, in parallel):
 *       instructions, folds over the columns, stores
 *   finish once: instructions and stores that use folds
 * }</pre>
 *
 * <p>A kernel without folds has all its axes in {@code columns}, one sweep and an empty {@code
 * finish}. A reduction of a whole tensor has no rows. Different elements of a stored operand are
 * written by different iterations. What a sweep stored, a later sweep may load in the iteration of
 * the same row and column, and store anew.
 *
 * <p>Order of floating-point folds on the CPU: the columns of a row, counted in row-major order,
 * are cut into blocks of {@link #FOLD_BLOCK}. Within a block, column {@code j} goes to lane {@code
 * j mod 16}; each lane starts from the identity and takes its columns in order; lanes are combined
 * as {@code (l, l+8)}, then {@code (l, l+4)}, {@code (l, l+2)}, {@code (0, 1)}. Results of blocks
 * are combined in order from the first. So the bits do not depend on threads, vector width or
 * processor.
 *
 * @param rows sizes of the outer axes
 * @param columns sizes of the inner axes, over which folds run
 * @param accesses how operands are read and written
 * @param finish code for each row after all sweeps; its instructions do not vary along columns
 */
public record LoopKernel(
    List<Dim> rows, List<Dim> columns, List<Access> accesses, List<Block> sweeps, Block finish)
    implements Kernel {
  /** Columns in one block of a floating-point fold. */
  public static final int FOLD_BLOCK = 16384;

  /** Lanes of a floating-point fold. */
  public static final int FOLD_LANES = 16;

  public LoopKernel {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    accesses = List.copyOf(accesses);
    sweeps = List.copyOf(sweeps);
  }

  /** The sizes of all axes: rows, then columns. */
  public List<Dim> axes() {
    List<Dim> axes = new ArrayList<>(rows);
    axes.addAll(columns);
    return axes;
  }

  /** Whether any sweep folds. */
  public boolean hasFolds() {
    for (Block sweep : sweeps) {
      if (!sweep.folds().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** All blocks: the sweeps in order, then the finish. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>(sweeps);
    blocks.add(finish);
    return blocks;
  }
}
