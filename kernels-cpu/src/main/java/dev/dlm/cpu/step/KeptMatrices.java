package dev.dlm.cpu.step;

import dev.dlm.cpu.contraction.MatrixLayout;
import dev.dlm.cpu.contraction.MatrixProduct;
import dev.dlm.cpu.contraction.PackedMatrix;
import java.lang.foreign.SegmentAllocator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A variable as right-hand matrix, packed: kept for all frames that use the variable, and packed
 * again when it has changed. Thread-safe, while nobody changes the variable.
 */
public final class KeptMatrices {
  private final LongSupplier changes;
  private final SegmentAllocator memory;
  private final Map<Key, Kept> kept = new HashMap<>();

  /**
   * Keeps nothing yet.
   *
   * @param changes a number that is positive, and another one after each change of the variable
   * @param memory where packed matrices lie, as long as this is reachable
   */
  public KeptMatrices(LongSupplier changes, SegmentAllocator memory) {
    this.changes = changes;
    this.memory = memory;
  }

  private record Key(int depth, int columns, MatrixLayout layout) {}

  /** A packed matrix, valid after {@link #renew} until the variable changes. */
  static final class Kept {
    private final PackedMatrix matrix;
    private final LongSupplier changes;
    private long packedAt;

    private Kept(PackedMatrix matrix, LongSupplier changes) {
      this.matrix = matrix;
      this.changes = changes;
    }

    PackedMatrix matrix() {
      return matrix;
    }

    /** Packs unless this, or another frame, has done so since the variable changed. */
    synchronized void renew(Runnable packing) {
      long now = changes.getAsLong();
      if (packedAt != now) {
        packing.run();
        packedAt = now;
      }
    }
  }

  /** The matrix for products like one; its memory is allocated when it is first asked for. */
  synchronized Kept forProduct(MatrixProduct product, int depth, int columns, MatrixLayout layout) {
    return kept.computeIfAbsent(
        new Key(depth, columns, layout), _ -> new Kept(product.allocatePacked(memory), changes));
  }
}
