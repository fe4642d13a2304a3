package dev.dlm.compiler.control;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A scan that is being made: operands are values around it, everything else is a value of its body.
 * Used by one thread.
 */
final class ScanDraft {
  private final BodyBuilder body = new BodyBuilder();
  private final Dim length;
  private final boolean reverse;
  private final Activations activations;
  private final List<Value> initial = new ArrayList<>();
  private final List<Value> carries = new ArrayList<>();
  private final List<Value> next = new ArrayList<>();
  private final List<Value> scanned = new ArrayList<>();
  private final List<Value> slices = new ArrayList<>();
  private final List<Value> captured = new ArrayList<>();
  private final List<Value> captures = new ArrayList<>();
  private final List<Value> elements = new ArrayList<>();
  private final List<Value> dropped = new ArrayList<>();

  private ScanDraft(Scan like) {
    this.length = like.length();
    this.reverse = like.reverse();
    this.activations = like.activations();
  }

  /** A scan over as many iterations in the same direction that does nothing yet. */
  static ScanDraft like(Scan scan) {
    return new ScanDraft(scan);
  }

  /**
   * A copy of a scan.
   *
   * @param operands what it is applied to
   */
  static ScanDraft of(Scan scan, List<Value> operands) {
    ScanDraft draft = new ScanDraft(scan);
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      if (i < scan.carries()) {
        arguments.add(draft.carry(operands.get(i), scan.body().parameters().get(i).type()));
      } else if (i < scan.carries() + scan.scanned()) {
        arguments.add(draft.slice(operands.get(i)));
      } else {
        arguments.add(draft.capture(operands.get(i)));
      }
    }
    List<Value> results = draft.body.inline(scan.body(), arguments);
    draft.next.addAll(results.subList(0, scan.carries()));
    draft.elements.addAll(results.subList(scan.carries(), results.size()));
    return draft;
  }

  /** The builder of the body. */
  BodyBuilder body() {
    return body;
  }

  /** Adds a carry with its initial value; {@link #setNext} must follow. */
  Value carry(Value init, TensorType type) {
    Value parameter = body.parameter(type);
    initial.add(init);
    carries.add(parameter);
    return parameter;
  }

  /** Gives all carries their next values. */
  void setNext(List<Value> values) {
    next.clear();
    next.addAll(values);
  }

  /** The slice of a tensor. */
  Value slice(Value tensor) {
    Shape shape = tensor.shape();
    Shape tail = new Shape(shape.dims().subList(1, shape.rank()));
    return parameterFor(tensor, tensor.type().withShape(tail), scanned, slices);
  }

  /** A value from around the scan. */
  Value capture(Value value) {
    return parameterFor(value, value.type(), captured, captures);
  }

  private Value parameterFor(
      Value operand, TensorType type, List<Value> operands, List<Value> parameters) {
    int known = operands.indexOf(operand);
    if (known >= 0) {
      return parameters.get(known);
    }
    Value parameter = body.parameter(type);
    operands.add(operand);
    parameters.add(parameter);
    return parameter;
  }

  /** Yields a value of the body, if it is not yielded yet; the place of the stacked result. */
  int element(Value value) {
    int known = elements.indexOf(value);
    if (known < 0) {
      elements.add(value);
      known = elements.size() - 1;
    }
    return carries.size() + known;
  }

  /** Yields a value of the body once more, as the next result. */
  void addElement(Value value) {
    elements.add(value);
  }

  /**
   * The values of the body that stand for those of the scan that this is a copy of.
   *
   * @param operands what that scan is applied to
   */
  ValueMap valuesOf(Scan scan, List<Value> operands) {
    List<Value> originals = new ArrayList<>(scan.body().parameters());
    scan.body().nodes().forEach(node -> originals.addAll(node.results()));
    List<Value> arguments = new ArrayList<>(carries);
    for (int i = scan.carries(); i < operands.size(); i++) {
      boolean isSlice = i < scan.carries() + scan.scanned();
      arguments.add(isSlice ? slice(operands.get(i)) : capture(operands.get(i)));
    }
    // Equal nodes are there already, so that writing the body down again finds them.
    Body whole = new Body(scan.body().parameters(), scan.body().nodes(), originals);
    List<Value> found = body.inline(whole, arguments);
    ValueMap values = new ValueMap();
    values.put(originals, found);
    return values;
  }

  /** The value of the body that a result stacks. */
  Value elementAt(int result) {
    return elements.get(result - carries.size());
  }

  List<Value> initial() {
    return initial;
  }

  List<Value> carries() {
    return carries;
  }

  List<Value> next() {
    return next;
  }

  /** Leaves out slices and captured values that the results do not need. */
  void dropUnused() {
    List<Value> parameters = parameters();
    Set<Integer> needed = LiveNodes.idsNeeded(built(parameters));
    for (int i = 0; i < parameters.size(); i++) {
      if (!needed.contains(i)) {
        drop(parameters.get(i), slices, scanned);
        drop(parameters.get(i), captures, captured);
      }
    }
  }

  private void drop(Value parameter, List<Value> parameters, List<Value> operands) {
    int place = parameters.indexOf(parameter);
    if (place >= 0) {
      dropped.add(parameters.remove(place));
      operands.remove(place);
    }
  }

  private List<Value> parameters() {
    List<Value> parameters = new ArrayList<>(carries);
    parameters.addAll(slices);
    parameters.addAll(captures);
    return parameters;
  }

  private Body built(List<Value> parameters) {
    List<Value> all = new ArrayList<>(parameters);
    all.addAll(dropped);
    List<Value> results = new ArrayList<>(next);
    results.addAll(elements);
    return body.buildWithParameters(all, results);
  }

  /** The scan without nodes that its results do not need. */
  Scan scan() {
    List<Value> parameters = parameters();
    Body built = built(parameters);
    Body pruned = LiveNodes.prune(built, built.parameters().subList(0, parameters.size()));
    return new Scan(pruned, carries.size(), slices.size(), length, reverse, activations);
  }

  /** What the scan is applied to. */
  List<Value> operands() {
    List<Value> operands = new ArrayList<>(initial);
    operands.addAll(scanned);
    operands.addAll(captured);
    return operands;
  }
}
