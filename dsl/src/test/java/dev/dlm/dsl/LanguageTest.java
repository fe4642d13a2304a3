package dev.dlm.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.random.RandomBits;
import dev.dlm.reference.Interpreter;
import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the language's parts mean, by the graphs that they give. */
final class LanguageTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/dlm/dsl/golden");

  @Test
  void layer_madeTwiceHasTwoSetsOfWeights_appliedTwiceHasOne() {
    Graph graph =
        model(
            """
            import nn
            model M {
              input x: f32[B, 4]
              shared = nn.Dense(4)
              y = x |> shared |> shared |> nn.Dense(4) |> nn.Dense(4)
              output out = y
            }
            """);
    assertThat(names(graph))
        .containsExactly("shared.w", "shared.b", "dense.w", "dense.b", "dense_2.w", "dense_2.b");
  }

  @Test
  void repeat_namesLayersByTheirIndex() {
    Graph graph =
        model(
            """
            import nn
            layer Block(units: int) {
              hidden = nn.Dense(units, bias = false)
              apply(x: f32[..B, N]) -> f32[..B, N] {
                return x + (hidden(x) |> relu |> nn.Dense(N, bias = false))
              }
            }
            model M(depth: int = 2) {
              input x: f32[B, 3]
              y = x
              repeat i in 0..depth {
                y = y |> Block(5) named block[i]
              }
              output out = y
            }
            """);
    assertThat(names(graph))
        .containsExactly(
            "block[0].hidden.w", "block[0].dense.w", "block[1].hidden.w", "block[1].dense.w");
  }

  @Test
  void dimensions_meetAndAreGuardedWhereTheyAreNotKnown() {
    Graph graph =
        model(
            """
            function join(a: f32[B, N], b: f32[B, M]) -> f32[B, N + M] = concat([a, b])
            model M {
              input a: f32[B, 2]
              input b: f32[C, 3]
              where B <= 16
              output out = join(a, b)
            }
            """);
    Signature predict = graph.signature(Graph.PREDICT);
    assertThat(predict.output(0).type().toString()).isEqualTo("f32[B, 5]");
    assertThat(predict.guards())
        .extracting(Guard::toString)
        .contains("B <= 16")
        .anyMatch(guard -> guard.equals("B == C") || guard.equals("C == B"));
  }

  @Test
  void training_changesStatesAndDrawsRandomNumbers_predictionDoesNot() {
    Graph graph =
        model(
            """
            import nn
            model M {
              input x: f32[B, 4]
              y = x |> nn.BatchNorm() |> nn.Dropout(0.5) |> nn.Dense(1)
              output out = y
              loss = mean(y * y)
            }
            train M {
              data x = idx("x")
              minimize loss
              optimizer sgd(0.1)
            }
            """);
    assertThat(graph.signature(Graph.TRAIN).updates())
        .contains("batch_norm.running_mean", "batch_norm.running_variance");
    assertThat(graph.findVariable("batch_norm.running_mean").orElseThrow().role())
        .isEqualTo(Variable.Role.STATE);
    assertThat(graph.signature(Graph.EVALUATE).updates()).isEmpty();
    assertThat(countOps(graph, Graph.TRAIN, RandomBits.class)).isEqualTo(1);
    assertThat(countOps(graph, Graph.PREDICT, RandomBits.class)).isZero();
    assertThat(graph.signature(Graph.PREDICT).reads()).contains("batch_norm.running_mean");
  }

  @Test
  void streams_changeInPredictionAlone() {
    Graph graph =
        model(
            """
            import nn
            layer Echo() {
              apply(x: F[N]) -> F[N] {
                stream last: F[N]
                next last = x
                return x + last
              }
            }
            model M {
              input x: f32[4]
              y = x |> Echo() |> nn.Dense(1)
              output out = y
              loss = mean(y * y)
            }
            train M {
              data x = idx("x")
              minimize loss
              optimizer sgd(0.1)
            }
            """);
    Variable last = graph.findVariable("echo.last").orElseThrow();
    assertThat(last.role()).isEqualTo(Variable.Role.STREAM);
    assertThat(graph.signature(Graph.PREDICT).reads()).contains("echo.last");
    assertThat(graph.signature(Graph.PREDICT).updates()).containsExactly("echo.last");
    for (String other : List.of(Graph.INITIALIZE, Graph.EVALUATE, Graph.TRAIN)) {
      assertThat(graph.signature(other).reads()).doesNotContain("echo.last");
      assertThat(graph.signature(other).updates()).doesNotContain("echo.last");
    }
  }

  @Test
  void train_withStepsMakesASignatureForEach_withItsOwnWeights() {
    Graph graph =
        model(
            """
            import nn
            layer Net {
              apply(x: f32[B, N]) -> f32[B, 1] = x |> nn.Dense(1, bias = false)
            }
            model Gan {
              input image: f32[B, 4]
              generator = Net()
              discriminator = Net()
              made = generator(image) * image
              real = discriminator(image)
              fake = discriminator(made)
              loss discriminator_loss = mean(softplus(-real)) + mean(softplus(fake))
              loss generator_loss = mean(softplus(-fake))
            }
            train Gan {
              data image = idx("images")
              step {
                minimize discriminator_loss over discriminator
                optimizer adam(rate = 2e-4, beta1 = 0.5)
              }
              step {
                minimize generator_loss over generator
                optimizer adam(rate = 2e-4, beta1 = 0.5)
              }
            }
            """);
    assertThat(graph.signature("train").updates())
        .contains("discriminator.dense.w")
        .doesNotContain("generator.dense.w", ElaboratedModel.STEP_VARIABLE);
    assertThat(graph.signature("train.1").updates())
        .contains("generator.dense.w", "optimizer[1].generator.dense.w.first")
        .contains(ElaboratedModel.STEP_VARIABLE)
        .doesNotContain("discriminator.dense.w");
  }

  @Test
  void gradient_isAValueLikeOthers() {
    Graph graph =
        model(
            """
            model M {
              input x: f32[B, 4]
              y = sum(x * x * x)
              g = gradient(y, over = x)
              output saliency = abs(g)
              output second = gradient(sum(g), over = x)
            }
            """);
    assertThat(countOps(graph, Graph.PREDICT, Gradient.class)).isEqualTo(2);
    assertThat(graph.signature(Graph.PREDICT).output(0).type().toString()).isEqualTo("f32[B, 4]");
  }

  @Test
  void layers_takeTheElementTypeOfTheirInput() {
    Graph graph =
        model(
            """
            import nn
            model M {
              input x: f64[B, 1, 6, 6]
              output y = x |> nn.Conv(2) |> relu |> max_pool(2) |> flatten |> nn.Dense(3)
            }
            """);
    assertThat(graph.findVariable("conv.w").orElseThrow().type())
        .isEqualTo(TensorType.of(DType.F64, 2, 1, 3, 3));
    assertThat(graph.signature(Graph.PREDICT).output(0).type().toString()).isEqualTo("f64[B, 3]");
  }

  @Test
  void convolutionTranspose_undoesTheSizeOfAStride() {
    Graph graph =
        model(
            """
            import nn
            model M {
              input x: f32[B, 4, N, 7]
              output same = x |> nn.ConvTranspose(2, kernel = 5, stride = 3)
              output by_number = x |> nn.ConvTranspose(2, stride = 2, padding = 1, output_padding = [0, 1])
            }
            """);
    Signature predict = graph.signature(Graph.PREDICT);
    assertThat(predict.output(0).type().toString()).isEqualTo("f32[B, 2, 3*N, 21]");
    assertThat(predict.output(1).type().toString()).isEqualTo("f32[B, 2, 2*N, 15]");
    assertThat(graph.findVariable("conv_transpose.w").orElseThrow().type())
        .isEqualTo(TensorType.of(DType.F32, 4, 2, 5, 5));
  }

  @Test
  void convolutionTranspose_isTheTransposeOfTheConvolution() {
    Map<String, HostTensor> outputs =
        run(
            """
            model M {
              input x: f64[1, 2, 5, 7]
              kernel = reshape(sin(cast(iota(54), f64)), [3, 2, 3, 3])
              y = reshape(cos(cast(iota(36), f64)), [1, 3, 3, 4])
              there = sum(convolution(x, kernel, stride = 2, padding = "same") * y)
              back = convolution_transpose(y, kernel, stride = 2, padding = 1)
              output difference = there - sum(x * back)
              output there
            }
            """,
            Map.of(
                "x",
                HostTensor.ofDoubles(
                    TensorType.of(DType.F64, 1, 2, 5, 7), i -> Math.cos(3.0 * i))));
    assertThat(outputs.get("difference").doubleAt(0)).isCloseTo(0.0, within());
    assertThat(Math.abs(outputs.get("there").doubleAt(0))).isGreaterThan(0.1);
  }

  @Test
  void values_ofConstructionAreComputedAtOnce() {
    Map<String, HostTensor> outputs =
        run(
            """
            width = 2 ** 3 + 1
            names = ["a", "b"]
            function pair(x: f32[..S]) -> (f32[..S], f32[..S]) {
              return x + 1.0, x * 2.0
            }
            model M(scale: float = 3, flag: bool = not (1 > 2) and "a" != "b") {
              input x: f32[3]
              a, b = pair(x)
              c = if flag then a * scale else b
              d = [e * 2 for e in range(width)][3:5]
              total = 0.0
              repeat v in d {
                total = total + v
              }
              output c = c
              output d = b[1:] * total
              output e = x[-1] + length(names)
              output f = select(x > 1.5, x, 0.0)
              output g = [1, 2.5] + full([2], 1)
              output h = concat(split(reshape(iota(6), [2, 3]), 3)) / 2
            }
            """,
            Map.of("x", HostTensor.of(new float[] {1, 2, 3}, 3)));
    assertThat(outputs.get("c")).isEqualTo(HostTensor.of(new float[] {6, 9, 12}, 3));
    assertThat(outputs.get("d")).isEqualTo(HostTensor.of(new float[] {56, 84}, 2));
    assertThat(outputs.get("e").doubleAt(0)).isEqualTo(5);
    assertThat(outputs.get("f")).isEqualTo(HostTensor.of(new float[] {0, 2, 3}, 3));
    assertThat(outputs.get("g")).isEqualTo(HostTensor.of(new float[] {2, 3.5f}, 2));
    assertThat(outputs.get("h"))
        .isEqualTo(HostTensor.ofLongs(TensorType.of(DType.I32, 2, 3), i -> i / 2));
  }

  @Test
  void functions_ofTheLibraryGiveTheirValues() {
    Map<String, HostTensor> outputs =
        run(
            """
            import nn
            model M {
              input x: f32[2, 3]
              input label: i32[2]
              output soft = softmax(x)
              output entropy = cross_entropy(x, label)
              output average = mean(x, 0)
              output spread = variance(x)
              output hot = one_hot(label, 3)
              output joint = log_sum_exp(x)
              output pooled = mean_pool(reshape(x, [1, 1, 2, 3]), [2, 1])
            }
            """,
            Map.of(
                "x", HostTensor.of(new float[] {0, 0, 0, 1, 2, 3}, 2, 3),
                "label", HostTensor.ofLongs(TensorType.of(DType.I32, 2), i -> 2)));
    assertThat(outputs.get("soft").doubleAt(0)).isCloseTo(1 / 3.0, within());
    assertThat(outputs.get("entropy").doubleAt(0)).isCloseTo(Math.log(3), within());
    assertThat(outputs.get("entropy").doubleAt(1)).isCloseTo(0.40760596, within());
    assertThat(outputs.get("average")).isEqualTo(HostTensor.of(new float[] {0.5f, 1, 1.5f}, 3));
    assertThat(outputs.get("spread").doubleAt(0)).isCloseTo(4 / 3.0, within());
    assertThat(outputs.get("hot")).isEqualTo(HostTensor.of(new float[] {0, 0, 1, 0, 0, 1}, 2, 3));
    assertThat(outputs.get("joint").doubleAt(0)).isCloseTo(Math.log(3), within());
    assertThat(outputs.get("pooled"))
        .isEqualTo(HostTensor.of(new float[] {0.5f, 1, 1.5f}, 1, 1, 1, 3));
  }

  @Test
  void import_ofAFileBringsItsDeclarations() {
    Sources sources =
        Sources.of(
            Map.of(
                "models/main.dlm",
                """
                import "../shared/parts.dlm" as parts
                model M {
                  input x: f32[B, parts.width]
                  output y = x |> parts.Scale() |> twice
                }
                """,
                "shared/parts.dlm",
                """
                import nn
                width = 4
                layer Scale {
                  apply(x: f32[..B, N]) -> f32[..B, N] {
                    weight w: f32[N] = nn.ones
                    return x * w
                  }
                }
                function twice(x: f32[..S]) = x * 2.0
                """));
    Graph graph = Dsl.elaborate("models/main.dlm", sources).mainModel().orElseThrow().graph();
    assertThat(names(graph)).containsExactly("scale.w");
  }

  @Test
  void graph_ofASmallModelIsAsItWas() throws IOException {
    Graph graph =
        model(
            """
            import nn
            model Small {
              input x: f32[B, 3]
              input label: i32[B]
              logits = x |> nn.Dense(2)
              output probability = softmax(logits)
              loss = mean(cross_entropy(logits, label))
            }
            train Small {
              data x, label = idx("x", "label")
              minimize loss
              optimizer momentum(rate = cosine(peak = 0.1))
              clip global_norm(1.0)
            }
            """);
    String text = GraphPrinter.print(graph, GraphPrinter.Options.BRIEF);
    Path file = GOLDEN.resolve("small.txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, text);
      return;
    }
    assertThat(text).isEqualTo(Files.readString(file));
    String complete = GraphPrinter.print(graph);
    assertThat(GraphParser.parse(complete, "small")).isEqualTo(graph);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-6);
  }

  @Test
  void elements_areRoundedClampedAndQuantized() {
    Map<String, HostTensor> outputs =
        run(
            """
            model M {
              input x: f32[4]
              y = quantize(x, 0.5, 3)
              output quantized = y
              output back = dequantize(y, 0.5, 3)
              output rows = quantize(reshape(x, [2, 2]), [0.5, 2.0], cast([0, 128], u8), u8, axis = 0)
              output clamped = clamp(x, -1.0, 1.0) + round(x)
              output factors = product(x, 0) + product([2, 3])
            }
            """,
            Map.of("x", HostTensor.of(new float[] {0.25f, -3, 1.5f, 500}, 4)));
    HostTensor quantized = outputs.get("quantized");
    assertThat(quantized).isEqualTo(integers(DType.I8, 3, -3, 6, 127));
    assertThat(outputs.get("back")).isEqualTo(HostTensor.of(new float[] {0, -3, 1.5f, 62}, 4));
    assertThat(outputs.get("rows").type()).isEqualTo(TensorType.of(DType.U8, 2, 2));
    assertThat(outputs.get("rows").longAt(3)).isEqualTo(255);
    assertThat(outputs.get("clamped")).isEqualTo(HostTensor.of(new float[] {0.25f, -4, 3, 501}, 4));
    assertThat(outputs.get("factors")).isEqualTo(HostTensor.scalar(DType.F32, -556.5));
  }

  private static HostTensor integers(DType dtype, long... elements) {
    return HostTensor.ofLongs(TensorType.of(dtype, elements.length), i -> elements[i]);
  }

  private static Graph model(String text) {
    Elaborated elaborated = Dsl.elaborate("model.dlm", Sources.of(Map.of("model.dlm", text)));
    return elaborated.mainModel().orElseThrow().graph();
  }

  private static Map<String, HostTensor> run(String text, Map<String, HostTensor> inputs) {
    Graph graph = model(text);
    return Interpreter.run(graph.signature(Graph.PREDICT), inputs, new HashMap<>()).outputs();
  }

  private static List<String> names(Graph graph) {
    return graph.variables().stream().map(Variable::name).toList();
  }

  private static long countOps(Graph graph, String signature, Class<?> op) {
    return graph.signature(signature).body().nodes().stream()
        .filter(node -> op.isInstance(node.op()))
        .count();
  }

  @Test
  void op_appliesAnyRegisteredOpByItsName() {
    Graph graph =
        model(
            """
            model M {
              input x: f32[B, 3]
              output a = op("transpose", x, permutation = [1, 0])
              output b = x |> op("reduce", kind = "max", axes = [1])
              output c = op("add", op("tanh", x), op("broadcast", 0.5, shape = [B, 3], axes = []))
            }
            """);
    Graph written =
        model(
            """
            model M {
              input x: f32[B, 3]
              output a = transpose(x)
              output b = max(x, 1)
              output c = tanh(x) + 0.5
            }
            """);
    assertThat(GraphPrinter.print(graph, GraphPrinter.Options.WITHOUT_LOCATIONS))
        .isEqualTo(GraphPrinter.print(written, GraphPrinter.Options.WITHOUT_LOCATIONS));
  }

  @Test
  void functionsAlongAnAxis_meanWhatTheirNamesSay() {
    Graph graph =
        model(
            """
            model M {
              input x: f32[B, 3]
              input label: i32[B]
              output sums = cumsum(x)
              output products = cumprod(x, exclusive = true, reverse = true)
              output maxima = cummax(x, axis = 0)
              output sorted = sort(x, descending = true)
              output places = argsort(x)
              values, indices = top_k(x, 2)
              output values
              output indices
              output hot = one_hot(label, 3, on = 0.5, off = 0.25, axis = 0)
            }
            """);
    Map<String, HostTensor> outputs =
        Interpreter.run(
                graph.signature(Graph.PREDICT),
                Map.of(
                    "x",
                    HostTensor.of(new float[] {2, 5, 3, 4, -1, 4}, 2, 3),
                    "label",
                    HostTensor.ofLongs(TensorType.of(DType.I32, 2), i -> i + 1)),
                Map.of())
            .outputs();
    assertThat(outputs)
        .containsEntry("sums", HostTensor.of(new float[] {2, 7, 10, 4, 3, 7}, 2, 3))
        .containsEntry("products", HostTensor.of(new float[] {15, 3, 1, -4, 4, 1}, 2, 3))
        .containsEntry("maxima", HostTensor.of(new float[] {2, 5, 3, 4, 5, 4}, 2, 3))
        .containsEntry("sorted", HostTensor.of(new float[] {5, 3, 2, 4, 4, -1}, 2, 3))
        .containsEntry("places", integers(3, 0, 2, 1, 1, 0, 2))
        .containsEntry("values", HostTensor.of(new float[] {5, 3, 4, 4}, 2, 2))
        .containsEntry("indices", integers(2, 1, 2, 0, 2))
        .containsEntry("hot", HostTensor.of(new float[] {.25f, .25f, .5f, .25f, .25f, .5f}, 3, 2));
  }

  private static HostTensor integers(int columns, long... elements) {
    TensorType type = TensorType.of(DType.I32, elements.length / columns, columns);
    return HostTensor.ofLongs(type, i -> elements[i]);
  }
}
