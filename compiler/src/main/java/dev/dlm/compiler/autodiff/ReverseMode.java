package dev.dlm.compiler.autodiff;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Differentiates one scalar of a body under construction: walks from it to the values asked for,
 * last node first, and adds up what the ops' rules give. Values are numbered in the order of their
 * making, so numbers order the walk. Used once, by one thread.
 */
final class ReverseMode {
  private final BodyBuilder builder;
  private final Location askedAt;
  private final Set<Integer> dependent = new HashSet<>();
  private final Map<Integer, Value> sums = new HashMap<>();

  /**
   * @param askedAt the place of the gradient's declaration
   */
  ReverseMode(BodyBuilder builder, Location askedAt) {
    this.builder = builder;
    this.askedAt = askedAt;
  }

  /** The gradients of {@code y} with respect to each of {@code over}, in their types. */
  List<Value> differentiate(Value y, List<Value> over) {
    builder.at(gradientOf(askedAt));
    return differentiate(List.of(y), List.of(builder.filled(y.type(), 1)), over);
  }

  /**
   * The gradients with respect to each of {@code over} of {@code Σ ⟨seed, y⟩}, where the seeds are
   * constant: one for each {@code y}, of its type.
   */
  List<Value> differentiate(List<Value> ys, List<Value> seeds, List<Value> over) {
    NavigableMap<Integer, Node> ancestors = ancestorsOf(ys);
    over.forEach(value -> dependent.add(value.id()));
    for (Node node : ancestors.values()) {
      if (node.operands().stream().anyMatch(this::isDependent)) {
        node.results().forEach(result -> dependent.add(result.id()));
      }
    }
    builder.at(gradientOf(askedAt));
    for (int i = 0; i < ys.size(); i++) {
      if (isDependent(ys.get(i))) {
        sums.merge(ys.get(i).id(), seeds.get(i), builder::add);
      }
    }
    for (Node node : ancestors.descendingMap().values()) {
      boolean reached = node.results().stream().anyMatch(value -> sums.containsKey(value.id()));
      if (reached && node.operands().stream().anyMatch(this::isDependent)) {
        differentiate(node);
      }
    }
    builder.at(gradientOf(askedAt));
    return over.stream().map(this::gradientWithRespectTo).toList();
  }

  private Value gradientWithRespectTo(Value value) {
    return Optional.ofNullable(sums.get(value.id()))
        .orElseGet(() -> builder.filled(value.type(), 0));
  }

  /** The nodes that values are made from, by the number of their first result. */
  private NavigableMap<Integer, Node> ancestorsOf(List<Value> ys) {
    NavigableMap<Integer, Node> ancestors = new TreeMap<>();
    Deque<Value> open = new ArrayDeque<>(ys);
    while (!open.isEmpty()) {
      builder
          .producer(open.pop())
          .ifPresent(node -> {
            if (ancestors.putIfAbsent(node.result().id(), node) == null) {
              node.operands().forEach(open::push);
            }
          });
    }
    return ancestors;
  }

  private void differentiate(Node node) {
    builder.at(gradientOf(node.location()));
    NodeGradient context = new NodeGradient(builder, node, sums, this::isDependent, askedAt);
    try {
      node.op().differentiate(context);
    } catch (GraphException e) {
      if (context.refused()) {
        throw e;
      }
      throw new InternalException("the gradient rule of " + node.op() + " makes bad nodes", e);
    }
    Map<Integer, Value> contributions = context.contributions();
    // Once per operand, in operand order: x * x adds its two contributions as f(x, y) would.
    for (int i = 0; i < node.operands().size(); i++) {
      Value operand = node.operand(i);
      Value contribution = contributions.get(i);
      if (contribution != null) {
        Value fitted = fit(contribution, operand.type(), node);
        Value sum = sums.get(operand.id());
        sums.put(operand.id(), sum == null ? fitted : builder.add(sum, fitted));
      }
    }
  }

  /** The contribution in the operand's type, from which its sizes may differ by guards only. */
  private Value fit(Value contribution, TensorType wanted, Node node) {
    if (contribution.type().equals(wanted)) {
      return contribution;
    }
    boolean equalByGuards =
        contribution.dtype() == wanted.dtype() && contribution.rank() == wanted.rank();
    for (int axis = 0; equalByGuards && axis < wanted.rank(); axis++) {
      equalByGuards =
          contribution.dim(axis).equals(wanted.dim(axis))
              || !contribution.dim(axis).minus(wanted.dim(axis)).isConstant();
    }
    if (!equalByGuards) {
      throw new InternalException(
          "the gradient rule of "
              + node.op()
              + " gives "
              + contribution.type()
              + " for an operand "
              + wanted);
    }
    return builder.reshape(contribution, wanted.shape());
  }

  private boolean isDependent(Value value) {
    return value.dtype().isFloat() && dependent.contains(value.id());
  }

  private static Location gradientOf(Location origin) {
    return origin instanceof Location.Unknown
        ? origin
        : new Location.Derived("gradient of", origin);
  }
}
