package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Slice;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import dev.dlm.op.nn.Dot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes before a scan, at once, the products of its slices with what it captures:
 *
 * <pre>{@code
 * dot(x[t], w)               →  y[t], where y = dot(x, w) over all iterations
 * dot(concat(x[t], h), w)    →  y[t] + dot(h, rows of w), where y = dot(x, the other rows of w)
 * }</pre>
 *
 * <p>So a recurrent cell that is written down step by step runs as fast as one whose input was
 * projected beforehand. One large product is much faster than many small ones, at the cost of
 * stacking it; scans that ask for {@link Activations#RECOMPUTED} are left alone. The second law
 * sums the same products in another order.
 */
public record ContractBeforeScan() implements BodyPass {
  @Override
  public Body rewrite(Body body) {
    BodyRewriter rewriter = new BodyRewriter(body);
    boolean changed = false;
    for (Node node : body.nodes()) {
      if (node.op() instanceof Scan scan && scan.activations() == Activations.SAVED) {
        Products products = new Products(scan, node);
        if (!products.partsOf.isEmpty()) {
          products.replace(rewriter);
          changed = true;
          continue;
        }
      }
      rewriter.copy(node);
    }
    return changed ? LiveNodes.prune(rewriter.finish()) : body;
  }

  /** The products of one scan that go, in whole or in part, before it. */
  private static final class Products {
    private final Scan scan;
    private final Node node;
    private final Body body;
    private final Map<Integer, Node> producers = new HashMap<>();

    /** For the result of each product the values that its left operand consists of. */
    private final Map<Integer, List<Value>> partsOf = new HashMap<>();

    Products(Scan scan, Node node) {
      this.scan = scan;
      this.node = node;
      this.body = scan.body();
      for (Node inside : body.nodes()) {
        inside.results().forEach(result -> producers.put(result.id(), inside));
        if (inside.op() instanceof Dot dot
            && dot.leftBatch().isEmpty()
            && isCapture(inside.operand(1))) {
          List<Value> parts = parts(dot, inside.operand(0));
          if (parts.stream().anyMatch(this::isSlice)) {
            partsOf.put(inside.result().id(), parts);
          }
        }
      }
    }

    private List<Value> parts(Dot dot, Value left) {
      Node made = producers.get(left.id());
      return made != null
              && made.op() instanceof Concat concat
              && dot.leftContracting().equals(List.of(concat.axis()))
          ? made.operands()
          : List.of(left);
    }

    private boolean isSlice(Value value) {
      int parameter = body.parameters().indexOf(value);
      return parameter >= scan.carries() && parameter < scan.carries() + scan.scanned();
    }

    private boolean isCapture(Value value) {
      return body.parameters().indexOf(value) >= scan.carries() + scan.scanned();
    }

    void replace(BodyRewriter rewriter) {
      List<Value> operands = rewriter.replacementsOf(node.operands());
      ScanDraft draft = ScanDraft.like(scan);
      ValueMap inside = new ValueMap();
      for (int i = 0; i < operands.size(); i++) {
        Value parameter = body.parameters().get(i);
        Value made;
        if (i < scan.carries()) {
          made = draft.carry(operands.get(i), parameter.type());
        } else if (i < scan.carries() + scan.scanned()) {
          made = draft.slice(operands.get(i));
        } else {
          made = draft.capture(operands.get(i));
        }
        inside.put(parameter, made);
      }
      for (Node each : body.nodes()) {
        draft.body().at(each.location());
        rewriter.builder().at(each.location());
        List<Value> parts = partsOf.getOrDefault(each.result().id(), List.of());
        inside.put(
            each.results(),
            parts.isEmpty()
                ? draft.body().apply(each.op(), inside.of(each.operands()))
                : List.of(sum(each, parts, operands, draft, inside, rewriter.builder())));
      }
      List<Value> results = inside.of(body.results());
      draft.setNext(results.subList(0, scan.carries()));
      results.subList(scan.carries(), results.size()).forEach(draft::addElement);
      draft.dropUnused();
      List<Value> made =
          rewriter.builder().at(node.location()).apply(draft.scan(), draft.operands());
      for (int i = 0; i < node.results().size(); i++) {
        rewriter.replace(node.results().get(i), made.get(i));
      }
    }

    /** The product as the sum of the products of its parts, those of slices taken from outside. */
    private Value sum(
        Node product,
        List<Value> parts,
        List<Value> operands,
        ScanDraft draft,
        ValueMap inside,
        BodyBuilder outside) {
      Dot dot = (Dot) product.op();
      Value right = operands.get(body.parameters().indexOf(product.operand(1)));
      List<Value> terms = new ArrayList<>();
      Dim start = Dim.ZERO;
      for (Value part : parts) {
        Value rows = right;
        if (parts.size() > 1) {
          Dim end = start.plus(part.dim(dot.leftContracting().get(0)));
          rows = outside.one(range(right, dot.rightContracting().get(0), start, end), right);
          start = end;
        }
        if (isSlice(part)) {
          Value all = operands.get(body.parameters().indexOf(part));
          terms.add(draft.slice(outside.one(overAll(dot), all, rows)));
        } else {
          terms.add(draft.body().one(dot, inside.of(part), draft.capture(rows)));
        }
      }
      Value sum = terms.get(0);
      for (Value term : terms.subList(1, terms.size())) {
        sum = draft.body().add(sum, term);
      }
      return sum;
    }

    private static Slice range(Value value, int axis, Dim start, Dim end) {
      List<Dim> starts = new ArrayList<>(Collections.nCopies(value.rank(), Dim.ZERO));
      List<Dim> limits = new ArrayList<>(value.shape().dims());
      starts.set(axis, start);
      limits.set(axis, end);
      return new Slice(starts, limits, Collections.nCopies(value.rank(), 1L));
    }

    /** The product of a left operand with one more axis in front, which the result gets too. */
    private static Dot overAll(Dot dot) {
      return new Dot(
          List.of(),
          List.of(),
          dot.leftContracting().stream().map(axis -> axis + 1).toList(),
          dot.rightContracting());
    }
  }
}
