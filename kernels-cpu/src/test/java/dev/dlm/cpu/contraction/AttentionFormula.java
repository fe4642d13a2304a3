package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.dlm.cpu.contraction.AttentionShape.Mask;
import dev.dlm.cpu.contraction.AttentionTest.Operands;
import java.lang.foreign.MemorySegment;

/** Attention and its gradient in binary64, pair by pair. */
final class AttentionFormula {
  final double[] result;
  final double[] sums;
  final double[] queryGradient;
  final double[] keyGradient;
  final double[] valuesGradient;

  private final AttentionShape shape;
  private final Operands operands;

  AttentionFormula(AttentionShape shape, Operands operands) {
    this.shape = shape;
    this.operands = operands;
    int rows = shape.batch() * shape.targets() * shape.heads();
    int sources = shape.batch() * shape.sources() * shape.groups();
    result = new double[rows * shape.valueSize()];
    sums = new double[rows];
    queryGradient = new double[rows * shape.keySize()];
    keyGradient = new double[sources * shape.keySize()];
    valuesGradient = new double[sources * shape.valueSize()];
    for (int row = 0; row < rows; row++) {
      compute(row);
    }
  }

  private void compute(int row) {
    int batch = row / shape.heads() / shape.targets();
    int target = row / shape.heads() % shape.targets();
    int group = row % shape.heads() / (shape.heads() / shape.groups());
    double[] scores = new double[shape.sources()];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      double score = shape.scale() * product(row, i, batch, group, shape.keySize(), false);
      scores[i] = isSeen(batch, target, i) ? score : Double.NEGATIVE_INFINITY;
      largest = Math.max(largest, scores[i]);
    }
    double total = 0;
    for (double score : scores) {
      total += score == Double.NEGATIVE_INFINITY ? 0 : Math.exp(score - largest);
    }
    sums[row] = total == 0 ? 0 : largest + Math.log(total);
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > Double.NEGATIVE_INFINITY) {
        add(row, i, batch, group, Math.exp(scores[i] - sums[row]));
      }
    }
  }

  private void add(int row, int source, int batch, int group, double weight) {
    int from = (batch * shape.sources() + source) * shape.groups() + group;
    double change =
        weight
            * shape.scale()
            * (product(row, source, batch, group, shape.valueSize(), true)
                - operands.offsets.getAtIndex(JAVA_FLOAT, row));
    for (int i = 0; i < shape.valueSize(); i++) {
      int at = from * shape.valueSize() + i;
      int to = row * shape.valueSize() + i;
      result[to] += weight * operands.values.getAtIndex(JAVA_FLOAT, at);
      valuesGradient[at] += weight * operands.upstream.getAtIndex(JAVA_FLOAT, to);
    }
    for (int i = 0; i < shape.keySize(); i++) {
      int at = from * shape.keySize() + i;
      int to = row * shape.keySize() + i;
      queryGradient[to] += change * operands.key.getAtIndex(JAVA_FLOAT, at);
      keyGradient[at] += change * operands.query.getAtIndex(JAVA_FLOAT, to);
    }
  }

  /** Of a query and a key, or of an upstream gradient and values. */
  private double product(int row, int source, int batch, int group, int size, boolean ofValues) {
    MemorySegment left = ofValues ? operands.upstream : operands.query;
    MemorySegment right = ofValues ? operands.values : operands.key;
    int from = (batch * shape.sources() + source) * shape.groups() + group;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum +=
          (double) left.getAtIndex(JAVA_FLOAT, (long) row * size + i)
              * right.getAtIndex(JAVA_FLOAT, (long) from * size + i);
    }
    return sum;
  }

  private boolean isSeen(int batch, int target, int source) {
    boolean past = !shape.causal() || target + shape.sources() - shape.targets() >= source;
    int line = shape.mask() == Mask.BY_PAIR ? batch * shape.targets() + target : batch;
    return past
        && (shape.mask() == Mask.NONE
            || operands.mask.get(JAVA_BYTE, (long) line * shape.sources() + source) != 0);
  }
}
