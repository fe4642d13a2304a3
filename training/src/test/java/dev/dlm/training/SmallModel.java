package dev.dlm.training;

import dev.dlm.compiler.Compiler;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.random.RandomBits;
import dev.dlm.plan.Plan;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.DataColumn;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A linear classifier of points into two classes, trained with momentum and a rate that falls to
 * zero over the run, with a random mask on its input while it trains.
 */
final class SmallModel {
  static final Location SQUARE_ROOT = Location.Source.at("small.dlm", 12, 5);
  static final Location DATA = Location.Source.at("small.dlm", 20, 3);
  static final int FEATURES = 5;

  private static final TensorType W = TensorType.of(DType.F32, FEATURES, 2);
  private static final TensorType I64 = TensorType.of(DType.I64);

  private final Variable w = variable("head.w", W, Variable.Role.WEIGHT);
  private final Variable velocity =
      variable("optimizer.head.w.velocity", W, Variable.Role.TRAINING);
  private final Variable step = variable("training.step", I64, Variable.Role.TRAINING);
  private final Variable seed = variable("training.seed", I64, Variable.Role.TRAINING);
  private final boolean guarded;

  private SmallModel(boolean guarded) {
    this.guarded = guarded;
  }

  private static Variable variable(String name, TensorType type, Variable.Role role) {
    return new Variable(name, type, role, Location.UNKNOWN);
  }

  /** The plan of a model whose step spoils its weights where the loss is not finite. */
  static Plan plan() {
    return Compiler.compile(new SmallModel(false).graph());
  }

  /** The plan of a model whose step leaves its weights alone where the loss is not finite. */
  static Plan guardedPlan() {
    return Compiler.compile(new SmallModel(true).graph());
  }

  static TrainingRecipe recipe(int batch, int epochs) {
    TrainingRecipe.DataClause data =
        new TrainingRecipe.DataClause(List.of("x", "label"), List.of(), DATA);
    return new TrainingRecipe(
        "Small",
        List.of(Graph.TRAIN),
        data,
        Optional.of(data),
        batch,
        epochs,
        false,
        Optional.empty());
  }

  static TrainingRecipe stopping(TrainingRecipe recipe, String metric, int epochs) {
    return new TrainingRecipe(
        recipe.model(),
        recipe.steps(),
        recipe.data(),
        recipe.validation(),
        recipe.batch(),
        recipe.epochs(),
        recipe.dropRemainder(),
        Optional.of(new TrainingRecipe.StopRule(metric, epochs, DATA)));
  }

  /** Points whose class is the sign of a fixed combination of their coordinates, all in [0, 1). */
  static ArrayDataSource data(int examples, long randomSeed) {
    Random random = new Random(randomSeed);
    float[] points = new float[examples * FEATURES];
    int[] labels = new int[examples];
    for (int i = 0; i < examples; i++) {
      float sum = 0;
      for (int j = 0; j < FEATURES; j++) {
        points[i * FEATURES + j] = random.nextFloat();
        sum += (j % 2 == 0 ? 1 : -1.5f) * points[i * FEATURES + j];
      }
      labels[i] = sum > 0 ? 1 : 0;
    }
    return data(points, labels);
  }

  static ArrayDataSource data(float[] points, int[] labels) {
    return ArrayDataSource.of(
        List.of(
            new ArrayDataSource.ArrayColumn(
                new DataColumn("x", DType.F32, List.of((long) FEATURES)),
                MemorySegment.ofArray(points),
                new ArrayDataSource.Origin("points", 0, 4)),
            new ArrayDataSource.ArrayColumn(
                new DataColumn("label", DType.I32, List.of()),
                MemorySegment.ofArray(labels),
                new ArrayDataSource.Origin("labels", 0, 4))));
  }

