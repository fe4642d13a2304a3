package dev.dlm.op;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What type inference sees: the operand types; and where it reports: violated constraints as
 * exceptions, conditions on symbolic sizes as guards. Used by one thread.
 */
public final class InferContext {
  private final Op op;
  private final List<TensorType> operands;
  private final Location location;
  private final List<Guard> guards = new ArrayList<>();

  public InferContext(Op op, List<TensorType> operands, Location location) {
    this.op = op;
    this.operands = List.copyOf(operands);
    this.location = location;
  }

  /**
   * Runs the op's inference.
   *
   * @throws GraphException if the operands violate a constraint, if a size exceeds 64 bits, or if
   *     one is negative
   */
  public List<TensorType> infer() {
    List<TensorType> results;
    try {
      results = op.infer(this);
    } catch (ArithmeticException e) {
      throw fail("size-overflow", "a size cannot be computed: " + e.getMessage());
    }
    for (TensorType result : results) {
      for (Dim dim : result.shape().dims()) {
        if (dim.isConstant() && dim.asLong() < 0) {
          throw fail("shape-mismatch", "the result " + result + " has a negative size");
        }
      }
    }
    return results;
  }

  /**
   * Adds the conditions on symbolic sizes that the nodes of a body bring, bodies inside included.
   */
  public void addGuardsOf(Body body) {
    for (Node node : body.nodes()) {
      List<TensorType> types = node.operands().stream().map(Value::type).toList();
      InferContext context = new InferContext(node.op(), types, node.location());
      context.infer();
      guards.addAll(context.guards);
    }
  }

  /** The number of operands. */
  public int count() {
    return operands.size();
  }

  /** The type of an operand. */
  public TensorType in(int index) {
    return operands.get(index);
  }

  public List<TensorType> operands() {
    return operands;
  }

  /** Conditions on symbolic sizes that were recorded by {@link #checkEqual}. */
  public List<Guard> guards() {
    return List.copyOf(guards);
  }

  /**
   * Requires the given number of operands, which is constraint C1 of every op that has one.
   *
   * @throws GraphException with code {@code operand-count}
   */
  public void checkCount(int wanted) {
    if (operands.size() != wanted) {
      throw fail(
          "operand-count",
          "takes "
              + wanted
              + (wanted == 1 ? " operand" : " operands")
              + ", not "
              + operands.size()
              + " (C1)");
    }
  }

  /**
   * Requires a constraint of the op.
   *
   * @param label the constraint's label in the op's Javadoc, for example {@code C1}
   * @throws GraphException with code {@code shape-mismatch}
   */
  public void check(String label, boolean holds, String message) {
    if (!holds) {
      throw fail("shape-mismatch", message + " (" + label + ")");
    }
  }

  /**
   * Requires element types of a certain kind.
   *
   * @throws GraphException with code {@code dtype-mismatch}
   */
  public void checkDType(String label, boolean holds, String message) {
    if (!holds) {
      throw fail("dtype-mismatch", message + " (" + label + ")");
    }
  }

  /**
   * Requires all operands from {@code first} on to have the element type of operand {@code first}.
   */
  public DType checkSameDType(String label, int first) {
    DType dtype = in(first).dtype();
    for (int i = first + 1; i < count(); i++) {
      checkDType(
          label, in(i).dtype() == dtype, "operand types differ: " + in(first) + " and " + in(i));
    }
    return dtype;
  }

  /**
   * Requires two sizes to be equal: checked now where their difference is constant, otherwise
   * recorded as a guard.
   *
   * @throws GraphException with code {@code shape-mismatch} if they can never be equal
   */
  public void checkEqual(String label, Dim left, Dim right, String message) {
    if (left.equals(right)) {
      return;
    }
    if (left.minus(right).isConstant()) {
      throw fail("shape-mismatch", message + ": " + left + " and " + right + " (" + label + ")");
    }
    guards.add(new Guard(Guard.Relation.EQUAL, left, right, op.name() + ": " + message, location));
  }

  /**
   * Requires one size to be at most another: checked now where their difference is constant,
   * recorded as a guard where it cannot be proved.
   *
   * @throws GraphException with code {@code shape-mismatch} if it never is
   */
  public void checkAtMost(String label, Dim low, Dim high, String message) {
    Dim difference = high.minus(low);
    check(label, !difference.isConstant() || difference.asLong() >= 0, message);
    if (!high.isProvablyAtLeast(low)) {
      guards.add(
          new Guard(Guard.Relation.AT_MOST, low, high, op.name() + ": " + message, location));
    }
  }

  /** Requires two shapes to be equal, with {@link #checkEqual} for each axis. */
  public void checkEqual(String label, Shape left, Shape right, String message) {
    check(label, left.rank() == right.rank(), message + ": " + left + " and " + right);
    for (int axis = 0; axis < left.rank(); axis++) {
      if (left.dim(axis).minus(right.dim(axis)).isConstant()
          && !left.dim(axis).equals(right.dim(axis))) {
        throw fail("shape-mismatch", message + ": " + left + " and " + right + " (" + label + ")");
      }
      checkEqual(label, left.dim(axis), right.dim(axis), message);
    }
  }

  /**
   * The types of what nodes give that are made for operands of these types; conditions on sizes
   * that they bring become guards.
   *
   * @param nodes adds the nodes to a builder that has the operands as parameters
   * @throws GraphException with the code of the node's mistake if one cannot be made
   */
  public List<TensorType> inferFrom(BiFunction<BodyBuilder, List<Value>, List<Value>> nodes) {
    BodyBuilder builder = new BodyBuilder().at(location);
    List<Value> parameters = operands.stream().map(builder::parameter).toList();
    try {
      List<Value> results = nodes.apply(builder, parameters);
      guards.addAll(builder.guards());
      return results.stream().map(Value::type).toList();
    } catch (GraphException e) {
      Diagnostic cause = e.diagnostics().get(0);
      throw fail(cause.code(), "in its expansion: " + cause.message());
    }
  }

  /** Requires {@code axis} to be an axis of a tensor of the given rank. */
  public void checkAxis(String label, int axis, int rank) {
    check(
        label,
        axis >= 0 && axis < rank,
        "axis " + axis + " is not one of a tensor of rank " + rank);
  }

  private GraphException fail(String code, String message) {
    return new GraphException(Diagnostic.error(code, op.name() + ": " + message, location));
  }
}
