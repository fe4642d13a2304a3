package dev.dlm.dsl.elaborate;

import dev.dlm.ir.DType;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.math.Abs;
import dev.dlm.op.math.Acos;
import dev.dlm.op.math.And;
import dev.dlm.op.math.Asin;
import dev.dlm.op.math.Atan;
import dev.dlm.op.math.Atan2;
import dev.dlm.op.math.Cast;
import dev.dlm.op.math.Ceil;
import dev.dlm.op.math.Clamp;
import dev.dlm.op.math.Cos;
import dev.dlm.op.math.Cosh;
import dev.dlm.op.math.Dequantize;
import dev.dlm.op.math.Erf;
import dev.dlm.op.math.Exp;
import dev.dlm.op.math.Expm1;
import dev.dlm.op.math.Floor;
import dev.dlm.op.math.IsFinite;
import dev.dlm.op.math.IsNan;
import dev.dlm.op.math.Log;
import dev.dlm.op.math.Log1p;
import dev.dlm.op.math.Max;
import dev.dlm.op.math.Min;
import dev.dlm.op.math.Not;
import dev.dlm.op.math.Or;
import dev.dlm.op.math.Quantize;
import dev.dlm.op.math.Round;
import dev.dlm.op.math.Rsqrt;
import dev.dlm.op.math.Select;
import dev.dlm.op.math.ShiftLeft;
import dev.dlm.op.math.ShiftRight;
import dev.dlm.op.math.Sigmoid;
import dev.dlm.op.math.Sign;
import dev.dlm.op.math.Sin;
import dev.dlm.op.math.Sinh;
import dev.dlm.op.math.Sqrt;
import dev.dlm.op.math.Tan;
import dev.dlm.op.math.Tanh;
import dev.dlm.op.math.Xor;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Functions of each element, and on construction numbers. */
final class ElementwisePrimitives {
  private ElementwisePrimitives() {}

  static void define() {
    unary("abs", new Abs(), Math::abs);
    unary("acos", new Acos(), StrictMath::acos);
    unary("asin", new Asin(), StrictMath::asin);
    unary("atan", new Atan(), StrictMath::atan);
    unary("ceil", new Ceil(), Math::ceil);
    unary("cos", new Cos(), StrictMath::cos);
    unary("cosh", new Cosh(), StrictMath::cosh);
    unary("exp", new Exp(), StrictMath::exp);
    unary("expm1", new Expm1(), StrictMath::expm1);
    unary("floor", new Floor(), Math::floor);
    unary("log", new Log(), StrictMath::log);
    unary("log1p", new Log1p(), StrictMath::log1p);
    unary("round", new Round(), Math::rint);
    unary("rsqrt", new Rsqrt(), x -> 1 / Math.sqrt(x));
    unary("sigmoid", new Sigmoid(), x -> 1 / (1 + StrictMath.exp(-x)));
    unary("sign", new Sign(), Math::signum);
    unary("sin", new Sin(), StrictMath::sin);
    unary("sinh", new Sinh(), StrictMath::sinh);
    unary("sqrt", new Sqrt(), Math::sqrt);
    unary("tan", new Tan(), StrictMath::tan);
    unary("tanh", new Tanh(), StrictMath::tanh);
    Primitives.define("erf", "x", call -> one(call, new Erf()));
    Primitives.define("is_finite", "x", call -> one(call, new IsFinite()));
    Primitives.define("is_nan", "x", call -> one(call, new IsNan()));
    binary("atan2", new Atan2(), StrictMath::atan2);
    binary("maximum", new Max(), Math::max);
    binary("minimum", new Min(), Math::min);
    Primitives.define("bit_and", "a, b", call -> two(call, new And()));
    Primitives.define("bit_not", "x", call -> one(call, new Not()));
    Primitives.define("bit_or", "a, b", call -> two(call, new Or()));
    Primitives.define("bit_xor", "a, b", call -> two(call, new Xor()));
    Primitives.define("shift_left", "a, b", call -> two(call, new ShiftLeft()));
    Primitives.define("shift_right", "a, b", call -> two(call, new ShiftRight()));
    Primitives.define("cast", "x, dtype", ElementwisePrimitives::cast);
    Primitives.define("clamp", "x, low, high", ElementwisePrimitives::clamp);
    Primitives.define("quantize", "x, scale, zero, dtype?, axis?", ElementwisePrimitives::quantize);
    Primitives.define("dequantize", "x, scale, zero, axis?", ElementwisePrimitives::dequantize);
    Primitives.define("select", "condition, a, b", ElementwisePrimitives::select);
  }

  private static void unary(String name, Op op, DoubleUnaryOperator onNumbers) {
    Primitives.define(
        name,
        "x",
        call -> {
          Optional<Double> number = number(call.meaning("x"));
          return number.isPresent()
              ? new Meaning.Real(onNumbers.applyAsDouble(number.get()))
              : one(call, op);
        });
  }

  private static Meaning one(PrimitiveCall call, Op op) {
    Value x = call.tensor("x");
    return call.make(() -> call.body().one(op, x));
  }

