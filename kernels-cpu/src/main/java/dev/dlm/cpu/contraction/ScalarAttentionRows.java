package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.cpu.math.FloatMath;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** {@link AttentionRows} one element at a time. */
class ScalarAttentionRows implements AttentionRows {

  @Override
  public float largest(MemorySegment scores, long offset, int count, float start) {
    float largest = start;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, scores.get(JAVA_FLOAT_UNALIGNED, offset + 4L * i));
    }
    return largest;
  }

  @Override
  public float weigh(
      MemorySegment scores,
      long offset,
      int count,
      float scale,
      float shift,
      float[] weights,
      int index,
      float[] lanes) {
    Arrays.fill(lanes, 0);
    for (int i = 0; i < count; i++) {
      float score = scores.get(JAVA_FLOAT_UNALIGNED, offset + 4L * i);
      float weight = FloatMath.exp(Math.fma(score, scale, -shift));
      weights[index + i] = weight;
      lanes[i % LANES] += weight;
    }
    return ColumnDots.sumOfLanes(lanes, 0);
  }

  @Override
  public void change(
      MemorySegment scores,
      long scoresOffset,
      MemorySegment products,
      long productsOffset,
      int count,
      float scale,
      float logSum,
      float correction,
      float[] changes,
      int index) {
    for (int i = 0; i < count; i++) {
      float score = scores.get(JAVA_FLOAT_UNALIGNED, scoresOffset + 4L * i);
      float weight = FloatMath.exp(Math.fma(score, scale, -logSum));
      float product = products.get(JAVA_FLOAT_UNALIGNED, productsOffset + 4L * i);
      float change = (product - correction) * weight * scale;
      scores.set(JAVA_FLOAT_UNALIGNED, scoresOffset + 4L * i, weight);
      products.set(JAVA_FLOAT_UNALIGNED, productsOffset + 4L * i, change);
      changes[index + i] = change;
    }
  }

  @Override
  public void hide(
      MemorySegment scores, long offset, int count, float[] hidden, int index, float replacement) {
    for (int i = 0; i < count; i++) {
      if (hidden[index + i] != 0) {
        scores.set(JAVA_FLOAT_UNALIGNED, offset + 4L * i, replacement);
      }
    }
  }

  @Override
  public void scale(
      MemorySegment sums,
      long offset,
      MemorySegment result,
      long resultOffset,
      int count,
      float factor) {
    for (int i = 0; i < count; i++) {
      float sum = sums.get(JAVA_FLOAT_UNALIGNED, offset + 4L * i);
      result.set(JAVA_FLOAT_UNALIGNED, resultOffset + 4L * i, sum * factor);
    }
  }

  @Override
  public void add(
      MemorySegment sums,
      long offset,
      MemorySegment result,
      long resultOffset,
      int count,
      float decay,
      float factor) {
    for (int i = 0; i < count; i++) {
      float sum = sums.get(JAVA_FLOAT_UNALIGNED, offset + 4L * i);
      float before = result.get(JAVA_FLOAT_UNALIGNED, resultOffset + 4L * i);
      result.set(
          JAVA_FLOAT_UNALIGNED, resultOffset + 4L * i, Math.fma(before, decay, sum) * factor);
    }
  }
}
