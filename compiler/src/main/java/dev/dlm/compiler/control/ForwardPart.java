package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a backward scan's body depends on nothing but what the forward scan's iteration of the
 * same place saw, and which values of it are worth keeping. Used by one thread.
 */
final class ForwardPart {
  /** What symbols count as where sizes are only compared. */
  private static final long NOMINAL_SIZE = 64;

  private final Node forward;
  private final Node backward;
  private final Scan forwardScan;
  private final Scan backwardScan;
  private final Body body;

  /** Values that the forward scan could compute. */
  private final Set<Integer> known = new HashSet<>();

  /** Of those, the ones that vary between iterations. */
  private final Set<Integer> varying = new HashSet<>();

  private final Map<Integer, Set<Value>> costly = new HashMap<>();
  private final Set<Value> saved = new LinkedHashSet<>();
  private final List<Integer> places = new ArrayList<>();
  private List<Value> stacks = List.of();

  ForwardPart(Node forward, Node backward) {
    this.forward = forward;
    this.backward = backward;
    this.forwardScan = (Scan) forward.op();
    this.backwardScan = (Scan) backward.op();
    this.body = backwardScan.body();
    findKnown();
    findSaved();
  }

  /** The values of the backward scan's body to keep. */
  Set<Value> saved() {
    return saved;
  }

  private void findKnown() {
    for (int i = backwardScan.carries(); i < body.parameters().size(); i++) {
      Value operand = backward.operands().get(i);
      boolean isSlice = i < backwardScan.carries() + backwardScan.scanned();
      int id = body.parameters().get(i).id();
      if (isSlice && (isStacked(operand) || isScanned(operand))) {
        known.add(id);
        varying.add(id);
      } else if (!isSlice && operand.id() < forward.result().id()) {
        known.add(id);
      }
    }
    for (Node node : body.nodes()) {
      if (node.operands().stream().allMatch(value -> known.contains(value.id()))) {
        boolean varies = node.operands().stream().anyMatch(v -> varying.contains(v.id()));
        for (Value result : node.results()) {
          known.add(result.id());
          if (varies) {
            varying.add(result.id());
          }
        }
      }
    }
  }

  private boolean isStacked(Value operand) {
    return forward.results().indexOf(operand) >= forwardScan.carries();
  }

  private boolean isScanned(Value operand) {
    return forward
        .operands()
        .subList(forwardScan.carries(), forwardScan.carries() + forwardScan.scanned())
        .contains(operand);
  }

  private void findSaved() {
    for (Node node : body.nodes()) {
      if (!node.results().stream().allMatch(result -> known.contains(result.id()))) {
        node.operands().forEach(operand -> saved.addAll(costlyPartsOf(operand)));
      } else {
        for (Value result : node.results()) {
          costly.put(result.id(), costlyPartsOf(node, result));
        }
      }
    }
    body.results().forEach(result -> saved.addAll(costlyPartsOf(result)));
  }

  private Set<Value> costlyPartsOf(Value value) {
    return costly.getOrDefault(value.id(), Set.of());
  }

  /** What must be kept so that a known value is cheap to have. */
  private Set<Value> costlyPartsOf(Node node, Value result) {
    if (!varying.contains(result.id())) {
      return Set.of();
    }
    if (!FreeOps.isCheap(node.op())) {
      return Set.of(result);
    }
    Set<Value> parts = new LinkedHashSet<>();
    node.operands().forEach(operand -> parts.addAll(costlyPartsOf(operand)));
    long bytes = parts.stream().mapToLong(ForwardPart::bytes).sum();
    return parts.size() > 1 && bytes > bytes(result) ? Set.of(result) : parts;
  }

  private static long bytes(Value value) {
    return value.type().sizeBytes().evaluate(symbol -> NOMINAL_SIZE);
  }

  /** Makes the forward scan stack the saved values. */
  void addTo(ScanDraft draft, BodyRewriter rewriter) {
    ValueMap mapped = new ValueMap();
    Set<Integer> needed = NeededValues.of(body, List.copyOf(saved));
    for (int i = 0; i < body.parameters().size(); i++) {
      Value parameter = body.parameters().get(i);
      if (known.contains(parameter.id()) && needed.contains(parameter.id())) {
        mapped.put(parameter, parameter(i, draft, rewriter));
      }
    }
    for (Node node : body.nodes()) {
      if (node.results().stream().anyMatch(result -> needed.contains(result.id()))) {
        draft.body().at(node.location());
        mapped.put(node.results(), draft.body().apply(node.op(), mapped.of(node.operands())));
      }
    }
    saved.forEach(value -> places.add(draft.element(mapped.of(value))));
  }

  private Value parameter(int place, ScanDraft draft, BodyRewriter rewriter) {
    Value operand = backward.operands().get(place);
    boolean isSlice = place < backwardScan.carries() + backwardScan.scanned();
    if (isSlice && isStacked(operand)) {
      return draft.elementAt(forward.results().indexOf(operand));
    }
    Value replaced = rewriter.replacementOf(operand);
    return isSlice ? draft.slice(replaced) : draft.capture(replaced);
  }

  /** Notes the results of the forward scan. */
  void stacked(List<Value> results) {
    stacks = places.stream().map(results::get).toList();
  }

  /** The backward scan that slices the kept values. */
  ScanDraft backward(BodyRewriter rewriter) {
    ScanDraft draft = ScanDraft.like(backwardScan);
    List<Value> operands = rewriter.replacementsOf(backward.operands());
    ValueMap mapped = new ValueMap();
    for (int i = 0; i < operands.size(); i++) {
      Value parameter = body.parameters().get(i);
      Value made;
      if (i < backwardScan.carries()) {
        made = draft.carry(operands.get(i), parameter.type());
      } else if (i < backwardScan.carries() + backwardScan.scanned()) {
        made = draft.slice(operands.get(i));
      } else {
        made = draft.capture(operands.get(i));
      }
      mapped.put(parameter, made);
    }
    int next = 0;
    for (Value value : saved) {
      mapped.put(value, draft.slice(stacks.get(next++)));
    }
    for (Node node : body.nodes()) {
      draft.body().at(node.location());
      mapped.put(node.results(), draft.body().apply(node.op(), mapped.of(node.operands())));
    }
    List<Value> results = mapped.of(body.results());
    draft.setNext(results.subList(0, backwardScan.carries()));
    results.subList(backwardScan.carries(), results.size()).forEach(draft::addElement);
    return draft;
  }
}
