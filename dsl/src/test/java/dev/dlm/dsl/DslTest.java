package dev.dlm.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.dsl.elaborate.ElaboratedTest;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.Variable;
import dev.dlm.reference.Interpreter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class DslTest {

  @Test
  void elaborate_givesTheMlpItsSignatures() {
    ElaboratedModel model = sample("mlp/mlp.dlm").mainModel().orElseThrow();
    Graph graph = model.graph();
    assertThat(graph.signatures())
        .extracting(Signature::name)
        .containsExactly(Graph.INITIALIZE, Graph.PREDICT, Graph.EVALUATE, Graph.TRAIN);
    assertThat(graph.signature(Graph.PREDICT).inputs()).containsExactly("image");
    assertThat(graph.signature(Graph.PREDICT).outputs()).containsExactly("probability");
    assertThat(graph.signature(Graph.PREDICT).reads())
        .containsExactly("dense.w", "dense.b", "dense_2.w", "dense_2.b", "dense_3.w", "dense_3.b");
    assertThat(graph.signature(Graph.EVALUATE).inputs()).containsExactly("image", "label");
    assertThat(graph.signature(Graph.EVALUATE).outputs())
        .containsExactly("loss", "accuracy", "probability");
    Signature train = graph.signature(Graph.TRAIN);
    assertThat(train.inputs()).containsExactly("image", "label", ElaboratedModel.TOTAL_STEPS_INPUT);
    assertThat(train.outputs()).containsExactly("loss", "accuracy", ElaboratedModel.RATE_OUTPUT);
    assertThat(train.updates()).hasSize(6 + 12 + 1).contains(ElaboratedModel.STEP_VARIABLE);
    assertThat(graph.signature(Graph.INITIALIZE).updates())
        .containsExactlyElementsOf(graph.variables().stream().map(Variable::name).toList());
  }

  @Test
  void elaborate_readsTheRecipe() {
    ElaboratedModel model = sample("digits/digits.dlm").mainModel().orElseThrow();
    TrainingRecipe recipe = model.recipe().orElseThrow();
    assertThat(recipe.batch()).isEqualTo(128);
    assertThat(recipe.epochs()).isEqualTo(5);
    assertThat(recipe.steps()).containsExactly(Graph.TRAIN);
    assertThat(recipe.data().inputs()).containsExactly("image", "label");
    assertThat(recipe.data().alternatives())
        .extracting(TrainingRecipe.DataCall::reader)
        .containsExactly("idx", "generated_digits");
    assertThat(recipe.data().alternatives().getLast().options())
        .containsOnly(Map.entry("part", "train"), Map.entry("count", 12000L));
    assertThat(recipe.stop().orElseThrow().metric()).isEqualTo("validate.accuracy");
    assertThat(model.steps().getFirst().minimized()).isEqualTo("loss");
    assertThat(model.steps().getFirst().optimizer())
        .startsWith("nn.adam(rate = nn.cosine(peak = 0.001, warmup = 200");
    assertThat(model.documentation())
        .isEqualTo("Handwritten digits: two convolutions and a dense head.");
  }

  @Test
  void elaborate_readsCallsOfDataReadersAndValidatesOnWhatIsHeldBack() {
    String text =
        """
        features = ["a", "b"]
        model M {
          input x: f32[B, 2]
          input y: f32[B]
          weight w: f32[] = 0.5
          loss = w * w
        }
        train M {
          data x, y = csv("t.csv", columns = [features, "y"], standardize = "a", hold_back = 0.25)
          minimize loss
          optimizer sgd(rate = 0.1)
          stop when validate.loss stalls for 2 epochs
        }
        """;
    TrainingRecipe recipe =
        Dsl.elaborate("m.dlm", Sources.of(Map.of("m.dlm", "import nn\n" + text)))
            .mainModel()
            .orElseThrow()
            .recipe()
            .orElseThrow();
    TrainingRecipe.DataCall call = recipe.data().alternatives().getFirst();

    assertThat(call.files()).containsExactly("t.csv");
    assertThat(call.list("columns")).isEqualTo(List.of(List.of("a", "b"), "y"));
    assertThat(call.list("standardize")).isEqualTo(List.of("a"));
    assertThat(call.text("missing")).isEqualTo("error");
    assertThat(call.holdsBack()).isTrue();
    assertThat(recipe.validation()).contains(recipe.data());
  }

  @Test
  void elaborate_knowsTheShapesOfTheDigitsModel() {
    Graph graph = sample("digits/digits.dlm").mainModel().orElseThrow().graph();
    assertThat(graph.findVariable("conv_2.w").orElseThrow().type())
        .isEqualTo(TensorType.of(DType.F32, 64, 32, 5, 5));
    assertThat(graph.findVariable("dense.w").orElseThrow().type())
        .isEqualTo(TensorType.of(DType.F32, 3136, 1024));
    assertThat(graph.signature(Graph.TRAIN).reads()).contains(ElaboratedModel.SEED_VARIABLE);
    assertThat(graph.signature(Graph.PREDICT).reads())
        .doesNotContain(ElaboratedModel.SEED_VARIABLE);
  }

  @Test
  void elaborate_startsTheMlpUndecided() {
    Elaborated elaborated = sample("mlp/mlp.dlm");
    ElaboratedTest test = elaborated.tests().getFirst();
    Map<String, HostTensor> weights = initialize(test.graph(), 7);
    HostTensor image =
        HostTensor.ofDoubles(TensorType.of(DType.F32, 3, 784), i -> (i * 37 % 101) / 101.0);
    HostTensor label = HostTensor.ofLongs(TensorType.of(DType.I32, 3), i -> i * 4L);
    Map<String, HostTensor> outputs =
        Interpreter.run(
                test.graph().signature(ElaboratedTest.SIGNATURE),
                Map.of("image", image, "label", label),
                weights)
            .outputs();
    assertThat(outputs.get("expect.0.expected").doubleAt(0))
        .isCloseTo(Math.log(10), Offset.offset(1e-6));
    assertThat(outputs.get("expect.0.actual").doubleAt(0))
        .isCloseTo(Math.log(10), Offset.offset(0.6));
  }

  @Test
  void elaborate_initializesByTheSeedAndTheNameOfAWeight() {
    Graph graph = sample("mlp/mlp.dlm").mainModel().orElseThrow().graph();
    Map<String, HostTensor> one = initialize(graph, 1);
    assertThat(initialize(graph, 1)).isEqualTo(one);
    assertThat(initialize(graph, 2).get("dense.w")).isNotEqualTo(one.get("dense.w"));
    HostTensor w = one.get("dense.w");
    double limit = Math.sqrt(6.0 / (784 + 128));
    double sum = 0;
    for (int i = 0; i < w.count(); i++) {
      assertThat(w.doubleAt(i)).isBetween(-limit, limit);
      sum += w.doubleAt(i);
    }
    // The mean of 100,352 uniform numbers has a deviation of limit / √3 / 317.
    assertThat(sum / w.count()).isCloseTo(0, Offset.offset(limit / 100));
    assertThat(one.get(ElaboratedModel.SEED_VARIABLE).longAt(0)).isEqualTo(1);
    assertThat(one.get("dense.b").isUniform()).isTrue();
  }

  @Test
  void elaborate_givesEqualGraphsTwice() {
    assertThat(sample("digits/digits.dlm")).isEqualTo(sample("digits/digits.dlm"));
  }

  private static Map<String, HostTensor> initialize(Graph graph, long seed) {
    return Interpreter.run(
            graph.signature(Graph.INITIALIZE), Map.of("seed", HostTensor.scalar(seed)), Map.of())
        .updates();
  }

  private static Elaborated sample(String name) {
    return Dsl.elaborate(Path.of("..", "samples").resolve(name));
  }
}
