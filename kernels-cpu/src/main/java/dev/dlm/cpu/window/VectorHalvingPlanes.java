package dev.dlm.cpu.window;

import static dev.dlm.cpu.loop.ElementMemory.ALL;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.dlm.cpu.VectorModule;
import dev.dlm.cpu.loop.VectorTemplate;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link HalvingPlanes} a vector at a time, the {@linkplain VectorTemplate template} for all
 * widths; to be touched only where the Vector API is present.
 *
 * <p>A lane of 64 bits holds the two neighbours of a window in one row, the left one in its lower
 * half, so that they meet without being rearranged. A row ends with a whole vector of windows, some
 * of which the one before has done already.
 *
 * <p>There are half as many windows to a vector as elements, and yet no vector is half as wide
 * ({@link VectorModule#vectorBits}). So what is read and written reaches beyond a row, into what
 * later rows write; the last rows, for which that would be beyond the plane, are computed by
 * scalars.
 */
final class VectorHalvingPlanes implements HalvingPlanes {
  private static final VectorSpecies<Float> FLOATS =
      VectorTemplate.speciesOf(MethodHandles.lookup());
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorSpecies<Long> PAIRS = FLOATS.withLanes(long.class);
  private static final int STEP = PAIRS.length();
  private static final long LOWER_HALF = 0xffffffffL;
  private static final LongVector NUMBERS = LongVector.zero(PAIRS).addIndex(1);

  /** The lower halves of pairs, side by side. */
  private static final VectorShuffle<Integer> NARROW =
      VectorShuffle.fromOp(INTS, lane -> 2 * (lane % STEP));

  /** Each of the first elements as both halves of a pair. */
  private static final VectorShuffle<Integer> WIDEN = VectorShuffle.fromOp(INTS, lane -> lane / 2);

  private VectorHalvingPlanes() {}

  /** Those that were made, by the elements of a vector. */
  private static final class Made {
    static final Map<Integer, HalvingPlanes> BY_LANES = new ConcurrentHashMap<>();
  }

  /** For the widest vectors of this machine. */
  static HalvingPlanes widest() {
    return ofLanes(VectorModule.vectorBits() / Float.SIZE);
  }

  /** For vectors of so many elements. */
  static HalvingPlanes ofLanes(int lanes) {
    return Made.BY_LANES.computeIfAbsent(lanes, VectorHalvingPlanes::make);
  }

  private static HalvingPlanes make(int lanes) {
    return VectorTemplate.make(
        MethodHandles.lookup(),
        VectorHalvingPlanes.class,
        HalvingPlanes.class,
        VectorSpecies.of(float.class, VectorShape.forBitSize(Float.SIZE * lanes)));
  }

  /** The rows of windows whose vectors, of pairs and of windows, do not leave the planes. */
  private static int vectorRows(WindowShape shape) {
    int lastColumn = Math.max(0, shape.outputWidth() - STEP);
    long ofWindows = shape.outputPlane() - lastColumn - 2 * STEP;
    long ofPairs = shape.inputPlane() - shape.width() - 2L * (lastColumn + STEP);
    if (Math.min(ofWindows, ofPairs) < 0) {
      return 0;
    }
    long rows = Math.min(ofWindows / shape.outputWidth(), ofPairs / (2L * shape.width()));
    return (int) Math.min(shape.outputHeight(), rows + 1);
  }

  @Override
  public void sum(WindowShape shape, long x, long y) {
    long rowBytes = 4L * shape.width();
    int windows = shape.outputWidth();
    int rows = vectorRows(shape);
    for (int row = 0; row < rows; row++) {
      long from = x + 2L * row * rowBytes;
      long to = y + 4L * row * windows;
      for (int next = 0; next < windows; next += STEP) {
        long column = Math.max(0, Math.min(next, windows - STEP));
        FloatVector above =
            FloatVector.fromMemorySegment(FLOATS, ALL, from + 8 * column, LITTLE_ENDIAN);
        FloatVector below =
            FloatVector.fromMemorySegment(FLOATS, ALL, from + 8 * column + rowBytes, LITTLE_ENDIAN);
        FloatVector sum =
            above.add(0).add(above.reinterpretAsLongs().lanewise(ROL, 32).reinterpretAsFloats());
        sum =
            sum.add(below).add(below.reinterpretAsLongs().lanewise(ROL, 32).reinterpretAsFloats());
        sum.reinterpretAsInts()
            .rearrange(NARROW)
            .intoMemorySegment(ALL, to + 4 * column, LITTLE_ENDIAN);
      }
    }
    ScalarHalvingPlanes.sum(shape, rows, x, y);
  }

  @Override
  public void extreme(WindowShape shape, float sign, long x, long y) {
    long rowBytes = 4L * shape.width();
    int windows = shape.outputWidth();
    int rows = vectorRows(shape);
    for (int row = 0; row < rows; row++) {
      long from = x + 2L * row * rowBytes;
      long to = y + 4L * row * windows;
      for (int next = 0; next < windows; next += STEP) {
        long column = Math.max(0, Math.min(next, windows - STEP));
        FloatVector above =
            FloatVector.fromMemorySegment(FLOATS, ALL, from + 8 * column, LITTLE_ENDIAN);
        FloatVector below =
            FloatVector.fromMemorySegment(FLOATS, ALL, from + 8 * column + rowBytes, LITTLE_ENDIAN);
        FloatVector most = above.mul(sign).max(below.mul(sign));
        most = most.max(most.reinterpretAsLongs().lanewise(ROL, 32).reinterpretAsFloats());
        most.mul(sign)
            .reinterpretAsInts()
            .rearrange(NARROW)
            .intoMemorySegment(ALL, to + 4 * column, LITTLE_ENDIAN);
      }
    }
    ScalarHalvingPlanes.extreme(shape, rows, sign, x, y);
  }

  @Override
  public void scatter(WindowShape shape, float sign, long x, long u, long dx) {
    long rowBytes = 4L * shape.width();
    int windows = shape.outputWidth();
    int rows = vectorRows(shape);
    // Where a row has fewer windows than a vector, what is written beyond them are zeros.
    LongVector isWindow = NUMBERS.sub(windows).lanewise(ASHR, 63).and(LOWER_HALF);
    for (int row = 0; row < rows; row++) {
      long rowStart = 2L * row * rowBytes;
      long from = u + 4L * row * windows;
      for (int next = 0; next < windows; next += STEP) {
        long column = Math.max(0, Math.min(next, windows - STEP));
        long top = rowStart + 8 * column;
        LongVector above =
            order(FloatVector.fromMemorySegment(FLOATS, ALL, x + top, LITTLE_ENDIAN), sign);
        LongVector below =
            order(
                FloatVector.fromMemorySegment(FLOATS, ALL, x + top + rowBytes, LITTLE_ENDIAN),
                sign);
        LongVector left = above.lanewise(LSHL, 32).lanewise(ASHR, 32);
        LongVector right = above.lanewise(ASHR, 32);
        // Negative where the right one is selected: numbers of 32 bits do not overflow here.
        LongVector sideAbove = left.sub(right);
        LongVector mostAbove = left.max(right);
        left = below.lanewise(LSHL, 32).lanewise(ASHR, 32);
        right = below.lanewise(ASHR, 32);
        LongVector sideBelow = left.sub(right);
        LongVector isBelow = mostAbove.sub(left.max(right)).lanewise(ASHR, 63);
        // Added to zero, as in the definition: −0 becomes +0.
        LongVector sum =
            FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * column, LITTLE_ENDIAN)
                .add(0)
                .reinterpretAsInts()
                .rearrange(WIDEN)
                .reinterpretAsLongs()
                .and(isWindow);
        LongVector sumBelow = sum.and(isBelow);
        // In a lane the right one is the upper half: moved there by 32 bits, or else by none. What
        // the upper row writes beyond its end belongs to the lower one.
        sum.sub(sumBelow)
            .lanewise(LSHL, sideAbove.lanewise(LSHR, 58).and(32))
            .intoMemorySegment(ALL, dx + top, LITTLE_ENDIAN);
        sumBelow
            .lanewise(LSHL, sideBelow.lanewise(LSHR, 58).and(32))
            .intoMemorySegment(ALL, dx + top + rowBytes, LITTLE_ENDIAN);
      }
    }
    ScalarHalvingPlanes.scatter(shape, rows, sign, x, u, dx);
  }

  /** Numbers whose order is that of the elements: zeros are one, NaN the greatest. */
  private static LongVector order(FloatVector x, float sign) {
    FloatVector value = x.mul(sign).add(0);
    IntVector bits = value.blend(Float.NaN, value.compare(NE, value)).reinterpretAsInts();
    return bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE).lanewise(XOR, bits).reinterpretAsLongs();
  }
}
