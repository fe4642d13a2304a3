package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import dev.dlm.op.math.Add;
import dev.dlm.op.nn.Dot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Computes after a scan, at once, what it sums up product by product:
 *
 * <pre>{@code
 * acc' = acc + dot(a, b)          →  init + dot over all iterations of the stacked a and b
 * acc' = acc + reduce(sum, a)     →  init + reduce over all iterations, where a is stacked anyway
 * }</pre>
 *
 * <p>The gradients of weights that a loop uses are such sums. One large product is much faster than
 * many small ones, at the cost of stacking the factors; so scans that ask for {@link
 * Activations#RECOMPUTED} are left alone.
 */
public record ContractAfterScan() implements BodyPass {
  @Override
  public Body rewrite(Body body) {
    BodyRewriter rewriter = new BodyRewriter(body);
    boolean changed = false;
    for (Node node : body.nodes()) {
      Optional<Sums> sums =
          node.op() instanceof Scan scan && scan.activations() == Activations.SAVED
              ? Optional.of(new Sums(scan, node)).filter(Sums::isWorthwhile)
              : Optional.empty();
      if (sums.isPresent()) {
        sums.get().replace(rewriter);
        changed = true;
      } else {
        rewriter.copy(node);
      }
    }
    return changed ? LiveNodes.prune(rewriter.finish()) : body;
  }

  /** The sums of one scan. */
  private static final class Sums {
    private final Scan scan;
    private final Node node;
    private final Body body;
    private final Map<Integer, Node> producers = new HashMap<>();
    private final Map<Integer, Integer> countUses = new HashMap<>();
    private final Map<Integer, Node> terms = new TreeMap<>();

    Sums(Scan scan, Node node) {
      this.scan = scan;
      this.node = node;
      this.body = scan.body();
      for (Node inside : body.nodes()) {
        inside.results().forEach(result -> producers.put(result.id(), inside));
        inside.operands().forEach(value -> countUses.merge(value.id(), 1, Integer::sum));
      }
      body.results().forEach(value -> countUses.merge(value.id(), 1, Integer::sum));
      for (int carry = 0; carry < scan.carries(); carry++) {
        int index = carry;
        termOf(carry).ifPresent(term -> terms.put(index, term));
      }
    }

    boolean isWorthwhile() {
      return terms.values().stream().anyMatch(term -> term.op() instanceof Dot);
    }

    /** The node whose results a carry sums up, if that is all that happens to the carry. */
    private Optional<Node> termOf(int carry) {
      Value parameter = body.parameters().get(carry);
      return producer(body.results().get(carry))
          .filter(sum -> sum.op() instanceof Add && sum.operands().contains(parameter))
          .filter(sum -> isUsedOnce(parameter) && isUsedOnce(sum.result()))
          .flatMap(sum -> producer(sum.operand(sum.operand(0).equals(parameter) ? 1 : 0)))
          .filter(this::canStack);
    }

    private Optional<Node> producer(Value value) {
      return Optional.ofNullable(producers.get(value.id()));
    }

    private boolean isUsedOnce(Value value) {
      return countUses.getOrDefault(value.id(), 0) == 1;
    }

    private boolean canStack(Node term) {
      boolean suits =
          term.op() instanceof Dot
              || (term.op() instanceof Reduce reduce && reduce.kind() == Reduce.Kind.SUM);
      // What every iteration captures would be stacked as often as there are iterations.
      int firstCapture = scan.carries() + scan.scanned();
      return suits
          && term.operands().stream()
              .allMatch(value -> body.parameters().indexOf(value) < firstCapture);
    }

    void replace(BodyRewriter rewriter) {
      List<Value> operands = rewriter.replacementsOf(node.operands());
      ScanDraft draft = ScanDraft.of(scan, operands);
      ValueMap inside = draft.valuesOf(scan, operands);
      List<Value> stacked =
          terms.values().stream()
              .filter(term -> term.op() instanceof Dot)
              .flatMap(term -> term.operands().stream())
              .filter(value -> !isSlice(value))
              .toList();
      List<Integer> places =
          stacked.stream().map(value -> draft.element(inside.of(value))).toList();
      BodyBuilder b = rewriter.builder().at(node.location());
      List<Value> results = b.apply(draft.scan(), draft.operands());
      ValueMap stacks = new ValueMap();
      stacks.put(stacked, places.stream().map(results::get).toList());
      for (int i = scan.carries(); i < operands.size(); i++) {
        if (isSlice(body.parameters().get(i))) {
          stacks.put(body.parameters().get(i), operands.get(i));
        }
      }
      for (int i = 0; i < node.results().size(); i++) {
        rewriter.replace(node.results().get(i), results.get(i));
      }
      terms.forEach((carry, term) -> {
        if (term.operands().stream().allMatch(value -> isSlice(value) || stacked.contains(value))) {
          b.at(term.location());
          Value total = b.apply(overAll(term.op()), stacks.of(term.operands())).get(0);
          rewriter.replace(node.results().get(carry), b.add(operands.get(carry), total));
        }
      });
    }

    private boolean isSlice(Value value) {
      int parameter = body.parameters().indexOf(value);
      return parameter >= scan.carries() && parameter < scan.carries() + scan.scanned();
    }

    /** The op over tensors with one more axis in front, which it sums over too. */
    private static Op overAll(Op op) {
      return switch (op) {
        case Dot dot ->
            new Dot(
                shifted(dot.leftBatch()),
                shifted(dot.rightBatch()),
                withFirst(dot.leftContracting()),
                withFirst(dot.rightContracting()));
        case Reduce reduce -> new Reduce(reduce.kind(), withFirst(reduce.axes()));
        default -> op;
      };
    }

    private static List<Integer> shifted(List<Integer> axes) {
      return axes.stream().map(axis -> axis + 1).toList();
    }

    private static List<Integer> withFirst(List<Integer> axes) {
      List<Integer> all = new ArrayList<>(List.of(0));
      all.addAll(shifted(axes));
      return all;
    }
  }
}