  private static void binary(String name, Op op, DoubleBinaryOperator onNumbers) {
    Primitives.define(
        name,
        "a, b",
        call -> {
          Optional<Double> a = number(call.meaning("a"));
          Optional<Double> b = number(call.meaning("b"));
          if (a.isEmpty() || b.isEmpty()) {
            return two(call, op);
          }
          double result = onNumbers.applyAsDouble(a.get(), b.get());
          boolean whole =
              call.meaning("a") instanceof Meaning.Size
                  && call.meaning("b") instanceof Meaning.Size;
          return whole ? Meaning.Size.of((long) result) : new Meaning.Real(result);
        });
  }

  private static Meaning two(PrimitiveCall call, Op op) {
    boolean leftIsTensor = call.meaning("a") instanceof Meaning.Tensor;
    Value first = call.tensor(leftIsTensor ? "a" : "b");
    Value second = call.tensor(leftIsTensor ? "b" : "a", Optional.of(first.dtype()));
    Value a = leftIsTensor ? first : second;
    Value b = leftIsTensor ? second : first;
    return call.make(() -> new Operators(call.frame()).broadcasting(op, a, b));
  }

  private static Meaning cast(PrimitiveCall call) {
    DType dtype = call.dtype("dtype", DType.F32);
    if (Tensors.isNumber(call.meaning("x"))) {
      boolean truth = call.meaning("x") instanceof Meaning.Truth;
      Value x = call.tensor("x", truth ? Optional.of(DType.BOOL) : Optional.of(dtype));
      return call.make(() -> call.body().cast(x, dtype));
    }
    Value x = call.tensor("x");
    return call.make(() -> x.dtype() == dtype ? x : call.body().one(new Cast(dtype), x));
  }

  private static Meaning select(PrimitiveCall call) {
    Value condition = call.tensor("condition");
    boolean leftIsTensor = call.meaning("a") instanceof Meaning.Tensor;
    Value first = call.tensor(leftIsTensor ? "a" : "b");
    Value second = call.tensor(leftIsTensor ? "b" : "a", Optional.of(first.dtype()));
    Optional<Shape> values = Shape.broadcast(first.shape(), second.shape());
    Optional<Shape> shape = values.flatMap(s -> Shape.broadcast(s, condition.shape()));
    if (shape.isEmpty()) {
      throw call.problem("shape-mismatch", "shapes do not fit");
    }
    return call.make(() -> {
      Value a = call.body().broadcastTo(leftIsTensor ? first : second, shape.get());
      Value b = call.body().broadcastTo(leftIsTensor ? second : first, shape.get());
      return call.body().one(new Select(), call.body().broadcastTo(condition, shape.get()), a, b);
    });
  }

  private static Meaning quantize(PrimitiveCall call) {
    Value x = call.tensor("x");
    DType dtype = call.dtype("dtype", DType.I8);
    Value scale = call.tensor("scale", Optional.of(x.dtype()));
    Value zero = call.tensor("zero", Optional.of(dtype));
    Op op = new Quantize(dtype, quantizedAxis(call, x));
    return call.make(() -> call.body().one(op, x, scale, zero));
  }

  private static Meaning dequantize(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value scale = call.tensor("scale", Optional.of(DType.F32));
    Value zero = call.tensor("zero", Optional.of(x.dtype()));
    Op op = new Dequantize(quantizedAxis(call, x));
    return call.make(() -> call.body().one(op, x, scale, zero));
  }

  private static int quantizedAxis(PrimitiveCall call, Value x) {
    return call.has("axis") ? call.axis("axis", x.rank(), 0) : Quantize.WHOLE;
  }

  private static Meaning clamp(PrimitiveCall call) {
    Optional<Double> x = number(call.meaning("x"));
    Optional<Double> least = number(call.meaning("low"));
    Optional<Double> most = number(call.meaning("high"));
    if (x.isPresent() && least.isPresent() && most.isPresent()) {
      return new Meaning.Real(Math.min(Math.max(x.get(), least.get()), most.get()));
    }
    Value value = call.tensor("x");
    Value low = call.tensor("low", Optional.of(value.dtype()));
    Value high = call.tensor("high", Optional.of(value.dtype()));
    Optional<Shape> bounds = Shape.broadcast(low.shape(), high.shape());
    Optional<Shape> shape = bounds.flatMap(s -> Shape.broadcast(s, value.shape()));
    if (shape.isEmpty()) {
      throw call.problem("shape-mismatch", "shapes do not fit");
    }
    return call.make(() -> {
      Value from = call.body().broadcastTo(low, shape.get());
      Value to = call.body().broadcastTo(high, shape.get());
      return call.body().one(new Clamp(), call.body().broadcastTo(value, shape.get()), from, to);
    });
  }

  /** A construction number, as far as it is one. */
  static Optional<Double> number(Meaning meaning) {
    if (meaning instanceof Meaning.Real real) {
      return Optional.of(real.value());
    }
    if (meaning instanceof Meaning.Size size) {
      return size.dim().constant().map(Long::doubleValue);
    }
    return Optional.empty();
  }
}
