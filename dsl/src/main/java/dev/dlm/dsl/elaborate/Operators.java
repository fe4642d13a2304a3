package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Expression.BinaryOperator;
import dev.dlm.ir.DType;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.And;
import dev.dlm.op.math.Compare;
import dev.dlm.op.math.Div;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Neg;
import dev.dlm.op.math.Not;
import dev.dlm.op.math.Or;
import dev.dlm.op.math.Pow;
import dev.dlm.op.math.Rem;
import dev.dlm.op.math.Sub;
import dev.dlm.op.nn.Dot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The meaning of operators: arithmetic on construction values, nodes on tensors. */
final class Operators {
  private final Frame frame;
  private final Tensors tensors;

  Operators(Frame frame) {
    this.frame = frame;
    this.tensors = new Tensors(frame);
  }

  Meaning unary(Expression.Unary expression, Meaning operand) {
    boolean negate = expression.operator() == Expression.UnaryOperator.NEGATE;
    if (operand instanceof Meaning.Tensor tensor) {
      if (!negate && tensor.value().dtype() != DType.BOOL) {
        throw frame.problem(
            "dtype-mismatch",
            "'not' takes bool, not " + tensor.value().type() + "; bit_not turns bits over",
            expression.span());
      }
      Op op = negate ? new Neg() : new Not();
      return tensors.make(
          "'" + expression.operator().symbol() + "'",
          expression.span(),
          List.of(Tensors.Operand.of(expression.operand(), "the operand", tensor)),
          () -> tensors.body().one(op, tensor.value()));
    }
    if (negate && operand instanceof Meaning.Size size) {
      return new Meaning.Size(size.dim().times(-1));
    }
    if (negate && operand instanceof Meaning.Real real) {
      return new Meaning.Real(-real.value());
    }
    if (!negate && operand instanceof Meaning.Truth truth) {
      return new Meaning.Truth(!truth.value());
    }
    throw frame.problem(
        "type-mismatch",
        "'" + expression.operator().symbol() + "' does not apply to " + operand.kind(),
        expression.span());
  }

  Meaning binary(Expression.Binary expression, Meaning left, Meaning right) {
    if (left instanceof Meaning.Tensor || right instanceof Meaning.Tensor) {
      return onTensors(expression, left, right);
    }
    return Arithmetic.apply(frame, expression, left, right);
  }

  private Meaning onTensors(Expression.Binary expression, Meaning left, Meaning right) {
    Meaning.Tensor a = operand(expression, expression.left(), left, right);
    Meaning.Tensor b = operand(expression, expression.right(), right, left);
    List<Tensors.Operand> operands =
        List.of(
            Tensors.Operand.of(expression.left(), "the left operand", a),
            Tensors.Operand.of(expression.right(), "the right operand", b));
    if (a.value().dtype() != b.value().dtype()) {
      throw tensors.mismatch(
          "dtype-mismatch",
          "operands of '"
              + expression.operator().symbol()
              + "' have different element types: "
              + a.value().dtype()
              + " and "
              + b.value().dtype(),
          expression.span(),
          operands,
          Optional.of("cast(x, " + a.value().dtype() + ") changes the element type"));
    }
    if (expression.operator() == BinaryOperator.MATRIX_PRODUCT) {
      return matrixProduct(expression, a, b, operands);
    }
    checkShapes(expression, a, b, operands);
    return tensors.make(
        "'" + expression.operator().symbol() + "'",
        expression.span(),
        operands,
        () -> elementwise(expression.operator(), a.value(), b.value()));
  }

  private Meaning.Tensor operand(
      Expression.Binary expression, Expression side, Meaning value, Meaning other) {
    if (value instanceof Meaning.Tensor tensor) {
      return tensor;
    }
    if (Tensors.isNumber(value) && other instanceof Meaning.Tensor tensor) {
      return tensors.make(
          "a number",
          side.span(),
          List.of(),
          () -> tensors.scalar(value, tensor.value().dtype(), side.span()));
    }
    if (value instanceof Meaning.Sequence && other instanceof Meaning.Tensor tensor) {
      return tensors.tensor(
          value,
          Optional.of(tensor.value().dtype()),
          "'" + expression.operator().symbol() + "'",
          side.span());
    }
    throw frame.problem(
        "type-mismatch",
        "'"
            + expression.operator().symbol()
            + "' does not apply to "
            + value.kind()
            + " and "
            + other.kind(),
        expression.span());
  }

