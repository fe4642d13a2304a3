package dev.dlm.compiler.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Reduce;
import dev.dlm.reference.Interpreter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of products against their definition, with no zeros, one, several. */
class ProductGradientTest {
  /** Factors, and whether their number is known when the gradient is made. */
  private record Case(List<Double> factors, boolean known) {}

  static Stream<Case> cases() {
    return Stream.of(
            List.of(2.0),
            List.of(0.0),
            List.of(2.0, 3.0),
            List.of(2.0, 0.0, -3.0),
            List.of(0.0, 5.0, 0.0, 2.0),
            List.of(0.0, 0.0, 0.0, 2.0, 7.0),
            List.of(2.0, 3.0, 0.5, -1.0, 4.0, 0.25, -2.0))
        .flatMap(factors -> Stream.of(new Case(factors, true), new Case(factors, false)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradient_isTheProductOfTheOtherFactors(Case one) {
    List<HostTensor> found = evaluate(one);
    for (int i = 0; i < one.factors().size(); i++) {
      assertThat(found.get(0).doubleAt(i)).isCloseTo(productWithout(one, i, i), within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientOfTheGradient_isTheProductWithoutBothFactors(Case one) {
    List<HostTensor> found = evaluate(one);
    for (int i = 0; i < one.factors().size(); i++) {
      double expected = 0;
      for (int j = 0; j < one.factors().size(); j++) {
        expected += i == j ? 0 : weight(j) * productWithout(one, i, j);
      }
      assertThat(found.get(1).doubleAt(i)).isCloseTo(expected, within(1e-12));
    }
  }

  private static double productWithout(Case one, int i, int j) {
    double product = 1;
    for (int k = 0; k < one.factors().size(); k++) {
      product *= k == i || k == j ? 1 : one.factors().get(k);
    }
    return product;
  }

  private static double weight(int j) {
    return new Random(j).nextDouble();
  }

  /** The gradient of the product, and that of the weighted sum of its elements. */
  private static List<HostTensor> evaluate(Case one) {
    int count = one.factors().size();
    GraphBuilder graph = new GraphBuilder("check");
    SignatureBuilder signature = graph.signature("check");
    BodyBuilder b = signature.body();
    Shape shape = one.known() ? Shape.of(count) : new Shape(List.of(Dim.symbol("N")));
    TensorType type = new TensorType(DType.F64, shape);
    Value x = signature.input("x", type);
    Value weights = signature.input("w", type);
    Value first = b.gradient(b.reduce(Reduce.Kind.PRODUCT, x, List.of(0)), List.of(x)).get(0);
    signature.output("first", first);
    signature.output("second", b.gradient(b.sum(b.mul(first, weights)), List.of(x)).get(0));
    Graph expanded = new ExpandGradients().apply(graph.build());
    TensorType bound = TensorType.of(DType.F64, count);
    Map<String, HostTensor> results =
        Interpreter.run(
                expanded.signature("check"),
                Map.of(
                    "x", HostTensor.ofDoubles(bound, i -> one.factors().get(i)),
                    "w", HostTensor.ofDoubles(bound, ProductGradientTest::weight)),
                Map.of())
            .outputs();
    return List.of(results.get("first"), results.get("second"));
  }
}
