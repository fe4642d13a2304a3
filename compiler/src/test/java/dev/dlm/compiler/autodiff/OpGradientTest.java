package dev.dlm.compiler.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Attributes;
import dev.dlm.op.Op;
import dev.dlm.op.OpRegistry;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.math.Rem;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.reference.Interpreter;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient rule of each op against central differences in {@code f64} along one random
 * direction, and the rule's own gradient again.
 */
class OpGradientTest {
  /**
   * With this step, truncation costs {@code h² f''' / 6 ≈ 2e-9} for third derivatives up to 100,
   * and rounding {@code 2⁻⁵³ |f| / h ≈ 1e-10} for values up to 100.
   */
  private static final double STEP = 1e-5;

  /** Fifty times what the step explains; wrong rules are wrong by far more. */
  private static final double TOLERANCE = 1e-7;

  /** Ops without a floating-point operand that a floating-point result depends on. */
  private static final Set<String> WITHOUT_GRADIENT =
      Set.of(
          "and",
          "arg_reduce",
          "compare",
          "constant",
          "gradient",
          "iota",
          "is_finite",
          "is_nan",
          "jacobian_vector_product",
          "not",
          "one_hot",
          "or",
          "quantize",
          "random_bits",
          "shift_left",
          "shift_right",
          "size",
          "stop_gradient",
          "xor");

  /** A scalar function of operands of an op: the sum of the results, weighted. */
  private record Function(Body body, List<HostTensor> fixed) {
    double at(List<HostTensor> operands) {
      return results(operands).get(0).doubleAt(0);
    }

    List<HostTensor> results(List<HostTensor> operands) {
      List<HostTensor> arguments = new ArrayList<>(operands);
      arguments.addAll(fixed);
      return Interpreter.evaluate(body, arguments);
    }
  }

  /** The catalogue's cases with a floating-point result of floating-point operands, in f64. */
  static Stream<OpCase> cases() {
    Map<String, OpCase> distinct = new LinkedHashMap<>();
    for (OpCase one : OpCases.evaluable()) {
      List<TensorType> operands = fixesTypes(one.op()) ? one.operands() : widened(one.operands());
      OpCase wide = new OpCase(one.op(), operands, one.domains(), one.violated());
      boolean suits =
          operands.stream().anyMatch(type -> type.dtype() == DType.F64)
              && operands.equals(widened(operands))
              && !(one.op() instanceof StopGradient)
              && !isExtremeOfNothing(wide)
              && resultOf(wide).dtype() == DType.F64;
      if (suits) {
        distinct.putIfAbsent(wide.toString(), wide);
      }
    }
    return distinct.values().stream();
  }

  /** Whether the op takes operands of certain types alone: those of a body that it holds. */
  private static boolean fixesTypes(Op op) {
    return Attributes.valuesOf((Record) op).stream().anyMatch(Body.class::isInstance);
  }

  private static List<TensorType> widened(List<TensorType> types) {
    return types.stream()
        .map(type -> type.dtype().isFloat() ? type.withDType(DType.F64) : type)
        .toList();
  }

  /** The case's operands from the first seed that keeps remainders away from their jumps. */
  private static List<HostTensor> operandsOf(OpCase one, long seed) {
    List<HostTensor> operands = one.arguments(seed);
    return one.op() instanceof Rem && isNearAJump(operands) ? operandsOf(one, seed + 1) : operands;
  }

  private static boolean isNearAJump(List<HostTensor> operands) {
    return IntStream.range(0, operands.get(0).count())
        .mapToDouble(i -> operands.get(0).doubleAt(i) / operands.get(1).doubleAt(i))
        .anyMatch(quotient -> Math.abs(quotient - Math.rint(quotient)) < 100 * STEP);
  }

  /** Whether the result is infinite wherever it is evaluated: the extreme of no elements. */
  private static boolean isExtremeOfNothing(OpCase one) {
    return one.op() instanceof Reduce reduce
        && reduce.kind() != Reduce.Kind.SUM
        && one.operands().get(0).shape().count().is(0);
  }

