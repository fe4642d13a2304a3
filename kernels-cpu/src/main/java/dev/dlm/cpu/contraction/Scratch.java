package dev.dlm.cpu.contraction;

import dev.dlm.cpu.ObjectPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Packed operands of one block, borrowed for the time of one task. All are of one size. */
final class Scratch {

  private static final int KEPT = 64;
  private static final ObjectPool<Scratch> F32 =
      new ObjectPool<>(KEPT, () -> new Scratch(ElementKind.F32));
  private static final ObjectPool<Scratch> F64 =
      new ObjectPool<>(KEPT, () -> new Scratch(ElementKind.F64));

  /** Bytes of the columns of one block, for one step of depth, at most. */
  private static final int PANEL_ROW_BYTES = 1024;

  /** Bytes of the columns of one block, for one block of depth, at most. */
  private static final int PANEL_BYTES = 384 * PANEL_ROW_BYTES;

  /** Behind each packed panel. */
  static final int PANEL_SLACK_BYTES = 64;

  private static final int MAX_PANELS = PANEL_ROW_BYTES / 16;

  /** How many strips are packed at a time. */
  static final int STRIPS = 12;

  /** Elements from one strip to the next; each row or step of depth ends with slack of its own. */
  static final int STRIP_PITCH = TileSet.DEPTH_PITCH * TileSet.ROW_PITCH;

  private static final long PANELS_BYTES = PANEL_BYTES + (long) MAX_PANELS * PANEL_SLACK_BYTES;
  private static final long TILE_BYTES = 4096;

  private final ElementKind element;

  /** Strips of rows: {@code float[]} or {@code double[]}. */
  final Object strips;

  /** The panels of a block's columns, for one block of depth. */
  final MemorySegment panels;

  /** What {@link TileKernel}s return; read by nobody. */
  int fetched;

  /** Images as convolutions read them. */
  final ImageSlab slab = new ImageSlab();

  /** A tile that does not fit where it belongs. */
  final MemorySegment tile;

  private Scratch(ElementKind element) {
    this.element = element;
    // Collected together with this object, which nothing closes.
    Arena arena = Arena.ofAuto();
    strips =
        element == ElementKind.F32
            ? new float[STRIPS * STRIP_PITCH]
            : new double[STRIPS * STRIP_PITCH];
    panels = arena.allocate(PANELS_BYTES, 64);
    tile = arena.allocate(TILE_BYTES, 64);
  }

  /** How many bytes of columns there is room for in each step of a depth. */
  static int panelRowBytes(int depth) {
    return Math.min(PANEL_ROW_BYTES, PANEL_BYTES / DepthBlocks.length(depth));
  }

  static Scratch borrow(ElementKind element) {
    return pool(element).borrow();
  }

  void giveBack() {
    pool(element).giveBack(this);
  }

  private static ObjectPool<Scratch> pool(ElementKind element) {
    return element == ElementKind.F32 ? F32 : F64;
  }
}
