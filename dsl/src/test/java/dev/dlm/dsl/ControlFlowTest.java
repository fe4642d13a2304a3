package dev.dlm.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.random.RandomBits;
import dev.dlm.reference.Interpreter;
import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What scan, while and cond mean, by the graphs that they give and what these compute. */
final class ControlFlowTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);

  @Test
  void scan_carriesFromStepToStep_andStacksWhatItYields() {
    Map<String, HostTensor> outputs =
        run(
            """
            model M {
              input xs: f32[4]
              total, sums, doubled = scan x in xs carry total = 0.0 {
                total = total + x
                yield total, 2.0 * x
              }
              output total
              output sums
              output doubled
            }
            """,
            Map.of("xs", HostTensor.of(new float[] {1, 2, 3, 4}, 4)));
    assertThat(outputs.get("total").doubleAt(0)).isEqualTo(10);
    assertThat(outputs.get("sums")).isEqualTo(HostTensor.of(new float[] {1, 3, 6, 10}, 4));
    assertThat(outputs.get("doubled")).isEqualTo(HostTensor.of(new float[] {2, 4, 6, 8}, 4));
  }

  @Test
  void scan_reversedGoesFromTheEnd_andYieldsStayInTheirPlaces() {
    Map<String, HostTensor> outputs =
        run(
            """
            layer Sums(backward: bool) {
              apply(xs: f32[T]) {
                last, sums = scan x in xs reversed when backward carry total = 0.0 {
                  total = total + x
                  yield total
                }
                return sums
              }
            }
            model M {
              input xs: f32[3]
              output forward = xs |> Sums(false)
              output backward = xs |> Sums(true)
              last = scan t in 0..5 reversed carry seen = -1 {
                seen = t
              }
              output last
            }
            """,
            Map.of("xs", HostTensor.of(new float[] {1, 2, 3}, 3)));
    assertThat(outputs.get("forward")).isEqualTo(HostTensor.of(new float[] {1, 3, 6}, 3));
    assertThat(outputs.get("backward")).isEqualTo(HostTensor.of(new float[] {6, 5, 3}, 3));
    assertThat(outputs.get("last").longAt(0)).isZero();
  }

  @Test
  void scan_overAnotherAxis_leavesTheStepsAtThatAxis() {
    Graph graph =
        model(
            """
            model M {
              input xs: f32[B, T, 3]
              input mask: bool[B, T]
              h, hs, means = scan x, m, t in xs, mask, 0..T over axis 1 carry h = full([B, 3], 0.0) {
                h = select(reshape(m, [B, 1]), h + x + cast(t, f32), h)
                yield h, sum(h)
              }
              doubled = scan x in xs over axis -1 {
                yield x * 2.0
              }
              output h
              output hs
              output means
              output doubled
            }
            """);
    Signature predict = graph.signature(Graph.PREDICT);
    assertThat(predict.body().results())
        .extracting(value -> value.type().toString())
        .containsExactly("f32[B, 3]", "f32[B, T, 3]", "f32[T]", "f32[B, T, 3]");
    Map<String, HostTensor> inputs = new HashMap<>();
    inputs.put("xs", HostTensor.ofDoubles(TensorType.of(DType.F32, 2, 3, 3), i -> i));
    inputs.put("mask", HostTensor.ofLongs(TensorType.of(DType.BOOL, 2, 3), i -> i % 2));
    Map<String, HostTensor> outputs = Interpreter.run(predict, inputs, Map.of()).outputs();
    assertThat(outputs.get("h").doubleAt(0)).isEqualTo(3 + 1);
    assertThat(outputs.get("h").doubleAt(5)).isEqualTo((11 + 0) + (17 + 2));
    assertThat(outputs.get("doubled"))
        .isEqualTo(HostTensor.ofDoubles(TensorType.of(DType.F32, 2, 3, 3), i -> 2 * i));
  }

  @Test
  void scan_capturesOnlyWhatItsResultsNeed_eachValueOnce() {
    Graph graph =
        model(
            """
            model M {
              input xs: f32[T, 3]
              input unused: f32[7]
              weight w: f32[3] = 0.5
              y = w * 2.0
              n = y.shape[0]
              hs = scan x in xs {
                size = unused.shape[0]
                dead = sum(unused)
                yield x * y + y + n
              }
              output hs
            }
            """);
    Node scan = only(graph.signature(Graph.PREDICT).body(), Scan.class);
    assertThat(scan.operands()).hasSize(2);
    assertThat(((Scan) scan.op()).body().parameters()).hasSize(2);
    assertThat(graph.signature(Graph.PREDICT).inputs()).containsExactly("xs");
  }

  @Test
  void scan_insideOfAScan_reachesThroughBoth() {
    Map<String, HostTensor> outputs =
        run(
            """
            model M {
              input xs: f32[2, 3]
              scale = sum(xs)
              table = scan row in xs {
                last, sums = scan x in row carry total = 0.0 {
                  total = total + x * scale + sum(row)
                  yield total
                }
                yield sums
              }
              output table
            }
            """,
            Map.of("xs", HostTensor.of(new float[] {1, 0, 0, 0, 1, 2}, 2, 3)));
    assertThat(outputs.get("table"))
        .isEqualTo(HostTensor.of(new float[] {5, 6, 7, 3, 10, 21}, 2, 3));
  }

  @Test
  void weights_declaredInside_belongToTheModelAndAreMadeOnce() {
    Graph graph =
        model(
            """
            import nn
            model M {
              input xs: f32[T, 2, 3]
              cell = nn.Dense(4)
              h, ys = scan x in xs carry h = full([2, 4], 0.0) {
                weight gain: f32[4] = 1.0
                h = tanh(gain * cell(x) + (h |> nn.Dense(4, bias = false)))
                yield h |> nn.Dense(1)
              }
              output ys
              again = scan x in xs {
                yield cell(x)
              }
              output again
            }
            """);
    assertThat(graph.variables())
        .extracting(Variable::name)
        .containsExactly("gain", "cell.w", "cell.b", "dense.w", "dense_2.w", "dense_2.b");
    assertThat(graph.signature(Graph.PREDICT).reads()).hasSize(6);
  }

  @Test
  void random_differsInEachIteration_andIsTheSameForTheSameSeed() {
    Graph graph =
        model(
            """
            import nn
            initializer steps {
              apply(shape: list, dtype: dtype) {
                table = scan t in 0..shape[0] {
                  row = scan u in 0..shape[1] {
                    yield sum(random_uniform([1]))
                  }
                  yield row
                }
                return table
              }
            }
            initializer counted {
              apply(shape: list, dtype: dtype) {
                i, x = while i < 5 carry i = 0, x = full(shape, 0.0) {
                  x = x + cast(iota(5) == i, f32) * random_uniform([1])
                  i = i + 1
                }
                return x
              }
            }
            model M {
              weight w: f32[4, 5] = steps
              weight v: f32[5] = counted
              output w = w * 1.0
              output v = v * 1.0
            }
            """);
    Signature initialize = graph.signature(Graph.INITIALIZE);
    HostTensor table = initial(initialize, 1, "w");
    assertThat(doubles(table)).doesNotHaveDuplicates().hasSize(20);
    assertThat(initial(initialize, 1, "w")).isEqualTo(table);
    assertThat(initial(initialize, 2, "w")).isNotEqualTo(table);
    assertThat(doubles(initial(initialize, 1, "v"))).doesNotHaveDuplicates().hasSize(5);
  }

  @Test
  void dropout_insideOfAScan_drawsInTrainingAlone() {
    Graph graph =
        model(
            """
            import nn
            model M {
              input xs: f32[B, T, 3]
              ys = scan x in xs over axis 1 {
                yield x |> nn.Dense(2) |> nn.Dropout(0.5)
              }
              output ys
              loss = mean(ys * ys)
            }
            train M {
              data xs = idx("xs")
              minimize loss
              optimizer sgd(0.1)
            }
            """);
    Scan training = (Scan) only(graph.signature(Graph.TRAIN).body(), Scan.class).op();
    Scan predicting = (Scan) only(graph.signature(Graph.PREDICT).body(), Scan.class).op();
    assertThat(count(training.body(), RandomBits.class)).isEqualTo(1);
    assertThat(count(predicting.body(), RandomBits.class)).isZero();
    assertThat(training.scanned()).isEqualTo(2);
    assertThat(predicting.scanned()).isEqualTo(1);
  }

  @Test
  void recompute_saysWhatTheGradientKeeps() {
    String text =
        """
        model M(lean: bool = %s) {
          input xs: f32[T]
          output ys = scan x in xs recompute when lean {
            yield sin(x)
          }
        }
        """;
    Scan lean =
        (Scan) only(model(text.formatted("true")).signature(Graph.PREDICT).body(), Scan.class).op();
    Scan plain =
        (Scan)
            only(model(text.formatted("false")).signature(Graph.PREDICT).body(), Scan.class).op();
    assertThat(lean.activations()).isEqualTo(Activations.RECOMPUTED);
    assertThat(plain.activations()).isEqualTo(Activations.SAVED);
  }

  @Test
  void while_runsAsLongAsItsConditionHolds() {
    Map<String, HostTensor> outputs =
        run(
            """
            model M {
              input x: f32[]
              bound = x * 100.0
              steps, y = while y < bound and steps < 50 carry steps = 0, y = x {
                y = y * 2.0
                steps = steps + 1
              }
              output steps
              output y
              output three = while true carry n = 0 limit 3 {
                n = n + 1
              }
            }
            """,
            Map.of("x", HostTensor.of(new float[] {3})));
    assertThat(outputs.get("steps").longAt(0)).isEqualTo(7);
    assertThat(outputs.get("y").doubleAt(0)).isEqualTo(384);
    assertThat(outputs.get("three").longAt(0)).isEqualTo(3);
  }

  @Test
  void cond_runsOneOfItsBranches() {
    String text =
        """
        model M {
          input x: f32[2]
          size, y = cond sum(x) > 10.0 {
            yield 2, x * 0.5
          } else cond sum(x) > 1.0 {
            yield 1, x
          } else {
            yield 0, [0.0, 0.0]
          }
          output size
          output y
        }
        """;
    Graph graph = model(text);
    assertThat(((Cond) only(graph.signature(Graph.PREDICT).body(), Cond.class).op()).whenTrue())
        .satisfies(body -> assertThat(body.parameters()).hasSize(1));
    float[][] cases = {{8, 8, 2, 4}, {1, 1, 1, 1}, {-1, 1, 0, 0}};
    for (float[] expected : cases) {
      Map<String, HostTensor> outputs =
          run(text, Map.of("x", HostTensor.of(new float[] {expected[0], expected[1]}, 2)));
      assertThat(outputs.get("size").longAt(0)).isEqualTo((long) expected[2]);
      assertThat(outputs.get("y").doubleAt(1)).isEqualTo(expected[3]);
    }
  }

  @Test
  void types_thatMayBeEqual_areGuarded() {
    Graph graph =
        model(
            """
            model M {
              input xs: f32[T, B]
              input start: f32[C]
              h = scan x in xs carry h = start {
                h = x
              }
              output h
            }
            """);
    Signature predict = graph.signature(Graph.PREDICT);
    assertThat(predict.guards())
        .extracting(Guard::toString)
        .anyMatch(guard -> guard.equals("B == C") || guard.equals("C == B"));
    assertThat(predict.output(0).type().toString()).isEqualTo("f32[C]");
  }

  @Test
  void graphs_withInnerBodies_printAndParse() {
    Graph graph =
        model(
            """
            model M {
              input xs: f32[T, B]
              k, y = while k < 3 carry k = 0, y = xs {
                y = cond max(y) > 1.0 {
                  yield y * 0.5
                } else {
                  yield y + 0.1
                }
                k = k + 1
              }
              output ys = scan x in y carry h = full([B], 0.0) {
                h = h + x
              }
            }
            """);
    assertThat(count(graph.signature(Graph.PREDICT).body(), While.class)).isEqualTo(1);
    assertThat(GraphParser.parse(GraphPrinter.print(graph), "m")).isEqualTo(graph);
  }

  private static Graph model(String text) {
    Elaborated elaborated = Dsl.elaborate("model.dlm", Sources.of(Map.of("model.dlm", text)));
    return elaborated.mainModel().orElseThrow().graph();
  }

  private static Map<String, HostTensor> run(String text, Map<String, HostTensor> inputs) {
    Graph graph = model(text);
    return Interpreter.run(graph.signature(Graph.PREDICT), inputs, Map.of()).outputs();
  }

  private static HostTensor initial(Signature initialize, long seed, String variable) {
    return Interpreter.run(initialize, Map.of("seed", HostTensor.scalar(seed)), Map.of())
        .updates()
        .get(variable);
  }

  private static List<Double> doubles(HostTensor tensor) {
    return java.util.stream.IntStream.range(0, (int) tensor.count())
        .mapToObj(tensor::doubleAt)
        .toList();
  }

  private static Node only(Body body, Class<?> op) {
    List<Node> found = body.nodes().stream().filter(node -> op.isInstance(node.op())).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static long count(Body body, Class<?> op) {
    return body.nodes().stream().filter(node -> op.isInstance(node.op())).count();
  }
}
