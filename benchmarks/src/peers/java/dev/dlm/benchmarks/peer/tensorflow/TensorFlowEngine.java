package dev.dlm.benchmarks.peer.tensorflow;

import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Workload;
import java.util.Optional;
import org.tensorflow.TensorFlow;

/**
 * TensorFlow: a graph with its gradients, run on the caller's thread and as many others as ops may
 * use.
 */
public final class TensorFlowEngine implements Engine {
  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public String version() {
    return TensorFlow.version();
  }

  @Override
  public Optional<Job> prepare(Workload work, int threads) {
    return Optional.of(new TensorFlowJob(model(work), threads));
  }

  private static ModelGraph model(Workload work) {
    return switch (work) {
      case Workload.Product product -> SmallModels.of(product);
      case Workload.MlpTraining(Workload.Optimizer optimizer) -> SmallModels.mlpTraining(optimizer);
      case Workload.MlpLatency _ -> SmallModels.mlp();
      case Workload.Elementwise elementwise -> SmallModels.of(elementwise);
      case Workload.CnnTraining _ -> ImageModels.cnn();
      case Workload.Resnet50Inference _ -> ImageModels.resnet50();
      case Workload.Resnet18Training _ -> ImageModels.resnet18();
      case Workload.LstmTraining _ -> SequenceModels.lstm();
      case Workload.Encoder(boolean training) -> SequenceModels.encoder(training);
      case Workload.Gpt2Forward _ -> SequenceModels.gpt2();
    };
  }
}
