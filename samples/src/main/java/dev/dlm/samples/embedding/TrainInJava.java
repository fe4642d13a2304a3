package dev.dlm.samples.embedding;

import static java.util.Objects.requireNonNull;

import dev.dlm.compiler.Compiler;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Shape;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Builds a model in Java, lets dlm differentiate it, trains it, and predicts: a curve, {@code
 * sin(3x)} for x from −1 to 1, learnt by 32 hidden units.
 */
public final class TrainInJava implements AutoCloseable {
  private static final int HIDDEN = 32;
  private static final int BATCH = 64;
  private static final double RATE = 0.1;

  private final Session session;
  private final Random random = new Random(1);

  /** Compiles the model, for any number of examples at once, and gives its weights first values. */
  public TrainInJava() {
    session = Session.open(Compiler.compile(graph()), SessionOptions.defaults());
    session
        .variables()
        .write(
            Map.of(
                "hidden.w", Tensor.of(normal(HIDDEN, 2.0), 1, HIDDEN),
                "hidden.b", Tensor.of(normal(HIDDEN, 1.0), HIDDEN),
                "out.w", Tensor.of(normal(HIDDEN, 0.2), HIDDEN, 1)));
  }

  /** The model: how it predicts, and how one step of gradient descent changes its weights. */
  static Graph graph() {
    GraphBuilder graph = new GraphBuilder("curve");
    List<Variable> weights =
        List.of(
            graph.variable("hidden.w", TensorType.of(DType.F32, 1, HIDDEN), Variable.Role.WEIGHT),
            graph.variable("hidden.b", TensorType.of(DType.F32, HIDDEN), Variable.Role.WEIGHT),
            graph.variable("out.w", TensorType.of(DType.F32, HIDDEN, 1), Variable.Role.WEIGHT));
    // B is the name of a size: any number of examples will do.
    TensorType column = new TensorType(DType.F32, Shape.of(Dim.symbol("B"), Dim.of(1)));

    SignatureBuilder predict = graph.signature(Graph.PREDICT);
    predict.output("y", curve(predict, predict.input("x", column), weights));

    SignatureBuilder train = graph.signature(Graph.TRAIN);
    Value y = curve(train, train.input("x", column), weights);
    Value error = train.body().sub(y, train.input("target", column));
    Value loss = train.body().mean(train.body().mul(error, error));
    List<Value> before = weights.stream().map(train::read).toList();
    List<Value> gradients = train.body().gradient(loss, before);
    for (int i = 0; i < weights.size(); i++) {
      Value step = train.body().mul(gradients.get(i), RATE);
      train.update(weights.get(i), train.body().sub(before.get(i), step));
    }
    train.output("loss", loss);
    return graph.build();
  }

  private static Value curve(SignatureBuilder signature, Value x, List<Variable> weights) {
    var body = signature.body();
    Value product = body.matMul(x, signature.read(weights.get(0)));
    Value hidden = body.tanh(body.add(product, signature.read(weights.get(1))));
    return body.matMul(hidden, signature.read(weights.get(2)));
  }

  /** Takes some steps on random points of the curve and returns the last step's loss. */
  public double train(int steps) {
    double loss = Double.NaN;
    for (int step = 0; step < steps; step++) {
      float[] x = new float[BATCH];
      float[] target = new float[BATCH];
      for (int i = 0; i < BATCH; i++) {
        x[i] = 2 * random.nextFloat() - 1;
        target[i] = (float) Math.sin(3 * x[i]);
      }
      Map<String, Tensor> inputs =
          Map.of("x", Tensor.of(x, BATCH, 1), "target", Tensor.of(target, BATCH, 1));
      loss = requireNonNull(session.run(Graph.TRAIN, inputs).get("loss")).doubleAt(0);
    }
    return loss;
  }

  /** The curve as learnt, at any number of points. */
  public float[] predict(float... x) {
    Map<String, Tensor> inputs = Map.of("x", Tensor.of(x, x.length, 1));
    return requireNonNull(session.run(Graph.PREDICT, inputs).get("y")).floats();
  }

  private float[] normal(int count, double deviation) {
    float[] array = new float[count];
    for (int i = 0; i < count; i++) {
      array[i] = (float) (random.nextGaussian() * deviation);
    }
    return array;
  }

  @Override
  public void close() {
    session.close();
  }

  /** Trains and shows what was learnt. */
  public static void main(String[] arguments) {
    try (TrainInJava curve = new TrainInJava()) {
      System.out.printf("loss %.6f%n", curve.train(3000));
      for (float x : new float[] {-1, -0.5f, 0, 0.5f, 1}) {
        System.out.printf(
            "sin(3 * %5.2f) = %7.4f, learnt %7.4f%n", x, Math.sin(3 * x), curve.predict(x)[0]);
      }
    }
  }
}
