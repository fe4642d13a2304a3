package dev.dlm.samples.small;

import static java.util.Objects.requireNonNull;

import dev.dlm.compiler.Compiler;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Models that use every kind of kernel: products and convolutions with epilogues, folds over rows
 * and columns, windows, gathers and scatters, loops with bodies, random bits, and optimizers. Sizes
 * are no multiples of vectors, and large enough for work to be shared among threads.
 */
final class SmallModels {
  static final String PERCEPTRON = "perceptron";
  static final String CONVOLUTIONAL = "convolutional";
  static final String RESIDUAL = "residual";
  static final String RECURRENT = "recurrent";
  static final String ATTENTIVE = "attentive";
  static final String GATED = "gated";

  private static final Map<String, String> TEXTS =
      Map.of(
          PERCEPTRON,
          model(
              """
              input x: f32[B, 131]
              logits = x |> nn.Dense(97) |> gelu |> nn.LayerNorm() |> nn.Dropout(0.2)
                |> nn.Dense(70) |> tanh |> nn.Dense(10)
              """,
              "adam(rate = 1e-3)"),
          CONVOLUTIONAL,
          model(
              """
              input x: f32[B, 2, 14, 15]
              logits = x |> nn.Conv(9, kernel = 5) |> relu |> nn.max_pool(2)
                |> nn.Conv(20, stride = 2) |> nn.BatchNorm() |> relu |> nn.global_mean_pool()
                |> nn.Dense(10)
              """,
              "momentum(rate = 1e-2)"),
          // Convolutions over points, of one tap with and without strides, and of single channels.
          RESIDUAL,
          model(
              """
              input x: f32[B, 3, 17, 15]
              first = x |> nn.Conv(20) |> relu
              second = relu(first + (first |> nn.Conv(20)))
              logits = second |> nn.Conv(24, kernel = 1, stride = 2) |> relu
                |> nn.Conv(24, groups = 24) |> nn.Conv(33, kernel = 1) |> relu
                |> nn.global_mean_pool() |> nn.Dense(10)
              """,
              "sgd(rate = 1e-2)"),
          RECURRENT,
          model(
              """
              input x: f32[B, 9, 21]
              logits = (x |> nn.Lstm(37))[:, -1] |> nn.Dense(10)
              """,
              "sgd(rate = 1e-1)"),
          ATTENTIVE,
          model(
              """
              input x: i32[B, 19]
              tokens = x |> nn.Embedding(50, 24)
              logits = (tokens |> nn.TransformerBlock(heads = 3, causal = true))[:, -1] |> nn.Dense(10)
              """,
              "adamw(rate = 1e-3, decay = 0.1)"),
          // A single row times columns that lie side by side.
          GATED,
          model(
              """
              input x: f32[B, 131]
              weight codes: f32[83, 131] = glorot_uniform
              gates = sigmoid(mean(x, axis = 0, keep = true) @ transpose(codes))
              logits = (x |> nn.Dense(83) |> relu) * gates |> nn.Dense(10)
              """,
              "sgd(rate = 1e-2)"));

  private SmallModels() {}

  private static String model(String statements, String optimizer) {
    return """
    import nn
    model Small {
      input label: i32[B]
    %s
      output probability = softmax(logits)
      loss = mean(cross_entropy(logits, label))
    }
    train Small {
      data x, label = idx("x", "label")
      minimize loss
      optimizer %s
      batch 24
      epochs 1
    }
    """
        .formatted(statements, optimizer);
  }

  /** The compiled models, by name. */
  static SortedMap<String, Plan> compile() {
    SortedMap<String, Plan> plans = new TreeMap<>();
    TEXTS.keySet().forEach(name -> plans.put(name, compile(name)));
    return plans;
  }

  static Plan compile(String name) {
    Sources sources = Sources.of(Map.of("small.dlm", requireNonNull(TEXTS.get(name))));
    return Compiler.compile(Dsl.elaborate("small.dlm", sources).mainModel().orElseThrow().graph());
  }

  /** Inputs of a program of one of the models: always the same numbers. */
  static Map<String, Tensor> inputs(Program program, long batch) {
    Map<String, Tensor> inputs = new TreeMap<>();
    for (Program.Port port : program.inputs()) {
      inputs.put(port.name(), input(port.name(), port.view().type(), batch));
    }
    return inputs;
  }

  private static Tensor input(String name, TensorType type, long batch) {
    long[] sizes =
        type.shape().dims().stream()
            .mapToLong(dim -> dim.isConstant() ? dim.asLong() : batch)
            .toArray();
    Tensor tensor = Tensor.zeros(type.dtype(), sizes);
    MemorySegment memory = tensor.memory();
    Random random = new Random(name.hashCode());
    for (long i = 0; i < tensor.count(); i++) {
      switch (type.dtype()) {
        case F32 ->
            memory.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) random.nextGaussian());
        case I32 -> memory.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, random.nextInt(10));
        // How many steps the training takes.
        case I64 -> memory.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, 1000);
        case F64, BF16, F16, I8, U8, BOOL -> throw new IllegalArgumentException(name + ": " + type);
      }
    }
    return tensor;
  }
}
