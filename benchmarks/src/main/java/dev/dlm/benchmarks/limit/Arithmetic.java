package dev.dlm.benchmarks.limit;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fused multiplications and additions on registers, twelve chains of them to hide how long each
 * takes.
 */
final class Arithmetic implements Probe {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int STEPS = 20_000;

  /** Keeps the compiler from leaving the work out. */
  private float sink;

  @Override
  public double run() {
    sink += chains(1e-7f);
    return 2.0 * CHAINS * SPECIES.length() * STEPS;
  }

  private static float chains(float start) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector summand = FloatVector.broadcast(SPECIES, start);
    FloatVector a = summand;
    FloatVector b = summand;
    FloatVector c = summand;
    FloatVector d = summand;
    FloatVector e = summand;
    FloatVector f = summand;
    FloatVector g = summand;
    FloatVector h = summand;
    FloatVector i = summand;
    FloatVector j = summand;
    FloatVector k = summand;
    FloatVector l = summand;
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(factor, summand);
      b = b.fma(factor, summand);
      c = c.fma(factor, summand);
      d = d.fma(factor, summand);
      e = e.fma(factor, summand);
      f = f.fma(factor, summand);
      g = g.fma(factor, summand);
      h = h.fma(factor, summand);
      i = i.fma(factor, summand);
      j = j.fma(factor, summand);
      k = k.fma(factor, summand);
      l = l.fma(factor, summand);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}
