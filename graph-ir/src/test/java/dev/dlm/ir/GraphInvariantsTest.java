package dev.dlm.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Neg;
import dev.dlm.text.Verifier;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphInvariantsTest {
  private static final Location PLACE = Location.Source.at("m.dlm", 3, 4);
  private static final TensorType TYPE = TensorType.of(DType.F32, 2);
  private static final Value X = new Value(0, TYPE);
  private static final Value Y = new Value(1, TYPE);
  private static final Variable W = new Variable("w", TYPE, Variable.Role.WEIGHT, PLACE);

  private static String violation(Body body) {
    return GraphInvariants.findViolation(body).map(GraphInvariants.Violation::message).orElse("");
  }

  private static Body negation(Value operand, Value result) {
    Node node = new Node(new Neg(), List.of(operand), List.of(result), PLACE);
    return new Body(List.of(X), List.of(node), List.of(result));
  }

  @Test
  void soundBody_hasNoViolation() {
    assertThat(GraphInvariants.findViolation(negation(X, Y))).isEmpty();
  }

  @Test
  void operand_beforeItsDefinition_isFound() {
    assertThat(GraphInvariants.findViolation(negation(Y, Y)))
        .contains(
            new GraphInvariants.Violation(
                "an operand of neg in body is %1: f32[2], which is not defined before", PLACE));
  }

  @Test
  void operand_ofAnotherType_isFound() {
    assertThat(violation(negation(new Value(0, TensorType.of(DType.F64, 2)), Y)))
        .isEqualTo("an operand of neg in body is %0: f64[2], which is defined as %0: f32[2]");
  }

  @Test
  void numbers_withGaps_areFound() {
    assertThat(violation(negation(X, new Value(2, TYPE))))
        .isEqualTo("a result of neg in body is %2: f32[2], but the next number is 1");
    assertThat(violation(new Body(List.of(Y), List.of(), List.of())))
        .isEqualTo("a parameter of body is %1: f32[2], but the next number is 0");
  }

  @Test
  void result_ofAnotherTypeThanInferred_isFound() {
    assertThat(violation(negation(X, new Value(1, TensorType.of(DType.F32, 3)))))
        .isEqualTo("neg in body has results [f32[3]], but [f32[2]] follow from its operands");
  }

  @Test
  void node_thatViolatesAConstraint_isFound() {
    Node node = new Node(new Add(), List.of(X), List.of(Y), PLACE);
    assertThat(violation(new Body(List.of(X), List.of(node), List.of(Y))))
        .isEqualTo("add in body is not well-typed: add: takes 2 operands, not 1 (C1)");
  }

  @Test
  void result_thatDoesNotExist_isFound() {
    assertThat(violation(new Body(List.of(X), List.of(), List.of(Y))))
        .isEqualTo("a result of body is %1: f32[2], which is not defined before");
  }

  private static String violation(List<Variable> variables, Signature... signatures) {
    return GraphInvariants.findViolation(new Graph("g", variables, List.of(signatures)))
        .map(GraphInvariants.Violation::message)
        .orElse("");
  }

  private static Signature signature(
      List<String> inputs, List<String> reads, List<String> outputs, List<String> updates) {
    Body body = new Body(List.of(X, Y), List.of(), List.of(X, Y));
    return new Signature("s", inputs, reads, body, outputs, updates, List.of());
  }

  @Test
  void names_thatStandTwice_areFound() {
    List<String> both = List.of("a", "a");
    Signature sound = signature(List.of("a", "b"), List.of(), List.of("a", "b"), List.of());
    assertThat(violation(List.of(), sound)).isEmpty();
    assertThat(violation(List.of(), sound, sound)).isEqualTo("graph has signature 's' twice");
    assertThat(violation(List.of(W, W))).isEqualTo("variable 'w' is declared twice");
    assertThat(violation(List.of(), signature(both, List.of(), List.of("a", "b"), List.of())))
        .isEqualTo("signature 's' has input 'a' twice");
    assertThat(violation(List.of(), signature(List.of("a", "b"), List.of(), both, List.of())))
        .isEqualTo("signature 's' has output 'a' twice");
    assertThat(
            violation(
                List.of(W), signature(List.of(), List.of("w", "w"), List.of("a", "b"), List.of())))
        .isEqualTo("signature 's' has read of variable 'w' twice");
    assertThat(
            violation(
                List.of(W), signature(List.of("a", "b"), List.of(), List.of(), List.of("w", "w"))))
        .isEqualTo("signature 's' has update of variable 'w' twice");
  }

  @Test
  void variables_missingOrOfAnotherType_areFound() {
    Signature reads = signature(List.of("a"), List.of("w"), List.of("a", "b"), List.of());
    Signature updates = signature(List.of("a", "b"), List.of(), List.of("a"), List.of("w"));
    Variable other = new Variable("w", TensorType.of(DType.F32, 3), Variable.Role.WEIGHT, PLACE);
    for (Signature signature : List.of(reads, updates)) {
      assertThat(violation(List.of(W), signature)).isEmpty();
      assertThat(violation(List.of(), signature))
          .isEqualTo("signature 's' uses variable 'w', which is not declared");
      assertThat(violation(List.of(other), signature))
          .isEqualTo("signature 's' has %1: f32[2] for variable 'w' of type f32[3]");
    }
  }

  @Test
  void verify_ofABrokenGraph_carriesItsText() {
    Signature signature =
        new Signature(
            "s", List.of("x"), List.of(), negation(Y, Y), List.of("y"), List.of(), List.of());
    Graph graph = new Graph("g", List.of(), List.of(signature));
    assertThatThrownBy(() -> Verifier.verify(graph, "pass fold-constants"))
        .isInstanceOfSatisfying(
            InternalException.class,
            e ->
                assertThat(e.reproducer().orElseThrow())
                    .contains("%1: f32[2] = neg(%1) at \"m.dlm\":3:4-3:5"))
        .hasMessage(
            "graph 'g' is broken after pass fold-constants: an operand of neg in signature 's' is"
                + " %1: f32[2], which is not defined before (m.dlm:3:4)");
  }
}
