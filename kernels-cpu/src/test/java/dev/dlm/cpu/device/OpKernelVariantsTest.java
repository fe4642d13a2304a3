package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.EvalContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.plan.OpKernel;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue's cases beyond themselves: in every element type that an op takes, in sizes around
 * those of vectors, and with numbers that are none.
 */
class OpKernelVariantsTest {
  /** None, one, around the lanes of each vector width, a prime, more than one block of columns. */
  private static final long[] SIZES = {0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 997, 20_011};

  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0, 0x1p-140, 1
  };

  private static Device device;

  @BeforeAll
  static void open() {
    device = new CpuDeviceProvider().open(new DeviceOptions(2));
  }

  @AfterAll
  static void close() {
    device.close();
  }

  private static List<OpCase> cases() {
    return OpCases.evaluable().stream().filter(one -> OpKernelTest.isKernel(one)).toList();
  }

  /** Each distinct case with one of its element types exchanged, where inference accepts it. */
  static Stream<OpCase> dtypeVariants() {
    Map<String, OpCase> variants = new LinkedHashMap<>();
    for (OpCase one : cases()) {
      for (TensorType operand : one.operands()) {
        for (DType dtype : DType.values()) {
          OpCase variant = exchanged(one, operand.dtype(), dtype);
          if (results(variant).isPresent() && OpKernelTest.isKernel(variant)) {
            variants.putIfAbsent(variant.toString(), variant);
          }
        }
      }
    }
    cases().forEach(one -> variants.remove(one.toString()));
    return variants.values().stream();
  }

  private static OpCase exchanged(OpCase one, DType from, DType to) {
    List<TensorType> operands =
        one.operands().stream()
            .map(type -> type.dtype() == from ? type.withDType(to) : type)
            .toList();
    return new OpCase(one.op(), operands, one.domains(), Optional.empty());
  }

  private static Optional<List<TensorType>> results(OpCase one) {
    try {
      return Optional.of(new InferContext(one.op(), one.operands(), Location.UNKNOWN).infer());
    } catch (GraphException e) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @MethodSource("dtypeVariants")
  void kernel_agreesWithTheReferenceInOtherElementTypes(OpCase one) {
    check(one, one.arguments(3));
  }

  @Test
  void dtypeVariants_areMany() {
    assertThat(dtypeVariants()).hasSizeGreaterThan(200);
  }

  /** One element-wise op of each kind and type, of vectors of each size. */
  static Stream<OpCase> sizeVariants() {
    Map<String, OpCase> variants = new LinkedHashMap<>();
    for (OpCase one : cases()) {
      boolean isMap = one.op() instanceof ElementwiseOp && one.operands().get(0).rank() == 2;
      for (long size : isMap ? SIZES : new long[0]) {
        List<TensorType> operands =
            one.operands().stream().map(type -> TensorType.of(type.dtype(), size)).toList();
        OpCase variant = new OpCase(one.op(), operands, one.domains(), one.violated());
        variants.putIfAbsent(variant.toString(), variant);
      }
    }
    return variants.values().stream();
  }

  @Test
  void kernel_agreesWithTheReferenceInManySizes() {
    sizeVariants().forEach(one -> check(one, one.arguments(4)));
    assertThat(sizeVariants()).hasSizeGreaterThan(1000);
  }

  /**
   * Convolutions are left out: their padding may take part as zeros, and zero times infinity is no
   * number.
   */
  static Stream<OpCase> floatCases() {
    Set<Class<? extends Op>> convolutions =
        Set.of(Convolution.class, ConvolutionInputGradient.class, ConvolutionKernelGradient.class);
    return cases().stream()
        .filter(one -> !convolutions.contains(one.op().getClass()))
        .filter(one -> one.operands().stream().anyMatch(type -> type.dtype().isFloat()));
  }

  /** Every seventh element or so becomes a special number. */
  @ParameterizedTest
  @MethodSource("floatCases")
  void kernel_agreesWithTheReferenceOnSpecialNumbers(OpCase one) {
    for (int special = 0; special < SPECIAL.length; special++) {
      List<HostTensor> arguments = new ArrayList<>();
      for (HostTensor argument : one.arguments(5)) {
        int first = arguments.size() + special;
        double value = SPECIAL[special];
        arguments.add(
            argument.dtype().isFloat()
                ? HostTensor.ofDoubles(
                    argument.type(), i -> (i + first) % 7 == 0 ? value : argument.doubleAt(i))
                : argument);
      }
      check(one, arguments);
    }
  }

  private static void check(OpCase one, List<HostTensor> arguments) {
    Op op = one.op();
    List<TensorType> types = results(one).orElseThrow();
    List<HostTensor> expected = op.evaluate(new EvalContext(arguments, types));
    List<HostTensor> actual = SingleOp.run(device, new OpKernel(op), arguments, types);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).type()).as("%s", one).isEqualTo(expected.get(i).type());
      OpKernelTest.assertClose(actual.get(i), expected.get(i));
    }
  }
}
