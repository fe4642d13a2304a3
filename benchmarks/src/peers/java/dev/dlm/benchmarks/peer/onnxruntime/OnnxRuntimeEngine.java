package dev.dlm.benchmarks.peer.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Workload;
import java.io.IOException;
import java.util.Optional;

/** Inference in ONNX Runtime: all optimizations of graphs, one op after the other. */
public final class OnnxRuntimeEngine implements Engine {
  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public String version() {
    return OrtEnvironment.getEnvironment().getVersion();
  }

  @Override
  public Optional<Job> prepare(Workload work, int threads) throws OrtException, IOException {
    return switch (work) {
      case Workload.Product product -> prepare(SmallModels.of(product), threads);
      case Workload.Resnet50Inference _ -> prepare(Resnet50Model.build(), threads);
      case Workload.Encoder(boolean training) ->
          training ? Optional.empty() : prepare(TransformerModels.encoder(), threads);
      case Workload.Gpt2Forward _ -> prepare(TransformerModels.gpt2(), threads);
      case Workload.MlpLatency _ -> {
        OnnxModel model = SmallModels.mlp();
        OrtSession session = session(model, threads);
        yield Optional.of(new LatencyJob(session, model, session));
      }
      case Workload.Elementwise elementwise -> prepare(SmallModels.of(elementwise), threads);
      case Workload.MlpTraining _,
          Workload.CnnTraining _,
          Workload.Resnet18Training _,
          Workload.LstmTraining _ ->
          Optional.empty();
    };
  }

  private static Optional<Job> prepare(OnnxModel model, int threads)
      throws OrtException, IOException {
    return Optional.of(new SessionJob(session(model, threads), model));
  }

  private static OrtSession session(OnnxModel model, int threads) throws OrtException, IOException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(model.encode(), options);
    }
  }
}
