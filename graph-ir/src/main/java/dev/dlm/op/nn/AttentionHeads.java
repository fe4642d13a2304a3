package dev.dlm.op.nn;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.InferContext;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.math.Not;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The nodes of which attention and its gradient are made. Within, the queries {@code [B, T, H, D]}
 * are {@code [B, T, G, P, D]}, with {@code P} heads for each of the keys' {@code G}, and what
 * belongs to a query and a position is {@code [B, G, T, P, S]}.
 */
final class AttentionHeads {
  /** From positions before groups to groups before positions, and back. */
  private static final List<Integer> EXCHANGED = List.of(0, 2, 1, 3);

  private static final List<Integer> BATCH = List.of(0, 1);
  private static final List<Integer> BATCH_OF_KEYS = List.of(0, 2);
  private static final int TARGETS = 2;
  private static final int SOURCES = 4;

  private final BodyBuilder b;
  private final Value query;
  private final Value key;
  private final Dim shared;
  private final Shape pairs;

  AttentionHeads(BodyBuilder b, Value query, Value key) {
    this.b = b;
    this.query = query;
    this.key = key;
    this.shared = query.dim(2).dividedExactlyBy(key.dim(2)).orElseThrow();
    this.pairs = new Shape(List.of(query.dim(0), key.dim(2), query.dim(1), shared, key.dim(1)));
  }

  /** Checks the constraints (C2) to (C9) of {@link ScaledDotProductAttention}. */
  static void check(InferContext context, double scale, int mask) {
    TensorType query = context.in(0);
    TensorType key = context.in(1);
    TensorType values = context.in(2);
    context.checkDType(
        "C2",
        query.dtype().isFloat() && key.dtype() == query.dtype() && values.dtype() == query.dtype(),
        query + ", " + key + " and " + values + " are not of one float type");
    context.check(
        "C3",
        query.rank() == 4 && key.rank() == 4 && values.rank() == 4,
        query + ", " + key + " and " + values + " are not all of rank 4");
    context.checkEqual("C4", query.dim(0), key.dim(0), "batch sizes of query and key differ");
    context.checkEqual("C4", key.dim(0), values.dim(0), "batch sizes of key and values differ");
    context.checkEqual("C5", key.dim(1), values.dim(1), "positions of key and values differ");
    context.checkEqual("C5", key.dim(2), values.dim(2), "heads of key and values differ");
    context.checkEqual("C6", query.dim(3), key.dim(3), "sizes of query and key vectors differ");
    context.check(
        "C7",
        query.dim(2).dividedExactlyBy(key.dim(2)).isPresent(),
        query.dim(2) + " heads of queries cannot share " + key.dim(2) + " of keys");
    if (context.count() > mask) {
      TensorType seen = context.in(mask);
      context.checkDType("C8", seen.dtype() == DType.BOOL, "the mask is no bool: " + seen);
      context.check("C8", seen.rank() == 3, "the mask is not of rank 3: " + seen);
      context.checkEqual("C8", seen.dim(0), query.dim(0), "batch sizes of mask and query differ");
      if (!seen.dim(1).is(1)) {
        context.checkEqual("C8", seen.dim(1), query.dim(1), "rows of mask and query differ");
      }
      context.checkEqual("C8", seen.dim(2), key.dim(1), "positions of mask and key differ");
    }
    context.check("C9", scale > 0 && Double.isFinite(scale), "the scale is " + scale);
  }

  /** {@code [B, T, H, …]} as {@code [B, T, G, P, …]}. */
  private Value grouped(Value x) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    dims.set(2, key.dim(2));
    dims.add(3, shared);
    return b.reshape(x, new Shape(dims));
  }

  /** {@code [B, T, H]} as {@code [B, G, T, P]}. */
  Value split(Value x) {
    return b.transpose(grouped(x), EXCHANGED);
  }

  /** {@code [B, G, T, P, …]} as {@code [B, T, H, …]}. */
  Value joined(Value x) {
    List<Integer> order = new ArrayList<>(EXCHANGED);
    List<Dim> dims = new ArrayList<>(query.shape().dims().subList(0, 3));
    if (x.rank() > order.size()) {
      order.add(SOURCES);
      dims.add(x.dim(SOURCES));
    }
    return b.reshape(b.transpose(x, order), new Shape(dims));
  }

  /** {@code [B, G, T, P]} for each position. */
  Value spread(Value x) {
    return b.broadcast(x, pairs, List.of(0, 1, 2, 3));
  }

  /** Folds the positions away. */
  Value reduce(Reduce.Kind kind, Value x) {
    return b.reduce(kind, x, List.of(SOURCES));
  }

  /** {@code Σ_d x[b, t, h, d] * y[b, i, g, d]}. */
  Value products(Value x, Value y) {
    return b.one(
        new Dot(BATCH_OF_KEYS, BATCH_OF_KEYS, List.of(SOURCES), List.of(3)), grouped(x), y);
  }

  /** {@code Σ_i pairs[b, g, t, p, i] * x[b, i, g, d]}. */
  Value weighted(Value pairs, Value x) {
    return b.one(new Dot(BATCH, BATCH_OF_KEYS, List.of(SOURCES), List.of(1)), pairs, x);
  }

  /** {@code Σ_{t, p} pairs[b, g, t, p, i] * x[b, t, h, d]}, of the shape of keys. */
  Value weightedOverRows(Value pairs, Value x) {
    Dot dot = new Dot(BATCH, BATCH_OF_KEYS, List.of(TARGETS, 3), List.of(1, 3));
    return b.transpose(b.one(dot, pairs, grouped(x)), EXCHANGED);
  }

  /**
   * {@code scale · query · key}, and a number below all of these where nothing may be looked at:
   * finite, so that no step of a plan writes an infinity that is no mistake.
   */
  Value scores(double scale, Optional<Value> visible) {
    double lowest = query.dtype() == DType.F16 ? -6e4 : -1e30;
    return where(visible, b.mul(products(query, key), scale), lowest);
  }

  /**
   * Where the mask, none or one, and the order of positions let a query look; empty: everywhere.
   */
  Optional<Value> visible(boolean causal, List<Value> mask) {
    Optional<Value> seen = mask.stream().findFirst().map(this::spreadMask);
    if (!causal) {
      return seen;
    }
    TensorType indices = new TensorType(DType.I32, pairs);
    Value before = b.size(key.dim(1).minus(query.dim(1)), DType.I32);
    Value own = b.add(b.iota(indices, TARGETS), b.broadcastTo(before, pairs));
    Value past = b.one(new Not(), b.less(own, b.iota(indices, SOURCES)));
    return Optional.of(seen.map(one -> b.and(one, past)).orElse(past));
  }

  private Value spreadMask(Value mask) {
    if (mask.dim(1).is(1)) {
      Value rowless = b.reshape(mask, Shape.of(mask.dim(0), mask.dim(2)));
      return b.broadcast(rowless, pairs, List.of(0, SOURCES));
    }
    return b.broadcast(mask, pairs, List.of(0, TARGETS, SOURCES));
  }

  /** {@code x} where it may be looked at, a number elsewhere. */
  Value where(Optional<Value> visible, Value x, double otherwise) {
    return visible.map(seen -> b.select(seen, x, b.like(x, otherwise))).orElse(x);
  }
}
