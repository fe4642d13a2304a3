package dev.dlm.cpu.loop;

import dev.dlm.cpu.VectorModule;

/** What vectors loops run with. */
public final class VectorSupport {
  private VectorSupport() {}

  /** For people: the width of vectors, or that there are none. */
  public static String describe() {
    return VectorModule.isPresent() ? VectorWidth.bits() + "-bit vectors" : "no vectors";
  }

  /** Apart, so that the Vector API is not touched where it is absent. */
  private static final class VectorWidth {
    static int bits() {
      return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
