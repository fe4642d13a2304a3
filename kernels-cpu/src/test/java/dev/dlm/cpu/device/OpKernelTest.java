package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cpu.step.StepKernels;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Attributes;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.EvalContext;
import dev.dlm.op.Op;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import dev.dlm.op.nn.ScaledDotProductAttention;
import dev.dlm.op.nn.ScaledDotProductAttentionGradient;
import dev.dlm.plan.OpKernel;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op as a step of its own, against its reference evaluation. */
class OpKernelTest {
  /** Ops that plans have none of: the compiler replaces them, or plans them as control flow. */
  private static final Set<Class<?>> REPLACED =
      Set.of(JacobianVectorProduct.class, Gradient.class, Scan.class, While.class, Cond.class);

  /** Composite ops with a kernel for some element types. */
  private static final Set<Class<?>> ONE_STEP =
      Set.of(ScaledDotProductAttention.class, ScaledDotProductAttentionGradient.class);

  private static Device device;

  @BeforeAll
  static void open() {
    device = new CpuDeviceProvider().open(new DeviceOptions(2));
  }

  @AfterAll
  static void close() {
    device.close();
  }

  @Test
  void everyOp_hasAKernel() {
    OpCases.evaluable()
        .forEach(one -> {
          Class<? extends Op> type = one.op().getClass();
          assertThat(StepKernels.supports(one.op()))
              .as(type.getSimpleName())
              .isEqualTo(
                  ONE_STEP.contains(type)
                      || (!REPLACED.contains(type) && !CompositeOp.class.isAssignableFrom(type)));
        });
  }

  /** Whether the device has a kernel for what is applied to operands of these types. */
  static boolean isKernel(OpCase one) {
    return !OpCases.isControl(one.op())
        && (!(one.op() instanceof CompositeOp op) || op.isOneStep(one.operands()));
  }

  static Stream<OpCase> cases() {
    return OpCases.evaluable().stream().filter(one -> isKernel(one));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernel_agreesWithTheReference(OpCase one) {
    List<HostTensor> arguments = one.arguments(7);
    List<TensorType> results = resultTypes(one);
    List<HostTensor> expected = one.op().evaluate(new EvalContext(arguments, results));

    List<HostTensor> actual = SingleOp.run(device, new OpKernel(one.op()), arguments, results);

    for (int i = 0; i < expected.size(); i++) {
      assertClose(actual.get(i), expected.get(i));
    }
  }

  private static List<TensorType> resultTypes(OpCase one) {
    BodyBuilder builder = new BodyBuilder();
    List<Value> operands = one.operands().stream().map(builder::parameter).toList();
    return builder.apply(Attributes.substitute(one.op(), Map.of()), operands).stream()
        .map(Value::type)
        .toList();
  }

  /** The cases have at most some hundred terms of magnitude up to ten in one sum. */
  static void assertClose(HostTensor actual, HostTensor expected) {
    double tolerance = 1e3 * unit(expected.dtype());
    for (int i = 0; i < expected.count(); i++) {
      double wanted = expected.doubleAt(i);
      double found = actual.doubleAt(i);
      if (Double.isNaN(wanted) || Double.isInfinite(wanted)) {
        assertThat(Double.compare(found, wanted))
            .as("element %s: %s, expected %s", i, found, wanted)
            .isZero();
      } else {
        assertThat(Math.abs(found - wanted))
            .as("element %s: %s, expected %s", i, found, wanted)
            .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(wanted)));
      }
    }
  }

  private static double unit(DType dtype) {
    return switch (dtype) {
      case F64 -> 0x1p-53;
      case F32 -> 0x1p-24;
      case F16 -> 0x1p-17;
      case BF16 -> 0x1p-14;
      case I64, I32, I8, U8, BOOL -> 0;
    };
  }
}
