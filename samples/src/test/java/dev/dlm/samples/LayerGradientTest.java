package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.dsl.source.StandardLibrary;
import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.reference.Interpreter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients of everything differentiable in the standard library, in training mode: the derivative
 * of the loss along one random direction of all weights and inputs, from the compiler's gradients
 * and from central differences, in {@code f64}.
 */
class LayerGradientTest {
  private static final double STEP = 1e-5;

  /**
   * Central differences err by about {@code STEP² = 1e-10} times the third derivative and by
   * rounding, {@code 1e-16 / STEP = 1e-11} times the loss; both are of order one here.
   */
  private static final double TOLERANCE = 1e-7;

  private static final Pattern DECLARED =
      Pattern.compile("^(layer|function) (\\w+)", Pattern.MULTILINE);

  /** Functions of construction values, and those that draw random numbers or count classes. */
  private static final Set<String> NOT_DIFFERENTIABLE =
      Set.of(
          "as_float",
          "is_float",
          "fan_in",
          "fan_out",
          "one_hot",
          "random_uniform",
          "random_normal");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x |> nn.Dense(3)",
        "x |> nn.Dense(3, bias = false)",
        "x |> flatten |> nn.Dense(2)",
        "x |> nn.BatchNorm()",
        "x |> nn.LayerNorm()",
        "x |> nn.Dropout(0.3)",
        "image |> nn.Conv(2, kernel = 3)",
        "image |> nn.Conv(4, kernel = 3, stride = 2, padding = \"valid\", groups = 2)",
        "image |> nn.Conv(2, kernel = 2, dilation = 2, bias = false)",
        "image |> nn.Conv(2, kernel = [3, 1], padding = [2, 0], stride = [2, 1], dilation = [1, 2])",
        "reshape(image, [B, 2, 36]) |> nn.Conv(3, kernel = 4, stride = 3)",
        "reshape(image, [B, 2, 2, 3, 6]) |> nn.Conv(2, kernel = 2, stride = [1, 1, 2])",
        "image |> nn.ConvTranspose(3, stride = 2)",
        "image |> nn.ConvTranspose(4, kernel = 3, stride = 3, padding = 1, output_padding = 2, groups = 2)",
        "reshape(image, [B, 2, 36]) |> nn.ConvTranspose(2, kernel = 3, dilation = 2, bias = false)",
        "reshape(image, [B, 2, 2, 3, 6]) |> nn.ConvTranspose(2, kernel = 2, stride = 2)",
        "reshape(image, [B, 2, 36]) |> mean_pool(4)",
        "reshape(image, [B, 2, 2, 3, 6]) |> max_pool(2, stride = 1)",
        "sum(gradient(sum(tanh(image |> nn.ConvTranspose(2, stride = 2))), over = image), 1)",
        "image |> nn.BatchNorm()",
        "image |> max_pool(2)",
        "image |> mean_pool(2)",
        "variance(x, -1)",
        "mean(x, 0, keep = true)",
        "relu(x)",
        "leaky_relu(x, 0.1)",
        "gelu(x)",
        "silu(x)",
        "softplus(x)",
        "softmax(x)",
        "log_softmax(x)",
        "log_sum_exp(x)",
        "cross_entropy(x, label)",
        "binary_cross_entropy(x, sigmoid(x * 0.5))",
        "square_error(x, sin(x))",
        "mean_square_error(x, sin(x))",
        "mean_absolute_error(x, cos(x) + 3.0)"
      })
  void lossGradient_agreesWithDifferences(String expression) {
    Signature train = lossAndGradients(expression);
    Random random = new Random(expression.hashCode());
    List<HostTensor> point = new ArrayList<>();
    List<HostTensor> direction = new ArrayList<>();
    for (Value parameter : train.body().parameters()) {
      TensorType type =
          parameter.type().withShape(parameter.shape().substitute(Map.of("B", Dim.of(4))));
      if (type.dtype().isFloat()) {
        point.add(HostTensor.ofDoubles(type, i -> random.nextGaussian()));
        direction.add(HostTensor.ofDoubles(type, i -> random.nextGaussian()));
      } else {
        point.add(HostTensor.ofLongs(type, i -> i % 5));
        direction.add(HostTensor.filled(type, 0));
      }
    }
    Body body = Interpreter.specialize(train.body(), Map.of("B", Dim.of(4)));
    List<HostTensor> results = Interpreter.evaluate(body, point);
    double along = 0;
    int result = 1;
    for (int i = 0; i < point.size(); i++) {
      if (point.get(i).dtype().isFloat()) {
        HostTensor gradient = results.get(result++);
        for (int k = 0; k < gradient.count(); k++) {
          along += gradient.doubleAt(k) * direction.get(i).doubleAt(k);
        }
      }
    }
    double difference =
        (loss(body, point, direction, STEP) - loss(body, point, direction, -STEP)) / (2 * STEP);
    assertThat(Math.abs(along)).as("the check must see a slope").isGreaterThan(1e-6);
    assertThat(along - difference)
        .as("gradient %s, difference %s", along, difference)
        .isBetween(-TOLERANCE * (1 + Math.abs(difference)), TOLERANCE * (1 + Math.abs(difference)));
  }

  private static double loss(
      Body body, List<HostTensor> point, List<HostTensor> direction, double step) {
    List<HostTensor> moved = new ArrayList<>();
    for (int i = 0; i < point.size(); i++) {
      HostTensor at = point.get(i);
      HostTensor along = direction.get(i);
      moved.add(
          at.dtype().isFloat()
              ? HostTensor.ofDoubles(at.type(), k -> at.doubleAt(k) + step * along.doubleAt(k))
              : at);
    }
    return Interpreter.evaluate(body, moved).get(0).doubleAt(0);
  }

  /**
   * A training signature cut down to its loss, with the gradients over all floating-point
   * parameters behind it.
   */
  private static Signature lossAndGradients(String expression) {
    String model =
        """
        import nn
        model M() {
          input x: f64[B, 5]
          input image: f64[B, 2, 6, 6]
          input label: i32[B]
          y = %s
          anchor = mean(x |> nn.Dense(1)) + mean(x * x) + mean(image * image) + mean(cast(label, f64))
          output value = y
          loss = mean(sin(y) * (y + 0.5)) + anchor * 0.01
        }
        train M {
          data x, image, label = idx("x", "image", "label")
          minimize loss
          optimizer sgd(rate = 0.1)
          batch 4
          epochs 1
        }
        """
            .formatted(expression);
    Graph graph =
        Dsl.elaborate("layer.dlm", Sources.of(Map.of("layer.dlm", model)))
            .mainModel()
            .orElseThrow()
            .graph();
    Signature train = graph.signature(Graph.TRAIN);
    BodyRewriter rewriter = new BodyRewriter(train.body());
    for (Node node : train.body().nodes()) {
      rewriter.copy(node);
    }
    Body copied = rewriter.finish();
    Value loss = copied.results().get(train.outputs().indexOf("loss"));
    List<Value> over =
        copied.parameters().stream().filter(value -> value.dtype().isFloat()).toList();
    List<Value> results = new ArrayList<>(List.of(loss));
    results.addAll(rewriter.builder().gradient(loss, over));
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.add("r" + i);
    }
    Signature cut =
        new Signature(
            Graph.TRAIN,
            train.inputs(),
            train.reads(),
            rewriter.builder().build(results),
            outputs,
            List.of(),
            train.guards());
    Graph whole = new Graph("m", graph.variables(), List.of(cut));
    return new ExpandGradients().apply(whole).signature(Graph.TRAIN);
  }

  @Test
  void cases_coverEveryLayerAndFunctionOfTheLibrary() throws NoSuchMethodException {
    ValueSource cases =
        LayerGradientTest.class
            .getDeclaredMethod("lossGradient_agreesWithDifferences", String.class)
            .getAnnotation(ValueSource.class);
    String all = String.join("\n", cases.strings());
    Set<String> missing = new TreeSet<>();
    List<String> files = List.of("nn/layers.dlm", "nn/functions.dlm", "nn/losses.dlm");
    assertThat(StandardLibrary.files("nn")).containsAll(files);
    for (String file : files) {
      Matcher declared = DECLARED.matcher(StandardLibrary.text(file).orElseThrow());
      while (declared.find()) {
        missing.add(declared.group(2));
      }
    }
    assertThat(missing).as("the library was read").contains("Dense", "relu", "cross_entropy");
    missing.removeAll(NOT_DIFFERENTIABLE);
    missing.removeIf(
        name -> Pattern.compile("\\b" + name + "\\(|\\|> " + name + "\\b").matcher(all).find());
    assertThat(missing).isEmpty();
  }
}
