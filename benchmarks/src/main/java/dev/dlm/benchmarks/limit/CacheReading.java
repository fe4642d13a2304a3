package dev.dlm.benchmarks.limit;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Reads what lies in the second cache: as a product with one row reads its matrix. */
final class CacheReading implements Probe {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int COUNT = 1 << 16;

  private final float[] elements = new float[COUNT];

  /** Keeps the compiler from leaving the work out. */
  private float sink;

  @Override
  public double run() {
    sink += sum(elements);
    return (double) COUNT * Float.BYTES;
  }

  private static float sum(float[] elements) {
    int width = SPECIES.length();
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < COUNT; i += 4 * width) {
      a = a.add(FloatVector.fromArray(SPECIES, elements, i));
      b = b.add(FloatVector.fromArray(SPECIES, elements, i + width));
      c = c.add(FloatVector.fromArray(SPECIES, elements, i + 2 * width));
      d = d.add(FloatVector.fromArray(SPECIES, elements, i + 3 * width));
    }
    return a.add(b).add(c).add(d).lane(0);
  }
}
