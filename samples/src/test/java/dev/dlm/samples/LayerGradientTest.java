package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.dsl.source.StandardLibrary;
import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
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
   * Central differences of fourth order err by about {@code STEP⁴ = 1e-20} times the fifth
   * derivative and by rounding, {@code 1e-16 / STEP = 1e-11} times the loss.
   */
  private static final double TOLERANCE = 1e-7;

  private static final Pattern DECLARED =
      Pattern.compile("^(layer|function) (\\w+)", Pattern.MULTILINE);

  /** Functions of construction values, and those that draw random numbers or count classes. */
  private static final Set<String> NOT_DIFFERENTIABLE =
      Set.of(
          "adam_step",
          "as_float",
          "is_float",
          "sinusoidal_positions",
          "fan_in",
          "fan_out",
          "count_true",
          "random_bernoulli",
          "random_categorical",
          "random_permutation",
          "random_truncated_normal",
          "random_uniform",
          "random_normal");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x |> nn.Dense(3)",
        "x |> nn.Dense(3, bias = false)",
        "x |> flatten |> nn.Dense(2)",
        "label |> nn.Embedding(5, 3, dtype = f64)",
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
        "erf_inverse(tanh(x))",
        "softmax(x)",
        "log_softmax(x)",
        "log_sum_exp(x)",
        "cross_entropy(x, label)",
        "binary_cross_entropy(x, sigmoid(x * 0.5))",
        "square_error(x, sin(x))",
        "mean_square_error(x, sin(x))",
        "mean_absolute_error(x, cos(x) + 3.0)",
        "sequence |> nn.RmsNorm()",
        "image |> nn.GroupNorm(1)",
        "image |> nn.InstanceNorm()",
        "standardized(x)",
        "x |> nn.ChannelDropout(0.3)",
        "image |> nn.ChannelDropout(0.3)",
        "x |> nn.Sequential([nn.Dense(4), tanh, nn.Dense(2)])",
        "x |> nn.Residual([nn.Dense(4), tanh], shortcut = [nn.Dense(4)])",
        "x |> nn.Residual([tanh])",
        "image |> nn.PRelu()",
        "image |> global_mean_pool",
        "image |> global_max_pool",
        "gelu(x, approximate = true)",
        "relu6(x * 3.0)",
        "elu(x, 0.7)",
        "selu(x)",
        "celu(x, 0.7)",
        "mish(x)",
        "softsign(x)",
        "hard_sigmoid(x)",
        "hard_swish(x * 2.0)",
        "hard_tanh(x)",
        "log_sigmoid(x)",
        "glu(sequence)",
        "swiglu(sequence)",
        "masked_softmax(sequence, reshape(mask, [B, 3, 1]))",
        "masked_softmax(sequence, iota(8) < 5)",
        "sequence + nn.Positions(7, 8, f64)(mask)",
        "rotary(reshape(sequence, [B, 3, 2, 4]))",
        "rotary(reshape(sequence, [B, 3, 2, 4]), base = 100.0, offset = 5, interleaved = true)",
        "scaled_dot_attention(reshape(sequence, [B, 3, 2, 4]), reshape(memory, [B, 4, 1, 4]),"
            + " reshape(memory, [B, 4, 1, 4]))",
        "sequence |> nn.Attention(2)",
        "sequence |> nn.Attention(4, kv_heads = 2, causal = true, rotary_base = 100.0)",
        "nn.Attention(2, bias = false)(sequence, memory, memory_mask)",
        "nn.Attention(2, causal = true, dropout = 0.2)(sequence, mask = mask)",
        "sequence |> nn.FeedForward(6)",
        "sequence |> nn.FeedForward(6, activation = silu, gated = true, dropout = 0.2)",
        "nn.TransformerBlock(2, causal = true, dropout = 0.2)(sequence, mask)",
        "sequence |> nn.TransformerBlock(2, norm = nn.RmsNorm, norm_first = false)",
        "nn.DecoderBlock(2)(sequence, memory, mask, memory_mask)",
        "nn.DecoderBlock(2, norm_first = false)(sequence, memory)",
        "cross_entropy(x, label, smoothing = 0.1, ignored = 2)",
        "cross_entropy(x, label, weights = [1.0, 2.0, 0.5, 0.0, 3.0])",
        "huber(x, sin(x), 0.3)",
        "hinge(x, sign(sin(x)))",
        "kl_divergence(log_softmax(x), log_softmax(sin(x)))",
        "normal_divergence(x, sin(x))",
        "cosine_similarity(x, sin(x) + 0.3)",
        "triplet(x, sin(x), cos(x))",
        "masked_mean(sequence, reshape(mask, [B, 3, 1]))",
        "sequence |> nn.Rnn(4)",
        "nn.Rnn(4, backward = true, act = sin)(sequence, x[:, 1:], mask = mask)",
        "sequence |> nn.Lstm(4)",
        "concat(nn.Lstm(5, states = true)(sequence, x, tanh(x), mask)[1:])",
        "gradient(sum(sin(sequence |> nn.Lstm(2))), over = sequence)",
        "sequence |> nn.Gru(4, backward = true)",
        "nn.Gru(5)(sequence, x, mask = mask)",
        "nn.Bidirectional(nn.Gru, 2)(sequence, mask)",
        "concat(lstm_cell(concat([x, x, x, x]), sin(x)))",
        "gru_cell(concat([x, x, x]), concat([x, x, x]), mean(x, 0), sin(x))",
        "kept_where(mask[:, 0], x, sin(x))",
        "ctc(memory, reshape(concat([label, label]), [B, 2]) % 3 + 1)",
        "ctc(sequence, reshape(label, [B, 1]), mask, mask[:, 0:1], blank = 5)"
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
        boolean isTruth = type.dtype() == DType.BOOL;
        point.add(HostTensor.ofLongs(type, i -> isTruth ? i % 5 % 2 : i % 5));
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
    double near = loss(body, point, direction, STEP) - loss(body, point, direction, -STEP);
    double far = loss(body, point, direction, 2 * STEP) - loss(body, point, direction, -2 * STEP);
    double difference = (8 * near - far) / (12 * STEP);
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
          input sequence: f64[B, 3, 8]
          input memory: f64[B, 4, 4]
          input mask: bool[B, 3]
          input memory_mask: bool[B, 3, 4]
          y = %s
          anchor = mean(x |> nn.Dense(1)) + mean(x * x) + mean(image * image) + mean(cast(label, f64))
            + mean(sequence * sequence) + mean(memory * memory) + cast(mean(mask), f64)
            + cast(mean(memory_mask), f64)
          output value = y
          loss = mean(sin(y) * (y + 0.5)) + anchor * 0.01
        }
        train M {
          data x, image, label, sequence, memory, mask, memory_mask =
            idx("x", "image", "label", "sequence", "memory", "mask", "memory_mask")
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
    for (String file : StandardLibrary.files("nn")) {
      Matcher declared = DECLARED.matcher(StandardLibrary.text(file).orElseThrow());
      while (declared.find()) {
        missing.add(declared.group(2));
      }
    }
    assertThat(missing)
        .as("the library was read")
        .contains("Dense", "relu", "cross_entropy", "Attention");
    missing.removeAll(NOT_DIFFERENTIABLE);
    missing.removeIf(
        name -> Pattern.compile("\\b" + name + "\\(|\\|> " + name + "\\b").matcher(all).find());
    assertThat(missing).isEmpty();
  }
}
