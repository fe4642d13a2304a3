package dev.dlm.cpu.contraction;

/**
 * The sizes of an attention of {@code targets} queries to {@code sources} keys, all operands dense:
 * query {@code [batch, targets, heads, keySize]}, key {@code [batch, sources, groups, keySize]},
 * values {@code [batch, sources, groups, valueSize]}.
 *
 * @param heads a multiple of {@code groups}
 * @param causal whether the targets are the last of the sources, and look at none behind them
 * @param scale what scores are multiplied with; positive
 * @param mask which of the sources may be looked at besides
 */
public record AttentionShape(
    int batch,
    int targets,
    int sources,
    int heads,
    int groups,
    int keySize,
    int valueSize,
    boolean causal,
    float scale,
    Mask mask) {

  /** A tensor of truth values, one a byte. */
  public enum Mask {
    /** There is none. */
    NONE,
    /** {@code [batch, 1, sources]}. */
    BY_SOURCE,
    /** {@code [batch, targets, sources]}. */
    BY_PAIR
  }

  /**
   * The rows of queries that meet the same keys one after the other: those of the targets or, where
   * there is one target, those of the heads that share its keys.
   */
  Rows rows() {
    int shared = groups == 0 ? 0 : heads / groups;
    return targets == 1
        ? new Rows(shared, groups, 1, 1, shared, false)
        : new Rows(targets, heads, shared, heads, 1, causal);
  }

  /**
   * How rows are counted.
   *
   * @param count how many meet the same keys
   * @param heads how often
   * @param headsOfGroup how many of these are neighbours that have the same keys
   * @param stride from one row to the next, in vectors of a query
   * @param headStride from the first row of a head to that of the next, in vectors of a query
   * @param causal whether later rows may look at more
   */
  record Rows(int count, int heads, int headsOfGroup, int stride, int headStride, boolean causal) {}

  /** How many sources, from the first, the rows before {@code rowEnd} may look at. */
  int limit(Rows rows, int rowEnd) {
    return rows.causal() ? Math.clamp((long) rowEnd + sources - targets, 0, sources) : sources;
  }
}
