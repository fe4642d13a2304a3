package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.nn.ScaledDotProductAttention;
import dev.dlm.op.nn.ScaledDotProductAttentionGradient;
import java.util.ArrayList;
import java.util.List;

/** Attention and its gradient. */
final class AttentionOpCases {
  private static final ScaledDotProductAttention ATTENTION =
      new ScaledDotProductAttention(false, 0.5);
  private static final ScaledDotProductAttentionGradient GRADIENT =
      new ScaledDotProductAttentionGradient(false, 0.5);

  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new AttentionOpCases().collect();
  }

  private List<OpCase> collect() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      works(new Sizes(dtype, 2, 3, 4, 2, 2, 3, 5), false);
      works(new Sizes(dtype, 1, 3, 4, 2, 2, 3, 2), true);
      works(new Sizes(dtype, 2, 4, 3, 4, 2, 2, 3), true);
      works(new Sizes(dtype, 1, 1, 5, 4, 2, 3, 2), true);
      works(new Sizes(dtype, 1, 1, 1, 1, 1, 1, 1), false);
      works(new Sizes(dtype, 0, 2, 3, 2, 1, 2, 2), false);
      works(new Sizes(dtype, 1, 0, 3, 2, 1, 2, 2), true);
      works(new Sizes(dtype, 2, 2, 0, 2, 2, 2, 2), false);
    }
    failAttention();
    failGradient();
    return cases;
  }

  /** Sizes of attention's operands. */
  private record Sizes(
      DType dtype,
      long batch,
      long targets,
      long sources,
      long heads,
      long groups,
      long keySize,
      long valueSize) {
    TensorType query() {
      return TensorType.of(dtype, batch, targets, heads, keySize);
    }

    TensorType key() {
      return TensorType.of(dtype, batch, sources, groups, keySize);
    }

    TensorType values() {
      return TensorType.of(dtype, batch, sources, groups, valueSize);
    }

    TensorType sums() {
      return TensorType.of(dtype, batch, targets, heads);
    }

    TensorType result() {
      return TensorType.of(dtype, batch, targets, heads, valueSize);
    }
  }

  /** Without a mask, with one for all targets, and with one for each. */
  private void works(Sizes sizes, boolean causal) {
    List<TensorType> masks =
        List.of(
            TensorType.of(DType.BOOL, sizes.batch(), 1, sizes.sources()),
            TensorType.of(DType.BOOL, sizes.batch(), sizes.targets(), sizes.sources()));
    Op attention = new ScaledDotProductAttention(causal, 0.5);
    Op gradient = new ScaledDotProductAttentionGradient(causal, 0.5);
    List<TensorType> operands = List.of(sizes.query(), sizes.key(), sizes.values());
    List<TensorType> more = new ArrayList<>(operands);
    more.addAll(List.of(sizes.sums(), sizes.result(), sizes.sums()));
    add(attention, operands);
    add(gradient, more);
    for (TensorType mask : masks) {
      add(attention, with(operands, operands.size(), mask));
      add(gradient, with(more, more.size(), mask));
    }
  }

  private void add(Op op, List<TensorType> operands) {
    cases.add(OpCase.works(op, operands.toArray(TensorType[]::new)));
  }

  private void failAttention() {
    Sizes sizes = new Sizes(DType.F32, 2, 3, 4, 4, 2, 3, 5);
    List<TensorType> operands = List.of(sizes.query(), sizes.key(), sizes.values());
    fails("C1", ATTENTION, operands.subList(0, 2));
    failShared(ATTENTION, "C9", new ScaledDotProductAttention(false, 0), operands);
    fails("C9", new ScaledDotProductAttention(false, Double.POSITIVE_INFINITY), operands);
  }

  private void failGradient() {
    Sizes sizes = new Sizes(DType.F32, 2, 3, 4, 4, 2, 3, 5);
    List<TensorType> operands =
        List.of(
            sizes.query(), sizes.key(), sizes.values(), sizes.sums(), sizes.result(), sizes.sums());
    fails("C1", GRADIENT, operands.subList(0, 5));
    failShared(GRADIENT, "C9", new ScaledDotProductAttentionGradient(false, -1), operands);
    fails("C10", GRADIENT, with(operands, 3, sizes.sums().withDType(DType.F64)));
    fails("C10", GRADIENT, with(operands, 3, sizes.result()));
    fails("C10", GRADIENT, with(operands, 4, sizes.sums()));
    fails("C10", GRADIENT, with(operands, 4, sizes.query()));
    fails("C10", GRADIENT, with(operands, 5, sizes.result()));
  }

  /** What attention and its gradient demand alike of query, key, values and mask. */
  private void failShared(Op op, String scaleLabel, Op badScale, List<TensorType> operands) {
    Sizes sizes = new Sizes(DType.F32, 2, 3, 4, 4, 2, 3, 5);
    fails("C2", op, with(operands, 1, sizes.key().withDType(DType.F64)));
    fails("C2", op, with(operands, 2, sizes.values().withDType(DType.I32)));
    fails("C3", op, with(operands, 0, sizes.sums()));
    fails("C4", op, with(operands, 1, TensorType.of(DType.F32, 1, 4, 2, 3)));
    fails("C4", op, with(operands, 2, TensorType.of(DType.F32, 1, 4, 2, 5)));
    fails("C5", op, with(operands, 2, TensorType.of(DType.F32, 2, 3, 2, 5)));
    fails("C5", op, with(operands, 2, TensorType.of(DType.F32, 2, 4, 4, 5)));
    fails("C6", op, with(operands, 1, TensorType.of(DType.F32, 2, 4, 2, 4)));
    List<TensorType> grouped = with(operands, 1, TensorType.of(DType.F32, 2, 4, 3, 3));
    fails("C7", op, with(grouped, 2, TensorType.of(DType.F32, 2, 4, 3, 5)));
    int mask = operands.size();
    fails("C8", op, with(operands, mask, TensorType.of(DType.I8, 2, 3, 4)));
    fails("C8", op, with(operands, mask, TensorType.of(DType.BOOL, 2, 4)));
    fails("C8", op, with(operands, mask, TensorType.of(DType.BOOL, 1, 3, 4)));
    fails("C8", op, with(operands, mask, TensorType.of(DType.BOOL, 2, 2, 4)));
    fails("C8", op, with(operands, mask, TensorType.of(DType.BOOL, 2, 3, 1)));
    fails(scaleLabel, badScale, operands);
  }

  private void fails(String label, Op op, List<TensorType> operands) {
    cases.add(OpCase.fails(label, op, operands.toArray(TensorType[]::new)));
  }

  /** The operands with one exchanged, or added behind the last. */
  private static List<TensorType> with(List<TensorType> operands, int index, TensorType type) {
    List<TensorType> changed = new ArrayList<>(operands);
    if (index == operands.size()) {
      changed.add(type);
    } else {
      changed.set(index, type);
    }
    return changed;
  }
}
