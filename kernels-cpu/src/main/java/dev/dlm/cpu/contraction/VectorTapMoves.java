package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;
import static dev.dlm.cpu.loop.ElementMemory.address;

import dev.dlm.cpu.VectorModule;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The {@link PanelMoves} of taps a vector at a time; the others are those of its subclass. */
abstract class VectorTapMoves extends ScalarMoves {

  static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(VectorModule.vectorBits()));
  static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);
  static final int LANES = INTS.length();
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Apart, since masks load classes of the JDK that most models do without. */
  private static final class FirstLanes {
    /** By their number. */
    private static final List<VectorMask<Float>> MASKS =
        IntStream.rangeClosed(0, LANES).mapToObj(n -> FLOATS.indexInRange(0, n)).toList();
  }

  @Override
  public void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      int rowElements,
      MemorySegment target,
      long targetOffset) {
    // What a move writes too much belongs to a later move of the same row, unless the row ends.
    long rowBytes = 4L * rowElements;
    long rows = address(target, targetOffset, taps, rowBytes, rowBytes);
    for (int move = 0; move < moves; move++) {
      long at = rows + 4L * to[move];
      if (to[move] + LANES <= rowElements) {
        copyTaps(source, tapOffsets, taps, from[move], at, rowBytes);
      } else {
        VectorMask<Float> mask = FirstLanes.MASKS.get(length[move]);
        copyTaps(source, tapOffsets, taps, from[move], at, rowBytes, mask);
      }
    }
  }

  private static void copyTaps(
      float[] source, int[] tapOffsets, int taps, int from, long target, long targetRowStride) {
    for (int tap = 0; tap < taps; tap++) {
      FloatVector.fromArray(FLOATS, source, tapOffsets[tap] + from)
          .intoMemorySegment(ALL, target + tap * targetRowStride, ORDER);
    }
  }

  private static void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int from,
      long target,
      long targetRowStride,
      VectorMask<Float> mask) {
    for (int tap = 0; tap < taps; tap++) {
      FloatVector.fromArray(FLOATS, source, tapOffsets[tap] + from)
          .intoMemorySegment(ALL, target + tap * targetRowStride, ORDER, mask);
    }
  }

  @Override
  public void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      float[] target,
      int targetIndex,
      int rowPitch) {
    for (int tap = 0; tap < taps; tap++) {
      int offset = tapOffsets[tap];
      int row = targetIndex + tap * rowPitch;
      for (int move = 0; move < moves; move++) {
        FloatVector.fromArray(FLOATS, source, offset + from[move])
            .intoArray(target, row + to[move]);
      }
    }
  }

  @Override
  public void sumTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      float[] weights,
      int weightIndex,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      MemorySegment target,
      long targetOffset) {
    // What a move writes too much belongs to a later move, or lies behind the last.
    long rowBytes = moves > 0 ? 4L * (to[moves - 1] + LANES) : 0;
    long row = address(target, targetOffset, 1, 0, rowBytes);
    int move = 0;
    for (; move <= moves - 4; move += 4) {
      sumFour(source, tapOffsets, taps, weights, weightIndex, from, to, move, row);
    }
    for (; move < moves; move++) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int tap = 0; tap < taps; tap++) {
        sum =
            FloatVector.fromArray(FLOATS, source, tapOffsets[tap] + from[move])
                .fma(FloatVector.broadcast(FLOATS, weights[weightIndex + tap]), sum);
      }
      sum.intoMemorySegment(ALL, row + 4L * to[move], ORDER);
    }
  }

  /** Four moves at a time hide the latency of their sums. */
  private static void sumFour(
      float[] source,
      int[] tapOffsets,
      int taps,
      float[] weights,
      int weightIndex,
      int[] from,
      int[] to,
      int move,
      long row) {
    int from0 = from[move];
    int from1 = from[move + 1];
    int from2 = from[move + 2];
    int from3 = from[move + 3];
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int tap = 0; tap < taps; tap++) {
      int at = tapOffsets[tap];
      FloatVector weight = FloatVector.broadcast(FLOATS, weights[weightIndex + tap]);
      sum0 = FloatVector.fromArray(FLOATS, source, at + from0).fma(weight, sum0);
      sum1 = FloatVector.fromArray(FLOATS, source, at + from1).fma(weight, sum1);
      sum2 = FloatVector.fromArray(FLOATS, source, at + from2).fma(weight, sum2);
      sum3 = FloatVector.fromArray(FLOATS, source, at + from3).fma(weight, sum3);
    }
    sum0.intoMemorySegment(ALL, row + 4L * to[move], ORDER);
    sum1.intoMemorySegment(ALL, row + 4L * to[move + 1], ORDER);
    sum2.intoMemorySegment(ALL, row + 4L * to[move + 2], ORDER);
    sum3.intoMemorySegment(ALL, row + 4L * to[move + 3], ORDER);
  }
}
