package dev.dlm.samples.op;

import static java.util.Objects.requireNonNull;

import dev.dlm.compiler.Compiler;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.array.Reduce;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Ops of one's own in a model built in Java: four points move until each stands in the middle of
 * one of four heaps of random points, by descent along the gradient that follows from the expansion
 * of {@link SquareDistance}.
 */
public final class NearestPrototype implements AutoCloseable {
  private static final int HEAPS = 4;

  private final Session session;

  /** Compiles the model; the points begin near the origin. */
  public NearestPrototype() {
    session = Session.open(Compiler.compile(graph()), SessionOptions.defaults());
    float[] first = {0.1f, 0.1f, 0.1f, -0.1f, -0.1f, 0.1f, -0.1f, -0.1f};
    session.variables().write(Map.of("prototypes", Tensor.of(first, HEAPS, 2)));
  }

  /** One step moves each of the points {@code [4, 2]} towards those it is the nearest to. */
  static Graph graph() {
    GraphBuilder graph = new GraphBuilder("prototypes");
    Variable prototypes =
        graph.variable("prototypes", TensorType.of(DType.F32, HEAPS, 2), Variable.Role.WEIGHT);
    SignatureBuilder train = graph.signature(Graph.TRAIN);
    BodyBuilder b = train.body();
    Value x = train.input("x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(2)));
    Value before = train.read(prototypes);
    Value distances = b.one(new SquareDistance(1), x, before);
    Value nearest = b.reduce(Reduce.Kind.MIN, distances, List.of(1));
    Value loss = b.mean(nearest);
    train.output("loss", loss);
    Value gradient = b.gradient(loss, List.of(before)).get(0);
    train.update(prototypes, b.sub(before, gradient));
    return graph.build();
  }

  /** Takes some steps on given points {@code [n, 2]} and returns the last step's loss. */
  public double train(int steps, float[] points) {
    Tensor x = Tensor.of(points, points.length / 2, 2);
    double loss = Double.NaN;
    for (int step = 0; step < steps; step++) {
      loss = requireNonNull(session.run(Graph.TRAIN, Map.of("x", x)).get("loss")).doubleAt(0);
    }
    return loss;
  }

  /** Where the points are, {@code [4, 2]}. */
  public float[] prototypes() {
    return session.variables().read("prototypes").floats();
  }

  /** Points around (±1, ±1), a heap after the other. */
  static float[] heaps(int each) {
    Random random = new Random(1);
    float[] points = new float[HEAPS * each * 2];
    for (int i = 0; i < HEAPS * each; i++) {
      int heap = i / each;
      points[2 * i] = (heap < 2 ? 1 : -1) + (float) random.nextGaussian() * 0.1f;
      points[2 * i + 1] = (heap % 2 == 0 ? 1 : -1) + (float) random.nextGaussian() * 0.1f;
    }
    return points;
  }

  @Override
  public void close() {
    session.close();
  }

  /** Shows where the points end. */
  public static void main(String[] arguments) {
    try (NearestPrototype model = new NearestPrototype()) {
      System.out.printf("mean squared distance %.4f%n", model.train(50, heaps(100)));
      float[] found = model.prototypes();
      for (int i = 0; i < HEAPS; i++) {
        System.out.printf("(%6.3f, %6.3f)%n", found[2 * i], found[2 * i + 1]);
      }
    }
  }
}
