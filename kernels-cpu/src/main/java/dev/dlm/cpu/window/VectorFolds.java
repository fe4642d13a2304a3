package dev.dlm.cpu.window;

import static dev.dlm.cpu.math.FloatVectorMath.fromOrdered;
import static dev.dlm.cpu.math.FloatVectorMath.ordered;

import dev.dlm.cpu.VectorModule;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * What {@link SplitPlanes} does with neighbouring windows, a vector of them at a time; to be
 * touched only where the Vector API is present. Up to {@link #LANES} less one elements behind the
 * last are overwritten, and read.
 */
final class VectorFolds {

  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(VectorModule.vectorBits()));

  static final int LANES = FLOATS.length();

  private VectorFolds() {}

  /**
   * @param places where the first window shows each of its elements
   * @param window elements of a window
   * @param count how many windows
   */
  static void sum(float[] elements, int[] places, int window, int count, float[] sums) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int place = 0; place < window; place++) {
        sum = sum.add(FloatVector.fromArray(FLOATS, elements, places[place] + i));
      }
      sum.intoArray(sums, i);
    }
  }

  static void max(float[] elements, int[] places, int window, int count, float[] greatest) {
    for (int i = 0; i < count; i += LANES) {
      IntVector max = ordered(FloatVector.fromArray(FLOATS, elements, places[0] + i));
      for (int place = 1; place < window; place++) {
        max = max.max(ordered(FloatVector.fromArray(FLOATS, elements, places[place] + i)));
      }
      fromOrdered(max).intoArray(greatest, i);
    }
  }

  static void min(float[] elements, int[] places, int window, int count, float[] least) {
    for (int i = 0; i < count; i += LANES) {
      IntVector max = ordered(FloatVector.fromArray(FLOATS, elements, places[0] + i).neg());
      for (int place = 1; place < window; place++) {
        max = max.max(ordered(FloatVector.fromArray(FLOATS, elements, places[place] + i).neg()));
      }
      fromOrdered(max).neg().intoArray(least, i);
    }
  }
}
