package dev.dlm.cpu.contraction;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Packed operands of one block, borrowed for the time of one task.
 *
 * <p>All are of one size and are kept for later tasks; there are as many as tasks ever ran at once,
 * and those beyond {@value #KEPT} are left to the garbage collector.
 */
final class Scratch {

  private static final int KEPT = 64;
  private static final AtomicReferenceArray<@Nullable Scratch> FREE_F32 =
      new AtomicReferenceArray<>(KEPT);
  private static final AtomicReferenceArray<@Nullable Scratch> FREE_F64 =
      new AtomicReferenceArray<>(KEPT);

  /** Bytes of the columns of one block, for one step of depth. */
  static final int PANEL_ROW_BYTES = 1024;

  /** Behind each packed panel. */
  static final int PANEL_SLACK_BYTES = 64;

  private static final int MAX_PANELS = PANEL_ROW_BYTES / 16;

  /** How many strips are packed at a time. */
  static final int STRIPS = 12;

  /** Elements from one strip to the next; each row or step of depth ends with slack of its own. */
  static final int STRIP_PITCH = TileSet.DEPTH_PITCH * TileSet.ROW_PITCH;

  private static final long PANELS_BYTES =
      (long) PANEL_ROW_BYTES * TileSet.DEPTH_BLOCK + MAX_PANELS * PANEL_SLACK_BYTES;
  private static final long TILE_BYTES = 4096;

  private final ElementKind element;

  /** Strips of rows: {@code float[]} or {@code double[]}. */
  final Object strips;

  /** The panels of a block's columns, for one block of depth. */
  final MemorySegment panels;

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

  static Scratch borrow(ElementKind element) {
    AtomicReferenceArray<@Nullable Scratch> free = free(element);
    for (int i = 0; i < KEPT; i++) {
      if (free.getPlain(i) != null) {
        Scratch scratch = free.getAndSet(i, null);
        if (scratch != null) {
          return scratch;
        }
      }
    }
    return new Scratch(element);
  }

  void giveBack() {
    AtomicReferenceArray<@Nullable Scratch> free = free(element);
    for (int i = 0; i < KEPT; i++) {
      if (free.getPlain(i) == null && free.compareAndSet(i, null, this)) {
        return;
      }
    }
  }

  private static AtomicReferenceArray<@Nullable Scratch> free(ElementKind element) {
    return element == ElementKind.F32 ? FREE_F32 : FREE_F64;
  }
}