  private static TensorType resultOf(OpCase one) {
    BodyBuilder b = new BodyBuilder();
    return b.apply(one.op(), one.operands().stream().map(b::parameter).toList()).get(0).type();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientRule_agreesWithDifferences(OpCase one) {
    List<HostTensor> operands = operandsOf(one, 1);
    assertGradient(function(one, 1), operands);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientRule_isItselfDifferentiable(OpCase one) {
    List<HostTensor> operands = operandsOf(one, 2);
    assertGradient(function(one, 2), operands);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void jacobianVectorProduct_agreesWithTheGradient(OpCase one) {
    BodyBuilder b = new BodyBuilder();
    List<Value> operands = one.operands().stream().map(b::parameter).toList();
    List<Value> over = operands.stream().filter(x -> x.dtype() == DType.F64).toList();
    List<Value> directions = new ArrayList<>();
    for (Value x : over) {
      directions.add(b.constant(random(x.type(), 20 + x.id())));
    }
    List<Value> results =
        b.apply(one.op(), operands).stream().filter(y -> y.dtype() == DType.F64).toList();
    List<Value> weights = new ArrayList<>();
    List<Value> moved = new ArrayList<>();
    for (Value y : results) {
      weights.add(b.constant(random(y.type(), 50 + y.id())));
      moved.add(b.jacobianVectorProduct(y, over, directions));
    }
    Value forward = b.innerProduct(moved, weights);
    Value reverse = b.innerProduct(b.gradient(b.innerProduct(results, weights), over), directions);
    Body body = ExpandGradients.expand(b.build(List.of(forward, reverse)));
    List<HostTensor> found = Interpreter.evaluate(body, operandsOf(one, 3));
    double wanted = found.get(1).doubleAt(0);
    assertThat(found.get(0).doubleAt(0)).isCloseTo(wanted, within(1e-9 * (1 + Math.abs(wanted))));
  }

  @Test
  void cases_coverEveryOpThatHasAGradient() {
    Set<String> covered = new TreeSet<>(WITHOUT_GRADIENT);
    cases().map(OpCase::op).map(Op::name).forEach(covered::add);
    assertThat(covered).containsAll(OpRegistry.instance().all().keySet());
  }

  /** Compares ⟨gradient, direction⟩ with the difference of the function along the direction. */
  private static void assertGradient(Function function, List<HostTensor> operands) {
    List<HostTensor> results = function.results(operands);
    List<HostTensor> directions = new ArrayList<>();
    double product = 0;
    double scale = 1;
    int next = 1;
    for (int i = 0; i < operands.size(); i++) {
      TensorType type = operands.get(i).type();
      if (type.dtype() != DType.F64) {
        directions.add(HostTensor.filled(type, 0));
        continue;
      }
      HostTensor direction = random(type, 100 + i);
      HostTensor gradient = results.get(next++);
      assertThat(gradient.type()).isEqualTo(type);
      for (int e = 0; e < direction.count(); e++) {
        product += gradient.doubleAt(e) * direction.doubleAt(e);
        scale += Math.abs(gradient.doubleAt(e) * direction.doubleAt(e));
      }
      directions.add(direction);
    }
    double high = function.at(moved(operands, directions, STEP));
    double low = function.at(moved(operands, directions, -STEP));
    assertThat((high - low) / (2 * STEP)).isCloseTo(product, within(TOLERANCE * scale));
  }

  private static List<HostTensor> moved(
      List<HostTensor> operands, List<HostTensor> directions, double step) {
    List<HostTensor> moved = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      HostTensor operand = operands.get(i);
      HostTensor direction = directions.get(i);
      moved.add(
          operand.dtype() == DType.F64
              ? HostTensor.ofDoubles(
                  operand.type(), e -> operand.doubleAt(e) + step * direction.doubleAt(e))
              : operand);
    }
    return moved;
  }

  private static HostTensor random(TensorType type, long seed) {
    Random random = new Random(seed);
    return HostTensor.ofDoubles(type, i -> 2 * random.nextDouble() - 1);
  }

  /**
   * A function of the op's operands whose first result is a scalar and whose others are its
   * gradients. Order 1: the sum of the op's results with random weights; order 2: the sum of the
   * gradients of order 1 with random weights.
   */
  private static Function function(OpCase one, int order) {
    GraphBuilder graph = new GraphBuilder("check");
    SignatureBuilder signature = graph.signature("check");
    BodyBuilder b = signature.body();
    List<Value> operands = new ArrayList<>();
    for (TensorType type : one.operands()) {
      operands.add(signature.input("x" + operands.size(), type));
    }
    List<HostTensor> fixed = weights(one);
    List<Value> weights = new ArrayList<>();
    for (HostTensor weight : fixed) {
      weights.add(signature.input("w" + weights.size(), weight.type()));
    }
    List<Value> over = operands.stream().filter(operand -> operand.dtype() == DType.F64).toList();
    Value y = b.sum(b.mul(b.apply(one.op(), operands).get(0), weights.get(0)));
    if (order == 2) {
      y = weighted(b, b.gradient(y, over), operands, weights);
    }
    signature.output("y", y);
    int next = 0;
    for (Value gradient : b.gradient(y, over)) {
      signature.output("g" + next++, gradient);
    }
    Graph expanded = new ExpandGradients().apply(graph.build());
    return new Function(expanded.signature("check").body(), fixed);
  }

  private static List<HostTensor> weights(OpCase one) {
    List<HostTensor> weights = new ArrayList<>(List.of(random(resultOf(one), 7)));
    for (int i = 0; i < one.operands().size(); i++) {
      weights.add(random(one.operands().get(i).withDType(DType.F64), 8 + i));
    }
    return weights;
  }

  private static Value weighted(
      BodyBuilder b, List<Value> gradients, List<Value> operands, List<Value> weights) {
    Value sum = b.scalar(DType.F64, 0);
    int next = 0;
    for (int i = 0; i < operands.size(); i++) {
      if (operands.get(i).dtype() == DType.F64) {
        sum = b.add(sum, b.sum(b.mul(gradients.get(next++), weights.get(i + 1))));
      }
    }
    return sum;
  }
}
