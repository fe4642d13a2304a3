package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one scan of several over as many iterations in the same direction whose carries start and
 * go on alike: its results are those of all. The gradient of a scan writes down the scan again, to
 * have the carries of each iteration; this makes the two one.
 */
public record MergeScans() implements BodyPass {
  /** A scan that takes the place of several, in terms of the body before. */
  private static final class Group {
    private final Node first;
    private ScanDraft draft;

    Group(Node first, Scan scan) {
      this.first = first;
      this.draft = ScanDraft.of(scan, first.operands());
    }

    /** Whether a value is there before the first scan of the group. */
    boolean sees(Value value) {
      return value.id() < first.result().id();
    }
  }

  /** Where the results of a merged scan stand among the results of its group. */
  private record Place(Group group, List<Integer> results) {}

  @Override
  public Body rewrite(Body body) {
    List<Group> groups = new ArrayList<>();
    Map<Integer, Place> merged = new HashMap<>();
    for (Node node : body.nodes()) {
      if (node.op() instanceof Scan scan) {
        Optional<Place> place =
            groups.stream().flatMap(g -> merge(g, node, scan).stream()).findFirst();
        place.ifPresentOrElse(
            found -> merged.put(node.result().id(), found),
            () -> groups.add(new Group(node, scan)));
      }
    }
    return merged.isEmpty() ? body : rewrite(body, groups, merged);
  }

  private static Optional<Place> merge(Group group, Node node, Scan scan) {
    Scan first = (Scan) group.first.op();
    boolean fits =
        scan.length().equals(first.length())
            && scan.reverse() == first.reverse()
            && scan.carries() == first.carries()
            && node.operands().subList(0, scan.carries()).equals(group.draft.initial())
            && node.operands().stream().allMatch(group::sees);
    if (!fits) {
      return Optional.empty();
    }
    ScanDraft trial = ScanDraft.of(group.draft.scan(), group.draft.operands());
    List<Value> arguments = new ArrayList<>(trial.carries());
    for (int i = scan.carries(); i < node.operands().size(); i++) {
      Value operand = node.operands().get(i);
      boolean isSlice = i < scan.carries() + scan.scanned();
      arguments.add(isSlice ? trial.slice(operand) : trial.capture(operand));
    }
    List<Value> results = trial.body().inline(scan.body(), arguments);
    if (!results.subList(0, scan.carries()).equals(trial.next())) {
      return Optional.empty();
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      places.add(i < scan.carries() ? i : trial.element(results.get(i)));
    }
    group.draft = trial;
    return Optional.of(new Place(group, places));
  }

  private static Body rewrite(Body body, List<Group> groups, Map<Integer, Place> merged) {
    BodyRewriter rewriter = new BodyRewriter(body);
    Map<Group, List<Value>> results = new HashMap<>();
    for (Node node : body.nodes()) {
      Place place = merged.get(node.result().id());
      Optional<Group> begun = groups.stream().filter(group -> group.first == node).findFirst();
      if (place != null) {
        List<Value> all = results.getOrDefault(place.group(), List.of());
        for (int i = 0; i < node.results().size(); i++) {
          rewriter.replace(node.results().get(i), all.get(place.results().get(i)));
        }
        rewriter.addPlace(all.get(0), node.location());
      } else if (begun.isPresent()) {
        ScanDraft draft = begun.get().draft;
        List<Value> all =
            rewriter
                .builder()
                .at(node.location())
                .apply(draft.scan(), rewriter.replacementsOf(draft.operands()));
        results.put(begun.get(), all);
        for (int i = 0; i < node.results().size(); i++) {
          rewriter.replace(node.results().get(i), all.get(i));
        }
      } else {
        rewriter.copy(node);
      }
    }
    return LiveNodes.prune(rewriter.finish());
  }
}
