package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Guard;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;

/** A small model: {@code y = x @ w + b}, with a step counter. */
public final class TestModels {
  public static final Location LOG_LINE = Location.Source.at("affine.dlm", 7, 3);
  private static final Dim BATCH = Dim.symbol("B");

  private TestModels() {}

  public static Plan affine() {
    return PlainPlanner.plan(affineGraph());
  }

  /** A running total, {@code y = total' = total + w * x}, and its double from another program. */
  public static Plan total() {
    GraphBuilder graph = new GraphBuilder("total");
    Variable w = graph.variable("w", TensorType.of(DType.F32), Variable.Role.WEIGHT);
    Variable total = graph.variable("total", TensorType.of(DType.F32, 3), Variable.Role.STREAM);
    Variable calls = graph.variable("calls", TensorType.of(DType.I64), Variable.Role.STREAM);

    SignatureBuilder initialize = graph.signature(Graph.INITIALIZE);
    Value seed = initialize.input("seed", TensorType.of(DType.I64));
    initialize.update(w, initialize.body().cast(seed, DType.F32));

    SignatureBuilder predict = graph.signature(Graph.PREDICT);
    Value x = predict.input("x", TensorType.of(DType.F32, BATCH));
    Value step = predict.body().mul(predict.read(w), predict.body().sum(x));
    Value y = predict.body().add(predict.read(total), step);
    Value next = predict.body().add(predict.read(calls), predict.body().scalar(DType.I64, 1));
    predict.output("y", y);
    predict.output("calls", next);
    predict.update(total, y);
    predict.update(calls, next);

    SignatureBuilder twice = graph.signature("double");
    Value doubled = twice.body().mul(twice.read(total), 2);
    twice.output("y", doubled);
    twice.update(total, doubled);
    return PlainPlanner.plan(graph.build());
  }

  public static Graph affineGraph() {
    GraphBuilder graph = new GraphBuilder("affine");
    Variable w = graph.variable("w", TensorType.of(DType.F32, 3, 2), Variable.Role.WEIGHT);
    Variable b = graph.variable("b", TensorType.of(DType.F32, 2), Variable.Role.WEIGHT);
    Variable steps = graph.variable("steps", TensorType.of(DType.I64), Variable.Role.TRAINING);

    SignatureBuilder initialize = graph.signature(Graph.INITIALIZE);
    Value seed = initialize.input("seed", TensorType.of(DType.I64));
    Value scale = initialize.body().cast(seed, DType.F32);
    initialize.update(w, initialize.body().broadcastTo(scale, w.type().shape()));
    initialize.update(b, initialize.body().filled(b.type(), 0.5));
    initialize.update(steps, initialize.body().scalar(DType.I64, 0));

    SignatureBuilder predict = graph.signature(Graph.PREDICT);
    Value x = predict.input("x", TensorType.of(DType.F32, BATCH, Dim.of(3)));
    Value y = predict.body().add(predict.body().matMul(x, predict.read(w)), predict.read(b));
    predict.output("y", y);

    SignatureBuilder pair = graph.signature("pair");
    Value left = pair.input("left", TensorType.of(DType.F32, BATCH));
    Value right = pair.input("right", TensorType.of(DType.F32, BATCH));
    Value twice = pair.input("twice", TensorType.of(DType.F32, BATCH.times(2)));
    pair.body()
        .require(
            new Guard(Guard.Relation.AT_MOST, BATCH, Dim.of(100), "at most 100", Location.UNKNOWN));
    pair.output("sum", pair.body().add(left, right));
    pair.output("twice", pair.body().mul(twice, 2));

    SignatureBuilder logarithm = graph.signature("logarithm");
    Value z = logarithm.input("z", TensorType.of(DType.F32, BATCH));
    Value moved = logarithm.body().add(z, 1);
    logarithm.body().at(LOG_LINE);
    logarithm.output("log", logarithm.body().log(moved));
    logarithm.update(
        steps, logarithm.body().add(logarithm.read(steps), logarithm.body().scalar(DType.I64, 1)));

    SignatureBuilder count = graph.signature("count");
    Value next = count.body().add(count.read(steps), count.body().scalar(DType.I64, 1));
    count.output("steps", next);
    count.update(steps, next);
    return graph.build();
  }
}