  private void checkShapes(
      Expression.Binary expression,
      Meaning.Tensor a,
      Meaning.Tensor b,
      List<Tensors.Operand> operands) {
    Shape left = a.value().shape();
    Shape right = b.value().shape();
    boolean open = left.rank() == right.rank();
    for (int axis = 0; open && axis < left.rank(); axis++) {
      boolean one = left.dim(axis).is(1) || right.dim(axis).is(1);
      boolean decided = left.dim(axis).minus(right.dim(axis)).isConstant();
      open = one || !decided || left.dim(axis).equals(right.dim(axis));
    }
    if (!open && Shape.broadcast(left, right).isEmpty()) {
      throw tensors.mismatch(
          "shape-mismatch",
          "operands of '"
              + expression.operator().symbol()
              + "' have shapes that do not fit: "
              + left
              + " and "
              + right,
          expression.span(),
          operands,
          Optional.empty());
    }
  }

  private Value elementwise(BinaryOperator operator, Value a, Value b) {
    return switch (operator) {
      case PLUS -> broadcasting(new Add(), a, b);
      case MINUS -> broadcasting(new Sub(), a, b);
      case TIMES -> broadcasting(new Mul(), a, b);
      case DIVIDE -> broadcasting(new Div(), a, b);
      case REMAINDER -> broadcasting(new Rem(), a, b);
      case POWER -> broadcasting(new Pow(), a, b);
      case EQUAL -> broadcasting(new Compare(Compare.Direction.EQUAL), a, b);
      case NOT_EQUAL -> broadcasting(new Compare(Compare.Direction.NOT_EQUAL), a, b);
      case LESS -> broadcasting(new Compare(Compare.Direction.LESS), a, b);
      case LESS_OR_EQUAL -> broadcasting(new Compare(Compare.Direction.LESS_OR_EQUAL), a, b);
      case GREATER -> broadcasting(new Compare(Compare.Direction.LESS), b, a);
      case GREATER_OR_EQUAL -> broadcasting(new Compare(Compare.Direction.LESS_OR_EQUAL), b, a);
      case AND -> broadcasting(new And(), a, b);
      case OR -> broadcasting(new Or(), a, b);
      case MATRIX_PRODUCT -> throw new IllegalStateException("not an element-wise operator");
    };
  }

  /** Applies an element-wise op to operands brought to one shape. */
  Value broadcasting(Op op, Value a, Value b) {
    Optional<Shape> shape = Shape.broadcast(a.shape(), b.shape());
    if (shape.isEmpty()) {
      return tensors.body().one(op, a, b);
    }
    Value left = tensors.body().broadcastTo(a, shape.get());
    return tensors.body().one(op, left, tensors.body().broadcastTo(b, shape.get()));
  }

  /** {@code [..., K] @ [K, N]}, or with equal leading axes on both sides. */
  private Meaning matrixProduct(
      Expression.Binary expression,
      Meaning.Tensor a,
      Meaning.Tensor b,
      List<Tensors.Operand> operands) {
    Value left = a.value();
    Value right = b.value();
    if (left.rank() == 0 || right.rank() == 0) {
      throw tensors.mismatch(
          "shape-mismatch",
          "'@' takes vectors and matrices",
          expression.span(),
          operands,
          Optional.empty());
    }
    if (left.dtype() == DType.BOOL) {
      throw tensors.mismatch(
          "dtype-mismatch",
          "'@' takes numbers, not bool",
          expression.span(),
          operands,
          Optional.empty());
    }
    int contractedRight = Math.max(right.rank() - 2, 0);
    List<Integer> batch = new ArrayList<>();
    for (int axis = 0; axis < right.rank() - 2; axis++) {
      batch.add(axis);
    }
    boolean batchFits = right.rank() <= 2 || left.rank() >= right.rank() - 1;
    boolean innerDiffers =
        left.dim(left.rank() - 1).minus(right.dim(contractedRight)).isConstant()
            && !left.dim(left.rank() - 1).equals(right.dim(contractedRight));
    if (innerDiffers || !batchFits) {
      String message =
          innerDiffers
              ? "inner dimensions differ: "
                  + left.dim(left.rank() - 1)
                  + " and "
                  + right.dim(contractedRight)
              : "the right operand of '@' has more leading axes than the left one";
      throw tensors.mismatch(
          "shape-mismatch", message, expression.span(), operands, Optional.empty());
    }
    Op dot = new Dot(batch, batch, List.of(left.rank() - 1), List.of(contractedRight));
    return tensors.make(
        "'@'", expression.span(), operands, () -> tensors.body().one(dot, left, right));
  }
}
