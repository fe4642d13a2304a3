package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.nn.Dot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the axes of a product have to change places, moves the smaller tensor.
 *
 * <ul>
 *   <li>{@code transpose e(dot(a, b)) → e(dot(transpose a, b))}, where the transposition exchanges
 *       free axes of {@code a}, which is not larger than the product, and {@code e} are
 *       element-wise ops with broadcasts that nothing else uses; so for {@code b}
 *   <li>{@code dot(a, b)} over several axes goes through them in the order in which they lie side
 *       by side in the larger operand, rather than in the smaller one
 * </ul>
 *
 * <p>A recurrent layer that reads steps along the second axis is such a case: its input takes less
 * than what its gates get of it. The second law sums the same products in another order, the first
 * keeps every bit.
 */
public record TransposeSmallerTensors() implements BodyPass {
  @Override
  public Body rewrite(Body body) {
    Map<Integer, Node> producers = new HashMap<>();
    Map<Integer, Integer> countUses = new HashMap<>();
    for (Node node : body.nodes()) {
      node.results().forEach(result -> producers.put(result.id(), node));
      node.operands().forEach(value -> countUses.merge(value.id(), 1, Integer::sum));
    }
    body.results().forEach(value -> countUses.merge(value.id(), 1, Integer::sum));
    BodyRewriter rewriter = new BodyRewriter(body);
    boolean changed = false;
    for (Node node : body.nodes()) {
      Optional<Value> replacement = Optional.empty();
      if (node.op() instanceof Transpose transpose) {
        replacement =
            Chain.find(node, producers, countUses)
                .flatMap(
                    chain -> chain.transposed(transpose.permutation(), node.location(), rewriter));
      } else if (node.op() instanceof Dot dot) {
        replacement =
            reordered(dot, node)
                .map(found ->
                    rewriter
                        .builder()
                        .at(node.location())
                        .apply(found, rewriter.replacementsOf(node.operands()))
                        .get(0));
      }
      if (replacement.isPresent()) {
        rewriter.replace(node.result(), replacement.get());
        changed = true;
      } else {
        rewriter.copy(node);
      }
    }
    return changed ? LiveNodes.prune(rewriter.finish()) : body;
  }

  /** The product with its contracting axes in the order of the larger operand. */
  private static Optional<Dot> reordered(Dot dot, Node node) {
    Value left = node.operand(0);
    Value right = node.operand(1);
    boolean byLeft = left.type().sizeBytes().isProvablyAtLeast(right.type().sizeBytes());
    boolean byRight = right.type().sizeBytes().isProvablyAtLeast(left.type().sizeBytes());
    if (byLeft == byRight) {
      return Optional.empty();
    }
    List<Integer> axes = byLeft ? dot.leftContracting() : dot.rightContracting();
    List<Integer> sorted = axes.stream().sorted().toList();
    boolean sideBySide =
        IntStream.range(1, sorted.size()).allMatch(i -> sorted.get(i) == sorted.get(i - 1) + 1);
    if (sorted.equals(axes) || !sideBySide) {
      return Optional.empty();
    }
    List<Integer> order =
        IntStream.range(0, axes.size()).boxed().sorted(Comparator.comparing(axes::get)).toList();
    return Optional.of(
        new Dot(
            dot.leftBatch(),
            dot.rightBatch(),
            order.stream().map(dot.leftContracting()::get).toList(),
            order.stream().map(dot.rightContracting()::get).toList()));
  }

  /**
   * A product and the element-wise ops that alone use it, one after the other.
   *
   * @param steps from the last one to the first
   */
  private record Chain(Node product, List<Step> steps) {
    /**
     * An element-wise op.
     *
     * @param spine the operand that comes from the product; the others are broadcasts
     */
    private record Step(Node node, int spine) {}

    /** What a transposition is applied to, if it is such a chain. */
    static Optional<Chain> find(
        Node transpose, Map<Integer, Node> producers, Map<Integer, Integer> countUses) {
      List<Step> steps = new ArrayList<>();
      Value value = transpose.operand(0);
      Node node = producers.get(value.id());
      while (node != null && countUses.getOrDefault(value.id(), 0) == 1) {
        if (node.op() instanceof Dot) {
          return Optional.of(new Chain(node, List.copyOf(steps)));
        }
        List<Value> varying =
            node.operands().stream().filter(operand -> !isBroadcast(operand, producers)).toList();
        if (!(node.op() instanceof ElementwiseOp) || varying.size() != 1) {
          return Optional.empty();
        }
        value = varying.get(0);
        steps.add(new Step(node, node.operands().indexOf(value)));
        node = producers.get(value.id());
      }
      return Optional.empty();
    }

    private static boolean isBroadcast(Value value, Map<Integer, Node> producers) {
      Node node = producers.get(value.id());
      return node != null && node.op() instanceof Broadcast;
    }

    /** The chain's value with its axes exchanged; empty if that takes more than its operands. */
    Optional<Value> transposed(List<Integer> permutation, Location place, BodyRewriter rewriter) {
      Dot dot = (Dot) product.op();
      Value a = product.operand(0);
      Value b = product.operand(1);
      int batch = dot.leftBatch().size();
      int leftEnd = batch + dot.leftFree(a.rank()).size();
      int end = permutation.size();
      boolean keepsSides =
          IntStream.range(0, end)
              .allMatch(i -> {
                int from = permutation.get(i);
                return i < batch ? from == i : (i < leftEnd) == (from < leftEnd);
              });
      if (!keepsSides) {
        return Optional.empty();
      }
      List<Integer> left = exchange(dot.leftFree(a.rank()), a.rank(), permutation, batch);
      List<Integer> right = exchange(dot.rightFree(b.rank()), b.rank(), permutation, leftEnd);
      if (!isWorthwhile(left, a) || !isWorthwhile(right, b)) {
        return Optional.empty();
      }
      BodyBuilder builder =
          rewriter.builder().at(Location.fuse(List.of(product.location(), place)));
      Value current =
          builder.one(
              dot,
              exchanged(rewriter.replacementOf(a), left, builder),
              exchanged(rewriter.replacementOf(b), right, builder));
      for (Step step : steps.reversed()) {
        builder.at(step.node().location());
        List<Value> operands = new ArrayList<>();
        for (int i = 0; i < step.node().operands().size(); i++) {
          Value operand = rewriter.replacementOf(step.node().operand(i));
          operands.add(i == step.spine() ? current : exchanged(operand, permutation, builder));
        }
        current = builder.apply(step.node().op(), operands).get(0);
      }
      return Optional.of(current);
    }

    private static Value exchanged(Value value, List<Integer> permutation, BodyBuilder builder) {
      return AxisAlignment.isIncreasing(permutation)
          ? value
          : builder.transpose(value, permutation);
    }

    private boolean isWorthwhile(List<Integer> permutation, Value operand) {
      return AxisAlignment.isIncreasing(permutation)
          || product.result().type().sizeBytes().isProvablyAtLeast(operand.type().sizeBytes());
    }

    /**
     * The exchange of an operand's free axes.
     *
     * @param first where they begin in the product
     */
    private static List<Integer> exchange(
        List<Integer> free, int rank, List<Integer> permutation, int first) {
      List<Integer> all = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
      for (int i = 0; i < free.size(); i++) {
        all.set(free.get(i), free.get(permutation.get(first + i) - first));
      }
      return all;
    }
  }
}
