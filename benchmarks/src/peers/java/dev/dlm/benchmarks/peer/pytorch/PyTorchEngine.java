package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.benchmarks.work.Workload.Elementwise;
import dev.dlm.benchmarks.work.Workload.MlpTraining;
import dev.dlm.benchmarks.work.Workload.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Inference and training in PyTorch. */
public final class PyTorchEngine implements Engine {
  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Job> prepare(Workload work, int threads) {
    torch.set_num_threads(threads);
    openblas_full.openblas_set_num_threads(threads);
    return Optional.of(
        switch (work) {
          case Product product -> product(product);
          case MlpTraining(Workload.Optimizer optimizer) -> {
            Tensors tensors = new Tensors();
            Mlp mlp = Mlp.of(tensors);
            yield classification(mlp::logits, 10, optimizer, tensors, "image", 128, 784);
          }
          case Workload.CnnTraining _ -> {
            Tensors tensors = new Tensors();
            Cnn cnn = Cnn.of(tensors);
            yield classification(
                cnn::logits, 10, Workload.Optimizer.SGD, tensors, "image", 64, 1, 28, 28);
          }
          case Workload.Resnet50Inference _ -> {
            Tensors tensors = new Tensors();
            Resnet50 resnet = Resnet50.of(tensors);
            Tensor image = tensors.input("image", 1, 3, 224, 224);
            yield new InferenceJob(() -> resnet.logits(image), tensors);
          }
          case Workload.Resnet18Training _ -> {
            Tensors tensors = new Tensors();
            Resnet18 resnet = Resnet18.of(tensors);
            yield classification(
                resnet::logits, 10, Workload.Optimizer.MOMENTUM, tensors, "image", 32, 3, 32, 32);
          }
          case Workload.LstmTraining _ -> {
            Tensors tensors = new Tensors();
            Lstm lstm = Lstm.of(tensors);
            yield classification(
                lstm::logits, 64, Workload.Optimizer.SGD, tensors, "sequence", 32, 64, 128);
          }
          case Workload.Encoder(boolean training) -> training ? encoderTraining() : encoder();
          case Workload.Gpt2Forward _ -> {
            Tensors tensors = new Tensors();
            Gpt2 gpt2 = Gpt2.of(tensors);
            Tensor tokens = tensors.indices("tokens", 50257, 128);
            yield new InferenceJob(() -> gpt2.logits(tokens), tensors);
          }
          case Workload.MlpLatency _ -> {
            Tensors tensors = new Tensors();
            yield new LatencyJob(Mlp.of(tensors), tensors);
          }
          case Elementwise elementwise -> elementwise(elementwise);
        });
  }

  private static Job product(Product work) {
    Tensors tensors = new Tensors();
    Tensor a = tensors.input("a", work.rows(), work.depth());
    Tensor b = tensors.weight("b", work.depth(), work.columns());
    Tensor c = tensors.keep(torch.empty(work.rows(), work.columns()));
    return new InferenceJob(() -> torch.mm_out(c, a, b), tensors);
  }

  private static Job encoder() {
    Tensors tensors = new Tensors();
    Encoder encoder = Encoder.of(tensors);
    Tensor x = tensors.input("x", 8 * 128, 256);
    return new InferenceJob(() -> encoder.output(x), tensors);
  }

  private static Job encoderTraining() {
    Tensors tensors = new Tensors();
    Encoder encoder = Encoder.of(tensors);
    Tensor x = tensors.input("x", 8 * 128, 256);
    Tensor target = tensors.input("target", 8 * 128, 256);
    return new TrainingJob(
        () -> torch.mse_loss(encoder.output(x), target),
        List.of(Feed.of("x", x), Feed.of("target", target)),
        optimizer(Workload.Optimizer.ADAM, tensors.trained()),
        tensors);
  }

  private static Job elementwise(Elementwise work) {
    Tensors tensors = new Tensors();
    Tensor x = tensors.input("x", 4096, 1024);
    Tensor y = tensors.keep(torch.empty(4096, 1024));
    Network network =
        switch (work.formula()) {
          case GELU -> {
            Tensor w = tensors.input("w", 1024);
            Tensor b = tensors.bias("b", 1024);
            Tensor r = tensors.input("r", 4096, 1024);
            BytePointer tanh = new BytePointer("tanh");
            yield () -> torch.gelu_out(y, torch.addcmul_out(y, b, x, w), tanh).add_(r);
          }
          case LAYERNORM -> {
            TensorOptional scale = new TensorOptional(tensors.scale("scale", 1024));
            TensorOptional shift = new TensorOptional(tensors.bias("shift", 1024));
            Tensor mean = tensors.keep(torch.empty(4096, 1));
            Tensor deviation = tensors.keep(torch.empty(4096, 1));
            long[] width = {1024};
            yield () ->
                torch
                    .native_layer_norm_out(y, mean, deviation, x, width, scale, shift, 1e-5)
                    .get0();
          }
          case SOFTMAX -> () -> torch.softmax_out(y, x, -1);
        };
    return new InferenceJob(network, tensors);
  }

  /** Training of a classifier by mean cross entropy. */
  private static Job classification(
      Function<Tensor, Tensor> logits,
      int classes,
      Workload.Optimizer optimizer,
      Tensors tensors,
      String name,
      long... shape) {
    Tensor input = tensors.input(name, shape);
    Tensor label = tensors.indices("label", classes, shape[0]);
    return new TrainingJob(
        () -> torch.cross_entropy_loss(logits.apply(input), label),
        List.of(Feed.of(name, input), Feed.of("label", classes, label)),
        optimizer(optimizer, tensors.trained()),
        tensors);
  }

  private static Optimizer optimizer(Workload.Optimizer optimizer, TensorVector parameters) {
    return switch (optimizer) {
      case SGD -> new SGD(parameters, new SGDOptions(0.01));
      case MOMENTUM -> {
        SGDOptions options = new SGDOptions(0.01);
        options.momentum().put(0.9);
        yield new SGD(parameters, options);
      }
      case ADAM -> new Adam(parameters, new AdamOptions(0.001));
    };
  }
}
