package dev.dlm.samples.drawing;

import static java.util.Objects.requireNonNull;

import dev.dlm.compiler.Compiler;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.training.TrainingFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The model {@code Draw} of a sample, with the weights that the sample's training left: it makes
 * {@code image} out of {@code noise} and, where it takes one, a {@code label}.
 */
final class DigitDrawer implements AutoCloseable {
  /** Pixels of an image: 28 by 28. */
  static final int PIXELS = 28 * 28;

  private static final int BATCH = 50;

  private final Session session;
  private final Program program;

  private DigitDrawer(Session session) {
    this.session = session;
    this.program = session.plan().program(Graph.PREDICT);
  }

  /**
   * Opens a sample's model.
   *
   * @param model the sample's file
   * @param weights a checkpoint of its training
   */
  static DigitDrawer open(Path model, Path weights) {
    return new DigitDrawer(session(model, "Draw", weights));
  }

  /** A model's session for prediction. */
  static Session session(Path file, String name, Path weights) {
    ElaboratedModel model =
        Dsl.elaborate(file).models().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(file + " holds no model " + name));
    Plan plan = Compiler.compile(model.graph()).restrictedTo(List.of(Graph.PREDICT));
    Session session = Session.open(plan, SessionOptions.defaults());
    try (Checkpoint checkpoint = Checkpoint.open(weights)) {
      TrainingFolder.loadWeights(session.variables(), checkpoint);
    }
    return session;
  }

  /** Whether the model can be told which digits to draw. */
  boolean takesLabels() {
    return program.inputs().stream().anyMatch(port -> port.name().equals("label"));
  }

  /**
   * Draws images.
   *
   * @param labels what they are to show
   * @return one image after the other, gray values in [0, 1]
   */
  float[] draw(int[] labels, Random random) {
    float[] images = new float[labels.length * PIXELS];
    for (int first = 0; first < labels.length; first += BATCH) {
      int[] part = Arrays.copyOfRange(labels, first, Math.min(labels.length, first + BATCH));
      float[] drawn = drawBatch(part, random);
      System.arraycopy(drawn, 0, images, first * PIXELS, drawn.length);
    }
    return images;
  }

  private float[] drawBatch(int[] labels, Random random) {
    long[] sizes = noiseSizes(labels.length);
    int count = Math.toIntExact(Arrays.stream(sizes).reduce(1, Math::multiplyExact));
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("noise", Tensor.of(normal(count, random), sizes));
    if (takesLabels()) {
      inputs.put("label", Tensor.of(labels, labels.length));
    }
    return requireNonNull(session.run(Graph.PREDICT, inputs).get("image")).floats();
  }

  private long[] noiseSizes(int images) {
    TensorType type =
        program.inputs().stream()
            .filter(port -> port.name().equals("noise"))
            .findFirst()
            .orElseThrow()
            .view()
            .type();
    return IntStream.range(0, type.rank())
        .mapToLong(axis -> axis == 0 ? images : type.dim(axis).asLong())
        .toArray();
  }

  private static float[] normal(int count, Random random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  @Override
  public void close() {
    session.close();
  }
}
