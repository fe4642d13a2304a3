package dev.dlm.cpu.loop;

import dev.dlm.cpu.VectorModule;

/** What vectors loops run with. */
public final class VectorSupport {
  private VectorSupport() {}

  /** For people: the width of vectors, or that there are none. */
  public static String describe() {
    return bits() > 0 ? bits() + "-bit vectors" : "no vectors";
  }

  /** Bits of the vectors that loops run with; 0 if there are none. */
  static int bits() {
    return VectorModule.vectorBits();
  }
}
