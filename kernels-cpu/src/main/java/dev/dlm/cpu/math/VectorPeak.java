package dev.dlm.cpu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic at the processor's peak: chains of fused multiply-adds that stay in registers, more of
 * them than a multiply-add takes cycles. {@link ScalarPeak} is the twin without vectors.
 */
public final class VectorPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;

  /** Elements of a vector. */
  public static final int LANES = SPECIES.length();

  /** What a repetition counts, a multiply-add being two. */
  public static final double OPERATIONS = 2.0 * CHAINS * LANES;

  private VectorPeak() {}

  /**
   * Computes.
   *
   * @return a sum that depends on all of it
   */
  public static float run(int repetitions) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector a = FloatVector.broadcast(SPECIES, 1);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    FloatVector addend = FloatVector.broadcast(SPECIES, repetitions);
    for (int n = 0; n < repetitions; n++) {
      a = a.fma(factor, addend);
      b = b.fma(factor, addend);
      c = c.fma(factor, addend);
      d = d.fma(factor, addend);
      e = e.fma(factor, addend);
      f = f.fma(factor, addend);
      g = g.fma(factor, addend);
      h = h.fma(factor, addend);
      i = i.fma(factor, addend);
      j = j.fma(factor, addend);
      k = k.fma(factor, addend);
      l = l.fma(factor, addend);
    }
    return a.add(b)
        .add(c.add(d))
        .add(e.add(f).add(g.add(h)))
        .add(i.add(j).add(k.add(l)))
        .reduceLanes(VectorOperators.ADD);
  }
}
