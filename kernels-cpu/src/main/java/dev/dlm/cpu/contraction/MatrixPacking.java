package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;

/**
 * Packs a whole right operand; a task takes a few panels of one block of depth. Rows that lie side
 * by side are read a few at a time across all of the task's panels, so that what shares a page is
 * read together.
 */
final class MatrixPacking implements WorkerPool.Task {

  private static final int TASK_ELEMENTS = 1 << 17;

  private final PanelPacker packer;
  private final PackedMatrix packed;
  private final int depthBlocks;
  private final int blockDepth;
  private final int taskPanels;

  MatrixPacking(PanelPacker packer, PackedMatrix packed) {
    this.packer = packer;
    this.packed = packed;
    depthBlocks = DepthBlocks.count(packed.depth());
    blockDepth = DepthBlocks.length(packed.depth());
    taskPanels = Math.max(1, TASK_ELEMENTS / (blockDepth * packed.panelColumns()));
  }

  void runOn(WorkerPool pool) {
    pool.run(depthBlocks * Math.ceilDiv(packed.panels(), taskPanels), this);
  }

  @Override
  public void run(int task) {
    int depthStart = task % depthBlocks * blockDepth;
    int depth = Math.min(blockDepth, packed.depth() - depthStart);
    int first = task / depthBlocks * taskPanels;
    int end = Math.min(packed.panels(), first + taskPanels);
    int panelColumns = packed.panelColumns();
    long rowBytes = (long) panelColumns * packer.tiles().element().sizeBytes();
    int step = packer.stepsAtOnce();
    for (int start = 0; start < depth; start += step) {
      int steps = Math.min(step, depth - start);
      for (int panel = first; panel < end; panel++) {
        int column = panel * panelColumns;
        packer.pack(
            0,
            column,
            Math.min(panelColumns, packed.columns() - column),
            depthStart + start,
            steps,
            packed.segment(),
            packed.panelOffset(column, depthStart, depth) + start * rowBytes,
            rowBytes);
      }
    }
  }
}
