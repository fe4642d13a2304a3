package dev.dlm.cpu;

import java.lang.System.Logger;
import jdk.incubator.vector.VectorShape;

/**
 * Whether this JVM was started with the module {@code jdk.incubator.vector}.
 *
 * <p>Classes that use the Vector API must not be touched where it is absent; their scalar twins
 * compute the same bits, several times slower. The first question asked in a JVM without the module
 * logs one line that says which flag to add.
 */
public final class VectorModule {

  private static final boolean PRESENT = find();

  private VectorModule() {}

  /** Whether classes that use the Vector API can be loaded. */
  public static boolean isPresent() {
    return PRESENT;
  }

  /**
   * Bits of all vectors that this process computes with, the widest that suit the processor; 0 if
   * there are none. Of one width, as C2 leaves vectors of other code on the heap where it has met
   * several classes of one element type.
   *
   * <p>Loads no class of vectors, which takes some 25 ms.
   */
  public static int vectorBits() {
    return PRESENT ? Width.BITS : 0;
  }

  /** Apart, so that the Vector API is not touched where it is absent. */
  private static final class Width {
    /** Nothing is made for vectors of more bits. */
    private static final int MAX_BITS = 512;

    static final int BITS = Math.min(VectorShape.preferredShape().vectorBitSize(), MAX_BITS);
  }

  private static boolean find() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (!present) {
      Logger logger = System.getLogger(VectorModule.class.getName());
      logger.log(
          Logger.Level.WARNING,
          "The Vector API is absent, so scalar kernels run: same results, several times slower."
              + " Start Java with --add-modules jdk.incubator.vector.");
    }
    return present;
  }
}