  private Graph graph() {
    GraphBuilder graph = new GraphBuilder("Small");
    List.of(w, velocity, step, seed).forEach(graph::variable);
    initialize(graph.signature(Graph.INITIALIZE));
    SignatureBuilder evaluate = graph.signature(Graph.EVALUATE);
    Outcome outcome = forward(evaluate, false);
    evaluate.output("loss", outcome.loss());
    evaluate.output("accuracy", outcome.accuracy());
    evaluate.output("logits", outcome.logits());
    train(graph.signature(Graph.TRAIN));
    return graph.build();
  }

  private void initialize(SignatureBuilder signature) {
    BodyBuilder body = signature.body();
    Value start = signature.input("seed", I64);
    Value noise = uniform(body, start, body.scalar(DType.I64, 0), W);
    signature.update(w, body.mul(body.add(noise, -0.5), 0.1));
    signature.update(velocity, body.filled(W, 0));
    signature.update(step, body.scalar(DType.I64, 0));
    signature.update(seed, start);
  }

  private static Value uniform(BodyBuilder body, Value key, Value counter, TensorType type) {
    Value bits = body.one(new RandomBits(type.shape()), key, counter);
    return body.mul(body.abs(body.cast(bits, DType.F32)), 0x1p-31);
  }

  private record Outcome(Value logits, Value loss, Value accuracy) {}

  private Outcome forward(SignatureBuilder signature, boolean training) {
    BodyBuilder body = signature.body();
    Dim batch = Dim.symbol("B");
    Value x = signature.input("x", TensorType.of(DType.F32, batch, Dim.of(FEATURES)));
    Value label = signature.input("label", TensorType.of(DType.I32, batch));
    body.at(SQUARE_ROOT);
    Value features = body.sqrt(x);
    body.at(Location.UNKNOWN);
    if (training) {
      Value noise = uniform(body, signature.read(seed), signature.read(step), features.type());
      features =
          body.select(body.less(noise, body.like(noise, 0.9)), features, body.like(features, 0));
    }
    Value logits = body.matMul(features, signature.read(w));
    Value probability = body.softmax(logits);
    Value classes = body.iota(TensorType.of(DType.I32, batch, Dim.of(2)), 1);
    Value wanted = body.broadcast(label, logits.shape(), List.of(0));
    Value hit = body.cast(body.equal(classes, wanted), DType.F32);
    Value logarithm = body.log(body.add(probability, 1e-6));
    Value loss = body.neg(body.mean(body.sum(body.mul(hit, logarithm), List.of(1))));
    Value chosen = body.sum(body.mul(hit, probability), List.of(1));
    Value right = body.cast(body.greater(chosen, body.like(chosen, 0.5)), DType.F32);
    return new Outcome(logits, loss, body.mean(right));
  }

  private void train(SignatureBuilder signature) {
    BodyBuilder body = signature.body();
    Outcome outcome = forward(signature, true);
    Value current = signature.read(w);
    Value gradient = body.gradient(outcome.loss(), List.of(current)).getFirst();
    Value total = body.cast(signature.input(TrainingRecipe.TOTAL_STEPS_INPUT, I64), DType.F32);
    Value done = body.cast(signature.read(step), DType.F32);
    Value rate = body.mul(body.add(body.neg(body.div(done, total)), 1), 0.5);
    Value moved = body.add(body.mul(signature.read(velocity), 0.9), gradient);
    Value next = body.sub(current, body.mul(rate, moved));
    if (guarded) {
      Value good = body.isFinite(outcome.loss());
      next = body.select(body.broadcastTo(good, W.shape()), next, current);
      moved = body.select(body.broadcastTo(good, W.shape()), moved, signature.read(velocity));
    }
    signature.output("loss", outcome.loss());
    signature.output("accuracy", outcome.accuracy());
    signature.output(TrainingRecipe.RATE_OUTPUT, rate);
    signature.update(w, next);
    signature.update(velocity, moved);
    signature.update(step, body.add(signature.read(step), body.scalar(DType.I64, 1)));
  }
}
