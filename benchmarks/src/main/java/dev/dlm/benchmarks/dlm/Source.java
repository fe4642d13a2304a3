package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.work.Workload;
import dev.dlm.benchmarks.work.Workload.Optimizer;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.Graph;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;

/**
 * Where the model of some work stands.
 *
 * @param file beside this class
 * @param model in the file
 * @param signature what is run
 */
record Source(String file, String model, String signature) {

  static Source of(Workload work) {
    return switch (work) {
      case Workload.Product product ->
          new Source(
              "products.dlm",
              "Product%dx%d".formatted(product.columns(), product.depth()),
              Graph.PREDICT);
      case Workload.MlpTraining(Optimizer optimizer) ->
          switch (optimizer) {
            case SGD -> new Source("mlp.dlm", "Mlp", Graph.TRAIN);
            case ADAM -> new Source("mlp.dlm", "MlpAdam", Graph.TRAIN);
            case MOMENTUM -> throw new IllegalArgumentException("no model for " + work);
          };
      case Workload.CnnTraining _ -> new Source("cnn.dlm", "Cnn", Graph.TRAIN);
      case Workload.Resnet50Inference _ -> new Source("resnet50.dlm", "Resnet50", Graph.PREDICT);
      case Workload.Resnet18Training _ -> new Source("resnet18.dlm", "Resnet18", Graph.TRAIN);
      case Workload.LstmTraining _ -> new Source("lstm.dlm", "Lstm", Graph.TRAIN);
      case Workload.Encoder(boolean training) ->
          new Source("encoder.dlm", "Encoder", training ? Graph.TRAIN : Graph.PREDICT);
      case Workload.Gpt2Forward _ -> new Source("gpt2.dlm", "Gpt2", Graph.PREDICT);
      case Workload.MlpLatency _ -> new Source("mlp.dlm", "Mlp", Graph.PREDICT);
      case Workload.Elementwise(Workload.Formula formula) ->
          switch (formula) {
            case GELU -> new Source("elementwise.dlm", "Gelu", Graph.PREDICT);
            case LAYERNORM -> new Source("elementwise.dlm", "LayerNorm", Graph.PREDICT);
            case SOFTMAX -> new Source("elementwise.dlm", "Softmax", Graph.PREDICT);
          };
    };
  }

  /** The model, elaborated. */
  ElaboratedModel elaborate() {
    return Dsl.elaborate(file, BESIDE).models().stream()
        .filter(candidate -> candidate.name().equals(model))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(file + " has no model " + model));
  }

  /** The files beside this class. */
  static final Sources BESIDE =
      name -> {
        try (InputStream text = Source.class.getResourceAsStream(name)) {
          if (text == null) {
            throw new NoSuchFileException(name);
          }
          return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
      };
}
