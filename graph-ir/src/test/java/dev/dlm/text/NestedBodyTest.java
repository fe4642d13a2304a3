package dev.dlm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Attributes;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.math.Add;
import dev.dlm.proto.GraphCodec;
import dev.dlm.testing.ControlGraphs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bodies inside of ops: their text, bytes, invariants, symbols and guards. */
class NestedBodyTest {
  private static final TensorType SCALAR = TensorType.of(DType.F32);

  private static Graph recurrent() {
    return ControlGraphs.recurrent(DType.F32, 3, 4, Activations.RECOMPUTED);
  }

  /** A loop in a choice. */
  private static Graph choice() {
    BodyBuilder c = new BodyBuilder();
    Body below = c.build(List.of(c.less(c.parameter(SCALAR), c.scalar(DType.F32, 9))));
    BodyBuilder n = new BodyBuilder();
    Body twice = n.build(List.of(n.mul(n.parameter(SCALAR), 2)));
    BodyBuilder t = new BodyBuilder();
    Body loop = t.build(t.apply(new While(below, twice, 1, 12), List.of(t.parameter(SCALAR))));
    BodyBuilder e = new BodyBuilder();
    Value same = e.parameter(SCALAR);
    GraphBuilder graph = new GraphBuilder("choice");
    SignatureBuilder f = graph.signature("f");
    Value x = f.input("x", SCALAR);
    Value positive = f.body().less(f.body().scalar(DType.F32, 0), x);
    f.output("y", f.body().one(new Cond(loop, e.build(List.of(same))), positive, x));
    return graph.build();
  }

  @Test
  void text_parsesBack() {
    for (Graph graph : List.of(recurrent(), choice())) {
      String text = GraphPrinter.print(graph);
      assertThat(GraphParser.parse(text, "printed")).isEqualTo(graph);
    }
    assertThat(GraphPrinter.print(recurrent()))
        .contains("scan(%1, %0, %2, %3, %4) {body = (%0: f32[B, 4], %1: f32[B, 3]")
        .contains("length = T, reverse = false, activations = recomputed}");
  }

  @Test
  void bytes_decodeBack() {
    for (Graph graph : List.of(recurrent(), choice())) {
      assertThat(GraphCodec.decode(GraphCodec.encode(graph))).isEqualTo(graph);
    }
  }

  @Test
  void parser_namesThePlaceOfAnErrorInABody() {
    String text = GraphPrinter.print(choice());
    int line = text.substring(0, text.indexOf("mul(")).split("\n", -1).length;
    assertThatThrownBy(() -> GraphParser.parse(text.replace("mul(", "mull("), "f.gir"))
        .isInstanceOfSatisfying(
            GraphException.class,
            e -> {
              assertThat(e.diagnostics().get(0).code()).isEqualTo("unknown-op");
              assertThat(e.diagnostics().get(0).location().toString())
                  .contains("f.gir:" + line + ":");
            });
    String undefined = text.replaceFirst("mul\\(%0", "mul(%7");
    assertThatThrownBy(() -> GraphParser.parse(undefined, "f.gir"))
        .hasMessageContaining("value %7 is not defined before");
    String mistyped =
        text.replaceFirst("return %(\\d+)\n(\\s+)}, carries", "return %0, %0\n$2}, carries");
    assertThat(mistyped).isNotEqualTo(text);
    assertThatThrownBy(() -> GraphParser.parse(mistyped, "f.gir"))
        .hasMessageContaining("while: the body gives 2 values for 1 carries (C4)");
  }

  @Test
  void invariants_holdInsideOfBodies() {
    Graph sound = choice();
    assertThat(GraphInvariants.findViolation(sound)).isEmpty();
    Cond cond = (Cond) sound.signature("f").body().nodes().getLast().op();
    While loop = (While) cond.whenTrue().nodes().getLast().op();
    Node product = loop.body().nodes().getLast();
    Node undefined =
        new Node(
            product.op(),
            List.of(new Value(7, SCALAR), product.operand(1)),
            product.results(),
            product.location());
    Body broken = new Body(loop.body().parameters(), List.of(undefined), loop.body().results());
    BodyBuilder b = new BodyBuilder();
    Body outer =
        b.build(b.apply(new While(loop.condition(), broken, 1, 12), List.of(b.parameter(SCALAR))));
    Optional<GraphInvariants.Violation> violation = GraphInvariants.findViolation(outer);
    assertThat(violation.orElseThrow().message()).contains("a body of while");
  }

  @Test
  void guards_ofABody_reachTheBuilderAroundIt() {
    TensorType wide = new TensorType(DType.F32, Shape.of(Dim.symbol("N")));
    TensorType other = new TensorType(DType.F32, Shape.of(Dim.symbol("M")));
    BodyBuilder inner = new BodyBuilder();
    Value sum = inner.one(new Add(), inner.parameter(wide), inner.parameter(other));
    Body body = inner.build(List.of(sum));
    BodyBuilder outer = new BodyBuilder();
    Value p = outer.parameter(TensorType.of(DType.BOOL));
    outer.apply(new Cond(body, body), List.of(p, outer.parameter(wide), outer.parameter(other)));
    assertThat(outer.guards()).anySatisfy(guard -> assertThat(guard).hasToString("N == M"));
  }

  @Test
  void symbols_ofABody_areReplacedWithTheOthers() {
    Scan scan = (Scan) recurrent().signatures().get(0).body().nodes().get(0).op();
    Scan bound = (Scan) Attributes.substitute(scan, Map.of("B", Dim.of(2), "T", Dim.of(5)));
    assertThat(bound.length()).isEqualTo(Dim.of(5));
    assertThat(bound.body().results().get(0).type()).isEqualTo(TensorType.of(DType.F32, 2, 4));
    assertThat(GraphInvariants.findViolation(bound.body())).isEmpty();
    assertThat(Attributes.substitute(scan, Map.of("Z", Dim.of(2)))).isSameAs(scan);
  }
}
