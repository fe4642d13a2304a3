package dev.dlm.cpu.loop;

import dev.dlm.cpu.VectorModule;
import jdk.incubator.vector.FloatVector;

/** What vectors loops run with. */
public final class VectorSupport {
  private VectorSupport() {}

  /** For people: the width of vectors, or that there are none. */
  public static String describe() {
    return bits() > 0 ? bits() + "-bit vectors" : "no vectors";
  }

  /** Bits of the vectors that loops run with; 0 if there are none. */
  static int bits() {
    return VectorModule.isPresent() ? Math.min(VectorWidth.bits(), 512) : 0;
  }

  /** Apart, so that the Vector API is not touched where it is absent. */
  private static final class VectorWidth {
    static int bits() {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
