package dev.dlm.op;

import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.DynamicSlice;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.op.array.OneHot;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Scatter;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
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
import dev.dlm.op.math.Dequantize;
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
import dev.dlm.op.math.Quantize;
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
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import dev.dlm.op.meta.Region;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.ScaledDotProductAttention;
import dev.dlm.op.nn.ScaledDotProductAttentionGradient;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.random.RandomBits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The ops that come with the project. */
public final class BuiltinOps implements OpProvider {
  private static final List<Class<? extends Op>> MATH =
      List.of(
          Abs.class,
          Acos.class,
          Add.class,
          And.class,
          Asin.class,
          Atan.class,
          Atan2.class,
          Cast.class,
          Ceil.class,
          Clamp.class,
          Compare.class,
          Cos.class,
          Cosh.class,
          Dequantize.class,
          Div.class,
          Erf.class,
          Exp.class,
          Expm1.class,
          Floor.class,
          IsFinite.class,
          IsNan.class,
          Log.class,
          Log1p.class,
          Max.class,
          Min.class,
          Mul.class,
          Neg.class,
          Not.class,
          Or.class,
          Pow.class,
          Quantize.class,
          Rem.class,
          Round.class,
          Rsqrt.class,
          Select.class,
          ShiftLeft.class,
          ShiftRight.class,
          Sigmoid.class,
          Sign.class,
          Sin.class,
          Sinh.class,
          Sqrt.class,
          Sub.class,
          Tan.class,
          Tanh.class,
          Xor.class);
  private static final List<Class<? extends Op>> ARRAY =
      List.of(
          ArgReduce.class,
          Broadcast.class,
          Concat.class,
          Constant.class,
          Cumulative.class,
          DynamicSlice.class,
          DynamicUpdateSlice.class,
          Gather.class,
          Iota.class,
          LinearRecurrence.class,
          OneHot.class,
          Pad.class,
          Reduce.class,
          Reshape.class,
          Reverse.class,
          Scatter.class,
          Size.class,
          Slice.class,
          Sort.class,
          TopK.class,
          Transpose.class);
  private static final List<Class<? extends Op>> CONTROL =
      List.of(Cond.class, Scan.class, While.class);
  private static final List<Class<? extends Op>> OTHER =
      List.of(
          Convolution.class,
          ConvolutionInputGradient.class,
          ConvolutionKernelGradient.class,
          Dot.class,
          ReduceWindow.class,
          ScaledDotProductAttention.class,
          ScaledDotProductAttentionGradient.class,
          SelectAndGather.class,
          SelectAndScatter.class,
          RandomBits.class,
          Gradient.class,
          JacobianVectorProduct.class,
          Region.class,
          StopGradient.class);

  @Override
  public List<Class<? extends Op>> ops() {
    List<Class<? extends Op>> ops = new ArrayList<>(MATH);
    ops.addAll(ARRAY);
    ops.addAll(CONTROL);
    ops.addAll(OTHER);
    return Collections.unmodifiableList(ops);
  }
}
