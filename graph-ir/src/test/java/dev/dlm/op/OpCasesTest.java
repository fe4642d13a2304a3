package dev.dlm.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpCasesTest {
  private static final Pattern LABEL = Pattern.compile("\\(C(\\d+)\\)(?:–\\(C(\\d+)\\))?");

  static Collection<Class<? extends Op>> ops() {
    return OpRegistry.instance().all().values();
  }

  static List<OpCase> positive() {
    return OpCases.positive();
  }

  static List<OpCase> negative() {
    return OpCases.negative();
  }

  static List<OpCase> evaluable() {
    return OpCases.evaluable();
  }

  @ParameterizedTest
  @MethodSource("ops")
  void everyOp_hasAPositiveCaseAndANegativeOneForEachConstraint(Class<? extends Op> op)
      throws IOException {
    List<OpCase> cases = OpCases.of(op);
    assertThat(cases).anyMatch(OpCase::isPositive);
    Set<String> violated =
        cases.stream()
            .flatMap(one -> one.violated().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(violated).isEqualTo(labelsInJavadoc(op)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("positive")
  void infer_acceptsPositiveCases(OpCase one) {
    InferContext context = new InferContext(one.op(), one.operands(), Location.UNKNOWN);
    assertThat(one.op().infer(context)).isNotEmpty().allMatch(type -> type.shape().isConstant());
    assertThat(context.guards()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("negative")
  void infer_namesTheViolatedConstraint(OpCase one) {
    InferContext context = new InferContext(one.op(), one.operands(), Location.UNKNOWN);
    assertThatThrownBy(() -> one.op().infer(context))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(one.op().name() + ": ")
        .hasMessageEndingWith(" (" + one.violated().orElseThrow() + ")");
  }

  @ParameterizedTest
  @MethodSource("evaluable")
  void evaluate_givesTensorsOfTheInferredTypes(OpCase one) {
    List<TensorType> types =
        one.op().infer(new InferContext(one.op(), one.operands(), Location.UNKNOWN));
    List<HostTensor> results = one.op().evaluate(new EvalContext(one.arguments(1), types));
    assertThat(results.stream().map(HostTensor::type)).isEqualTo(types);
    assertThat(one.op().evaluate(new EvalContext(one.arguments(1), types))).isEqualTo(results);
    for (HostTensor result : results) {
      boolean mayBeInfinite = one.operands().stream().anyMatch(type -> type.shape().count().is(0));
      for (int i = 0; i < result.count() && !mayBeInfinite; i++) {
        assertThat(result.doubleAt(i)).isFinite();
      }
    }
  }

  private static Set<String> labelsInJavadoc(Class<? extends Op> op) throws IOException {
    Path source = Path.of("src/main/java", op.getName().replace('.', '/') + ".java");
    String text = Files.readString(source);
    String javadoc = text.substring(text.indexOf("/**"), text.indexOf("public record"));
    Set<String> labels = new TreeSet<>();
    Matcher matcher = LABEL.matcher(javadoc);
    while (matcher.find()) {
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      for (int label = first; label <= last; label++) {
        labels.add("C" + label);
      }
    }
    return labels;
  }
}
