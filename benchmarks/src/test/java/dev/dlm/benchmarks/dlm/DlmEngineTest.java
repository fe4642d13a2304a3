package dev.dlm.benchmarks.dlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.benchmarks.work.Workload.Optimizer;
import dev.dlm.runtime.Model;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine computes, against plain loops in double precision. */
class DlmEngineTest {
  /** Sums of up to 784 terms in single precision: 784 roundings of 6e-8, which mostly cancel. */
  private static final double TOLERANCE = 1e-5;

  @Test
  void product_isThatOfTheNamedValues() throws Exception {
    Workload.Product work = new Workload.Product("gemm", 256, 256, 256);
    float[] a = Values.input("a", 256 * 256);
    float[] b = Values.weight("b", 256 * 256, 256);
    try (Job job = new DlmEngine().prepare(work, 2).orElseThrow()) {
      job.run();
      float[] c = job.result();
      for (int row = 0; row < 256; row++) {
        double[] expected = Dense.product(a, row * 256, b, 256, 256);
        for (int column = 0; column < 256; column++) {
          assertThat((double) c[row * 256 + column]).isCloseTo(expected[column], offset(TOLERANCE));
        }
      }
    }
  }

  @Test
  void vectorTimesMatrix_isThatOfTheNamedValues() throws Exception {
    float[] expected =
        floats(
            Dense.product(Values.input("a", 784), 0, Values.weight("b", 784 * 128, 784), 784, 128));
    try (Job job =
        new DlmEngine().prepare(new Workload.Product("gemv", 1, 128, 784), 1).orElseThrow()) {
      job.run();
      assertThat(job.result()).containsExactly(expected, offset((float) TOLERANCE));
    }
  }

  @Test
  void latency_givesProbabilities_toEachCaller() throws Exception {
    try (Job job = new DlmEngine().prepare(new Workload.MlpLatency(), 1).orElseThrow();
        Job other = job.anotherCaller()) {
      job.run();
      other.run();
      float[] expected = floats(new Dense(1).probabilities()[0]);
      assertThat(job.result()).containsExactly(expected, offset((float) TOLERANCE));
      assertThat(other.result()).containsExactly(job.result());
    }
  }

  @Test
  void compiledModel_predictsTheSame(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mlp.dlmc");
    CompiledModel.write(new Workload.MlpLatency(), file);
    try (Model model = Model.load(file)) {
      Tensor image = Tensor.of(Values.input("image", 784), 1, 784);
      float[] found = model.predict(Map.of("image", image)).values().iterator().next().floats();
      assertThat(found)
          .containsExactly(floats(new Dense(1).probabilities()[0]), offset((float) TOLERANCE));
    }
  }

  /** A step changes the loss by some hundredths; the second loss tells whether weights follow. */
  @ParameterizedTest
  @EnumSource(value = Optimizer.class, names = "MOMENTUM", mode = EnumSource.Mode.EXCLUDE)
  void mlpTraining_descends(Optimizer optimizer) throws Exception {
    Dense dense = new Dense(128);
    try (Job job = new DlmEngine().prepare(new Workload.MlpTraining(optimizer), 2).orElseThrow()) {
      for (int step = 1; step <= 3; step++) {
        job.run();
        assertThat((double) job.result()[0])
            .isCloseTo(dense.trainingStep(optimizer, step), offset(1e-4));
      }
    }
  }

  @Test
  void softmaxAndLayerNorm_areThoseOfTheNamedValues() throws Exception {
    float[] x = Values.input("x", 4096 * 1024);
    float[] scale = Values.scale("scale", 1024);
    float[] shift = Values.bias("shift", 1024);
    float[] softmax = result(new Workload.Elementwise(Workload.Formula.SOFTMAX));
    float[] norm = result(new Workload.Elementwise(Workload.Formula.LAYERNORM));
    for (int row = 0; row < 4096; row += 255) {
      double sum = 0;
      double mean = 0;
      double squares = 0;
      for (int i = 0; i < 1024; i++) {
        double value = x[row * 1024 + i];
        sum += Math.exp(value);
        mean += value / 1024;
        squares += value * value / 1024;
      }
      double deviation = Math.sqrt(squares - mean * mean + 1e-5);
      for (int i = 0; i < 1024; i++) {
        int at = row * 1024 + i;
        assertThat((double) softmax[at]).isCloseTo(Math.exp(x[at]) / sum, offset(1e-8));
        assertThat((double) norm[at])
            .isCloseTo((x[at] - mean) / deviation * scale[i] + shift[i], offset(1e-5));
      }
    }
  }

  @Test
  void gelu_isThatOfTheNamedValues() throws Exception {
    float[] x = Values.input("x", 4096 * 1024);
    float[] r = Values.input("r", 4096 * 1024);
    float[] w = Values.input("w", 1024);
    float[] b = Values.bias("b", 1024);
    float[] found = result(new Workload.Elementwise(Workload.Formula.GELU));
    for (int i = 0; i < found.length; i += 257) {
      double z = (double) x[i] * w[i % 1024] + b[i % 1024];
      double inner = Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z);
      double expected = 0.5 * z * (1 + Math.tanh(inner)) + r[i];
      assertThat((double) found[i]).isCloseTo(expected, offset(1e-6));
    }
  }

  private static float[] result(Workload work) throws Exception {
    try (Job job = new DlmEngine().prepare(work, 2).orElseThrow()) {
      job.run();
      return job.result();
    }
  }

  static Stream<Workload> work() {
    return Workload.all().stream();
  }

  /** What the files' models compute is tested by {@link TinyModelsTest} and above. */
  @ParameterizedTest
  @MethodSource("work")
  void everyWork_hasAModel(Workload work) throws IOException {
    Source source = Source.of(work);
    assertThat(Source.BESIDE.read(source.file()))
        .containsPattern("model " + source.model() + "[ (]");
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
