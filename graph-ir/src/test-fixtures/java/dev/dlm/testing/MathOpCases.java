package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.math.Abs;
import dev.dlm.op.math.Acos;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.And;
import dev.dlm.op.math.Asin;
import dev.dlm.op.math.Atan;
import dev.dlm.op.math.Atan2;
import dev.dlm.op.math.Cast;
import dev.dlm.op.math.Ceil;
import dev.dlm.op.math.Clamp;
import dev.dlm.op.math.Compare;
import dev.dlm.op.math.Cos;
import dev.dlm.op.math.Cosh;
import dev.dlm.op.math.Div;
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
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Neg;
import dev.dlm.op.math.Not;
import dev.dlm.op.math.Or;
import dev.dlm.op.math.Pow;
import dev.dlm.op.math.Rem;
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
import dev.dlm.op.math.Sub;
import dev.dlm.op.math.Tan;
import dev.dlm.op.math.Tanh;
import dev.dlm.op.math.Xor;
import dev.dlm.testing.OpCase.Domain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The element-wise ops. */
final class MathOpCases {
  private static final Set<DType> FLOATS = EnumSet.of(DType.F64, DType.F32, DType.BF16, DType.F16);
  private static final Set<DType> INTEGERS = EnumSet.of(DType.I64, DType.I32, DType.I8, DType.U8);
  private static final Set<DType> NUMBERS = EnumSet.complementOf(EnumSet.of(DType.BOOL));
  private static final Set<DType> LOGICAL = EnumSet.complementOf(EnumSet.copyOf(FLOATS));
  private static final long[][] SHAPES = {{}, {1}, {17}, {0, 3}};

  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    return new MathOpCases().collect();
  }

  private List<OpCase> collect() {
    for (Op op : List.of(new Tanh(), new Sin(), new Cos(), new Exp(), new Expm1(), new Erf())) {
      map(op, 1, FLOATS, Domain.ANY);
    }
    for (Op op : List.of(new Sinh(), new Cosh(), new Atan(), new IsNan())) {
      map(op, 1, FLOATS, Domain.ANY);
    }
    for (Op op : List.of(new Tan(), new Asin(), new Acos())) {
      map(op, 1, FLOATS, Domain.INSIDE_UNIT);
    }
    map(new Sigmoid(), 1, FLOATS, Domain.ANY);
    map(new IsFinite(), 1, FLOATS, Domain.ANY);
    for (Op op : List.of(new Floor(), new Ceil(), new Round())) {
      map(op, 1, FLOATS, Domain.BETWEEN_INTEGERS);
    }
    for (Op op : List.of(new Log(), new Log1p(), new Sqrt(), new Rsqrt())) {
      map(op, 1, FLOATS, Domain.POSITIVE);
    }
    map(new Neg(), 1, NUMBERS, Domain.ANY);
    map(new Abs(), 1, NUMBERS, Domain.NOT_ZERO);
    map(new Sign(), 1, NUMBERS, Domain.NOT_ZERO);
    map(new Not(), 1, LOGICAL, Domain.ANY);
    for (Op op : List.of(new Add(), new Sub(), new Mul(), new Max(), new Min())) {
      map(op, 2, NUMBERS, Domain.ANY);
    }
    map(new Atan2(), 2, FLOATS, Domain.NOT_ZERO);
    map(new Clamp(), 3, NUMBERS, Domain.ANY);
    map(new Div(), 2, NUMBERS, Domain.NOT_ZERO);
    map(new Rem(), 2, NUMBERS, Domain.POSITIVE);
    map(new Pow(), 2, NUMBERS, Domain.POSITIVE);
    for (Op op : List.of(new And(), new Or(), new Xor())) {
      map(op, 2, LOGICAL, Domain.ANY);
    }
    map(new ShiftLeft(), 2, INTEGERS, Domain.POSITIVE);
    map(new ShiftRight(), 2, INTEGERS, Domain.POSITIVE);
    compare();
    select();
    cast();
    return cases;
  }

  /** Every element type, a few shapes, and the three constraints. */
  private void map(Op op, int arity, Set<DType> dtypes, Domain domain) {
    for (DType dtype : DType.values()) {
      if (dtypes.contains(dtype)) {
        cases.add(OpCase.works(op, domain, repeated(TensorType.of(dtype, 3, 5), arity)));
      } else {
        cases.add(OpCase.fails("C3", op, repeated(TensorType.of(dtype, 3, 5), arity)));
      }
    }
    DType first = dtypes.iterator().next();
    for (long[] sizes : SHAPES) {
      cases.add(OpCase.works(op, domain, repeated(TensorType.of(first, sizes), arity)));
    }
    TensorType type = TensorType.of(first, 2);
    cases.add(OpCase.fails("C1", op, repeated(type, arity + 1)));
    cases.add(OpCase.fails("C1", op));
    DType other = first == DType.I32 ? DType.I64 : DType.I32;
    for (int odd = 1; odd < arity; odd++) {
      cases.add(OpCase.fails("C2", op, except(type, arity, odd, TensorType.of(first, 3))));
      cases.add(OpCase.fails("C2", op, except(type, arity, odd, TensorType.of(first, 2, 1))));
      cases.add(OpCase.fails("C3", op, except(type, arity, odd, TensorType.of(other, 2))));
    }
  }

  private void compare() {
    for (Compare.Direction direction : Compare.Direction.values()) {
      boolean ordered =
          direction == Compare.Direction.LESS || direction == Compare.Direction.LESS_OR_EQUAL;
      map(new Compare(direction), 2, ordered ? NUMBERS : EnumSet.allOf(DType.class), Domain.ANY);
    }
  }

  private void select() {
    TensorType condition = TensorType.of(DType.BOOL, 3, 5);
    for (DType dtype : DType.values()) {
      TensorType type = TensorType.of(dtype, 3, 5);
      cases.add(OpCase.works(new Select(), condition, type, type));
    }
    TensorType type = TensorType.of(DType.F32, 3, 5);
    cases.add(OpCase.fails("C1", new Select(), condition, type));
    cases.add(OpCase.fails("C2", new Select(), condition, type, TensorType.of(DType.F32, 5, 3)));
    cases.add(OpCase.fails("C3", new Select(), type, type, type));
    cases.add(OpCase.fails("C3", new Select(), condition, type, TensorType.of(DType.F64, 3, 5)));
  }

  private void cast() {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        Domain domain = to == DType.U8 ? Domain.POSITIVE : Domain.ANY;
        cases.add(OpCase.works(new Cast(to), domain, TensorType.of(from, 3, 5)));
      }
    }
    TensorType type = TensorType.of(DType.F32, 2);
    cases.add(OpCase.fails("C1", new Cast(DType.F64), type, type));
  }

  private static TensorType[] except(TensorType type, int count, int odd, TensorType other) {
    TensorType[] types = repeated(type, count);
    types[odd] = other;
    return types;
  }

  private static TensorType[] repeated(TensorType type, int count) {
    return Collections.nCopies(count, type).toArray(TensorType[]::new);
  }
}
