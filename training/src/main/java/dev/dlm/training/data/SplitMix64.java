package dev.dlm.training.data;

/**
 * The SplitMix64 generator: a counter put through a 64-bit finalizer.
 *
 * <p>Uses integer arithmetic and exact conversions alone, so a seed gives the same numbers on every
 * JVM. Not thread-safe; {@link #mix} is.
 *
 * <p>Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014; the finalizer is variant 13 of D. Stafford's.
 */
public final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  public SplitMix64(long seed) {
    this.state = seed;
  }

  /** Starts again as if made with this seed. */
  void reseed(long seed) {
    state = seed;
  }

  /** A bijection of the 64-bit words in which every input bit affects every output bit. */
  public static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** One word that depends on both arguments and their order. */
  public static long combine(long first, long second) {
    return mix(mix(first + GOLDEN_GAMMA) ^ (second * GOLDEN_GAMMA + 0x632BE59BD9B4E019L));
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in {@code [0, bound)}; the bias is below {@code bound / 2^63}. */
  public int nextInt(int bound) {
    return (int) Long.remainderUnsigned(nextLong() >>> 1, bound);
  }

  /** Uniform in {@code [0, 1)}. */
  public double nextFraction() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in {@code [low, high)}. */
  double uniform(double low, double high) {
    return low + (high - low) * nextFraction();
  }

  /**
   * Bell-shaped around zero with this standard deviation, never beyond 3.47 of them: the sum of
   * four uniform numbers, which needs no transcendental function.
   */
  double bell(double standardDeviation) {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += uniform(-1, 1);
    }
    // Four uniforms on [-1, 1) have a variance of 4/3 together.
    return sum * 0.8660254037844386 * standardDeviation;
  }
}
