package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cpu.contraction.PackedMatrix.Order;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Where the pieces of a packed matrix lie. */
class PackedMatrixTest {

  private static final int DEPTH = 2 * DepthBlocks.MAX_LENGTH + 100;
  private static final int BLOCK = DepthBlocks.length(DEPTH);
  private static final int COLUMNS = 90;
  private static final int PANEL_COLUMNS = 32;

  @Test
  void pieces_byDepth_lieInTheOrderOfBlocksOfDepth() {
    try (Arena arena = Arena.ofConfined()) {
      PackedMatrix packed = packed(arena, Order.BY_DEPTH);
      long free = 0;
      for (int depth = 0; depth < DEPTH; depth += BLOCK) {
        for (int column = 0; column < COLUMNS; column += PANEL_COLUMNS) {
          free = follow(packed, column, depth, free);
        }
      }
      assertThat(free).isEqualTo(packed.sizeBytes());
    }
  }

  @Test
  void pieces_byPanel_lieInTheOrderOfPanels() {
    try (Arena arena = Arena.ofConfined()) {
      PackedMatrix packed = packed(arena, Order.BY_PANEL);
      long free = 0;
      for (int column = 0; column < COLUMNS; column += PANEL_COLUMNS) {
        for (int depth = 0; depth < DEPTH; depth += BLOCK) {
          free = follow(packed, column, depth, free);
        }
      }
      assertThat(free).isEqualTo(packed.sizeBytes());
    }
  }

  private static PackedMatrix packed(Arena arena, Order order) {
    MemorySegment segment =
        arena.allocate(PackedMatrix.sizeBytes(ElementKind.F32, DEPTH, COLUMNS, PANEL_COLUMNS), 64);
    return new PackedMatrix(segment, order, ElementKind.F32, DEPTH, COLUMNS, PANEL_COLUMNS);
  }

  /** Checks that a piece begins where the one before ends; gives its own end. */
  private static long follow(PackedMatrix packed, int column, int depthStart, long free) {
    int depth = Math.min(BLOCK, DEPTH - depthStart);
    assertThat(packed.panelOffset(column, depthStart, depth)).isEqualTo(free);
    return free + 4L * (depth * PANEL_COLUMNS + TileSet.SLACK);
  }
}
