package dev.dlm.ir;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.math.Abs;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.And;
import dev.dlm.op.math.Cast;
import dev.dlm.op.math.Compare;
import dev.dlm.op.math.Cos;
import dev.dlm.op.math.Div;
import dev.dlm.op.math.Exp;
import dev.dlm.op.math.IsFinite;
import dev.dlm.op.math.Log;
import dev.dlm.op.math.Max;
import dev.dlm.op.math.Min;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Neg;
import dev.dlm.op.math.Pow;
import dev.dlm.op.math.Rsqrt;
import dev.dlm.op.math.Select;
import dev.dlm.op.math.Sigmoid;
import dev.dlm.op.math.Sign;
import dev.dlm.op.math.Sin;
import dev.dlm.op.math.Sqrt;
import dev.dlm.op.math.Sub;
import dev.dlm.op.math.Tanh;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.nn.Dot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a {@link Body}: adds nodes one by one, infers their types, checks them, records where they
 * come from, and shares equal nodes. The methods with two tensor operands broadcast them against
 * each other as {@link Shape#broadcast} says. Used by one thread.
 */
public final class BodyBuilder {
  private record Key(Op op, List<Value> operands) {}

  private final List<Value> parameters = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Key, Integer> indexOfNode = new HashMap<>();
  private final Map<Integer, Integer> indexOfProducer = new HashMap<>();
  private final Set<Guard> guards = new LinkedHashSet<>();
  private final List<Value> values = new ArrayList<>();
  private Location location = Location.UNKNOWN;

  /** Where the nodes added from now on come from. */
  public BodyBuilder at(Location where) {
    location = where;
    return this;
  }

  /** Where the nodes added now come from. */
  public Location location() {
    return location;
  }

  /** Adds a parameter. May be called between nodes; {@link #build} numbers all values anew. */
  public Value parameter(TensorType type) {
    Value value = newValue(type);
    parameters.add(value);
    return value;
  }

  /**
   * Applies an op; an equal node that exists already is used instead of a new one.
   *
   * @return the results
   * @throws GraphException if the operands violate a constraint of the op
   */
  public List<Value> apply(Op op, List<Value> operands) {
    for (Value operand : operands) {
      if (operand.id() >= values.size() || !values.get(operand.id()).equals(operand)) {
        throw new IllegalArgumentException(
            "operand " + operand + " of " + op.name() + " is not a value of this body");
      }
    }
    Key key = new Key(op, List.copyOf(operands));
    Integer known = indexOfNode.get(key);
    if (known != null) {
      return nodes.get(known).results();
    }
    InferContext context =
        new InferContext(op, operands.stream().map(Value::type).toList(), location);
    List<Value> results = context.infer().stream().map(this::newValue).toList();
    guards.addAll(context.guards());
    indexOfNode.put(key, nodes.size());
    results.forEach(result -> indexOfProducer.put(result.id(), nodes.size()));
    nodes.add(new Node(op, operands, results, location));
    return results;
  }

  /** Applies an op that has one result. */
  public Value one(Op op, Value... operands) {
    return apply(op, List.of(operands)).get(0);
  }

  /**
   * Adds the nodes of a body, with values of this one in the place of its parameters. Nodes keep
   * their own places; those without a known one are placed where this builder stands.
   *
   * @return what stands for the body's results
   * @throws GraphException if the arguments are not of types that the body's nodes take
   */
  public List<Value> inline(Body body, List<Value> arguments) {
    if (arguments.size() != body.parameters().size()) {
      throw new IllegalArgumentException(
          arguments.size() + " arguments for " + body.parameters().size() + " parameters");
    }
    Location here = location;
    Value[] mapped = new Value[body.countValues()];
    for (int i = 0; i < arguments.size(); i++) {
      mapped[body.parameters().get(i).id()] = arguments.get(i);
    }
    for (Node node : body.nodes()) {
      location = node.location() instanceof Location.Unknown ? here : node.location();
      List<Value> results =
          apply(node.op(), node.operands().stream().map(value -> mapped[value.id()]).toList());
      for (int i = 0; i < results.size(); i++) {
        mapped[node.results().get(i).id()] = results.get(i);
      }
    }
    location = here;
    return body.results().stream().map(value -> mapped[value.id()]).toList();
  }

  /** The node that made the value, if it is not a parameter. */
  public Optional<Node> producer(Value value) {
    return Optional.ofNullable(indexOfProducer.get(value.id())).map(nodes::get);
  }

  /**
   * Requires a relation of sizes: checked now where that is possible, otherwise when sizes are
   * bound.
   */
  public void require(Guard guard) {
    Dim difference = guard.left().minus(guard.right());
    if (!difference.isConstant()) {
      guards.add(guard);
    } else if (!guard.relation().holds(difference.asLong(), 0)) {
      throw new GraphException(
          Diagnostic.error(
              "shape-mismatch",
              guard.reason() + ": " + guard + " does not hold",
              guard.location()));
    }
  }

  /** Conditions on symbolic sizes found so far. */
  public List<Guard> guards() {
    return List.copyOf(guards);
  }

  /**
   * The body with the given results and the parameters in the order of their making. The builder
   * may go on and be asked again.
   */
  public Body build(List<Value> results) {
    return buildWithParameters(parameters, results);
  }

  /** The body with all parameters in the given order, its values numbered parameters first. */
  public Body buildWithParameters(List<Value> ordered, List<Value> results) {
    Map<Value, Value> numbered = new HashMap<>();
    ordered.forEach(value -> numbered.put(value, new Value(numbered.size(), value.type())));
    for (Node node : nodes) {
      node.results()
          .forEach(value -> numbered.put(value, new Value(numbered.size(), value.type())));
    }
    List<Node> renamed = new ArrayList<>();
    for (Node node : nodes) {
      renamed.add(
          new Node(
              node.op(),
              node.operands().stream().map(numbered::get).toList(),
              node.results().stream().map(numbered::get).toList(),
              node.location()));
    }
    return new Body(
        ordered.stream().map(numbered::get).toList(),
        renamed,
        results.stream().map(numbered::get).toList());
  }

  private Value newValue(TensorType type) {
    Value value = new Value(values.size(), type);
    values.add(value);
    return value;
  }

  // Constants and shapes.

  public Value constant(HostTensor tensor) {
    return one(new Constant(tensor));
  }

  public Value scalar(DType dtype, double value) {
    return constant(HostTensor.scalar(dtype, value));
  }

  /** A tensor of a type with every element the same number. */
  public Value filled(TensorType type, double value) {
    return broadcastTo(scalar(type.dtype(), value), type.shape());
  }

  /** A tensor of the type of {@code x} with every element the same number. */
  public Value like(Value x, double value) {
    return filled(x.type(), value);
  }

  /** A tensor that holds each element's index along an axis. */
  public Value iota(TensorType type, int axis) {
    return one(new Iota(type, axis));
  }

  /**
   * Broadcasts to a shape, axes aligned at the last one; the operand itself where it has that
   * shape.
   */
  public Value broadcastTo(Value x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    List<Integer> axes = new ArrayList<>();
    List<Dim> kept = new ArrayList<>();
    int offset = shape.rank() - x.rank();
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean stretched = offset >= 0 && x.dim(axis).is(1) && !shape.dim(axis + offset).is(1);
      if (!stretched) {
        axes.add(axis + offset);
        kept.add(x.dim(axis));
      }
    }
    Value squeezed = kept.size() == x.rank() ? x : reshape(x, new Shape(kept));
    return one(new Broadcast(shape, axes), squeezed);
  }

  /** Broadcasts to a shape; axis {@code i} of the operand becomes axis {@code axes[i]}. */
  public Value broadcast(Value x, Shape shape, List<Integer> axes) {
    return one(new Broadcast(shape, axes), x);
  }

  public Value reshape(Value x, Shape shape) {
    return x.shape().equals(shape) ? x : one(new Reshape(shape), x);
  }

  public Value transpose(Value x, List<Integer> permutation) {
    return one(new Transpose(permutation), x);
  }

  public Value concat(List<Value> parts, int axis) {
    return apply(new Concat(axis), parts).get(0);
  }

  public Value cast(Value x, DType dtype) {
    return x.dtype() == dtype ? x : one(new Cast(dtype), x);
  }

  // Element-wise arithmetic.

  private Value broadcasting(Op op, Value a, Value b) {
    Shape shape = Shape.broadcast(a.shape(), b.shape()).orElse(a.shape());
    boolean fits = Shape.broadcast(a.shape(), b.shape()).isPresent();
    return fits ? one(op, broadcastTo(a, shape), broadcastTo(b, shape)) : one(op, a, b);
  }

  public Value add(Value a, Value b) {
    return broadcasting(new Add(), a, b);
  }

  public Value add(Value a, double b) {
    return add(a, scalar(a.dtype(), b));
  }

  public Value sub(Value a, Value b) {
    return broadcasting(new Sub(), a, b);
  }

  public Value mul(Value a, Value b) {
    return broadcasting(new Mul(), a, b);
  }

  public Value mul(Value a, double b) {
    return mul(a, scalar(a.dtype(), b));
  }

  public Value div(Value a, Value b) {
    return broadcasting(new Div(), a, b);
  }

  public Value pow(Value a, Value b) {
    return broadcasting(new Pow(), a, b);
  }

  public Value max(Value a, Value b) {
    return broadcasting(new Max(), a, b);
  }

  public Value min(Value a, Value b) {
    return broadcasting(new Min(), a, b);
  }

  public Value and(Value a, Value b) {
    return broadcasting(new And(), a, b);
  }

  public Value equal(Value a, Value b) {
    return broadcasting(new Compare(Compare.Direction.EQUAL), a, b);
  }

  public Value less(Value a, Value b) {
    return broadcasting(new Compare(Compare.Direction.LESS), a, b);
  }

  public Value greater(Value a, Value b) {
    return less(b, a);
  }

  /** {@code condition ? a : b}; the three shapes are equal. */
  public Value select(Value condition, Value a, Value b) {
    return one(new Select(), condition, a, b);
  }

  public Value neg(Value x) {
    return one(new Neg(), x);
  }

  public Value abs(Value x) {
    return one(new Abs(), x);
  }

  public Value sign(Value x) {
    return one(new Sign(), x);
  }

  public Value exp(Value x) {
    return one(new Exp(), x);
  }

  public Value log(Value x) {
    return one(new Log(), x);
  }

  public Value sqrt(Value x) {
    return one(new Sqrt(), x);
  }

  public Value rsqrt(Value x) {
    return one(new Rsqrt(), x);
  }

  public Value sin(Value x) {
    return one(new Sin(), x);
  }

  public Value cos(Value x) {
    return one(new Cos(), x);
  }

  public Value tanh(Value x) {
    return one(new Tanh(), x);
  }

  public Value sigmoid(Value x) {
    return one(new Sigmoid(), x);
  }

  public Value isFinite(Value x) {
    return one(new IsFinite(), x);
  }

  /** {@code max(x, 0)}. */
  public Value relu(Value x) {
    return max(x, scalar(x.dtype(), 0));
  }

  // Reductions and contractions.

  /** Reduces the given axes away. */
  public Value reduce(Reduce.Kind kind, Value x, List<Integer> axes) {
    return one(new Reduce(kind, axes), x);
  }

  public Value sum(Value x, List<Integer> axes) {
    return reduce(Reduce.Kind.SUM, x, axes);
  }

  /** The sum of all elements, a scalar. */
  public Value sum(Value x) {
    return sum(x, allAxes(x));
  }

  /** The mean of all elements, a scalar. */
  public Value mean(Value x) {
    return div(sum(x), size(x.shape().count(), x.dtype()));
  }

  /** A size as a scalar tensor. */
  public Value size(Dim dim, DType dtype) {
    return dim.isConstant() ? scalar(dtype, dim.asLong()) : one(new Size(dim, dtype));
  }

  /**
   * {@code exp(x) / sum(exp(x))} along the last axis, computed after subtracting the maximum. The
   * result does not depend on what is subtracted, so that the maximum takes no part in gradients.
   */
  public Value softmax(Value x) {
    List<Integer> last = List.of(x.rank() - 1);
    List<Integer> kept = allAxes(x).subList(0, x.rank() - 1);
    Value largest = one(new StopGradient(), reduce(Reduce.Kind.MAX, x, last));
    Value exponentials = exp(sub(x, broadcast(largest, x.shape(), kept)));
    return div(exponentials, broadcast(sum(exponentials, last), x.shape(), kept));
  }

  /** The matrix product of the last two axes; leading axes are batch axes and equal. */
  public Value matMul(Value a, Value b) {
    int batch = a.rank() - 2;
    List<Integer> batchAxes = allAxes(a).subList(0, Math.max(batch, 0));
    return one(
        new Dot(batchAxes, batchAxes, List.of(a.rank() - 1), List.of(Math.max(b.rank() - 2, 0))),
        a,
        b);
  }

  /** The axes of a tensor in order. */
  public static List<Integer> allAxes(Value x) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      axes.add(axis);
    }
    return axes;
  }

  /**
   * The gradients of a floating-point scalar with respect to values it was made from, in their
   * types; zeros where it does not depend on one. May be applied to gradients again.
   */
  public List<Value> gradient(Value y, List<Value> over) {
    List<Value> operands = new ArrayList<>(over);
    operands.add(0, y);
    return apply(new Gradient(), operands);
  }

  /**
   * The derivative of {@code y} when each of {@code over} moves along its direction: of the type of
   * {@code y}.
   *
   * @param along of the types of {@code over}
   */
  public Value jacobianVectorProduct(Value y, List<Value> over, List<Value> along) {
    List<Value> operands = new ArrayList<>(List.of(y));
    operands.addAll(over);
    operands.addAll(along);
    return apply(new JacobianVectorProduct(over.size()), operands).get(0);
  }

  /**
   * {@code Σ sum(a_i * b_i)} over floating-point values, a scalar of their element type, or of one
   * in which terms of several types can be added; zero for no values. Its gradient with respect to
   * anything is the sum of the transposed Jacobians of the {@code a_i} applied to the {@code b_i}.
   */
  public Value innerProduct(List<Value> a, List<Value> b) {
    List<DType> dtypes = a.stream().map(Value::dtype).distinct().toList();
    DType widest = dtypes.contains(DType.F64) ? DType.F64 : DType.F32;
    DType dtype = dtypes.size() == 1 ? dtypes.get(0) : widest;
    Value sum = scalar(dtype, 0);
    for (int i = 0; i < a.size(); i++) {
      Value product = cast(sum(mul(a.get(i), b.get(i))), dtype);
      sum = i == 0 ? product : add(sum, product);
    }
    return sum;
  }
}
