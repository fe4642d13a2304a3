package dev.dlm.testing;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Shape;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.math.Erf;
import dev.dlm.op.math.Expm1;
import dev.dlm.op.math.Log1p;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes one random graph; keeps a bound of each value's magnitude to stay tame. */
final class RandomGraph {
  private static final double LARGEST = 50;

  private final Random random;
  private final RandomGraphs.Options options;
  private final GraphBuilder graph = new GraphBuilder("random");
  private final SignatureBuilder signature = graph.signature(Graph.PREDICT);
  private final BodyBuilder b = signature.body();
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();
  private final Map<Value, Double> bounds = new HashMap<>();
  private final RandomStructure structure;

  RandomGraph(long seed, RandomGraphs.Options options) {
    this.random = new Random(seed);
    this.options = options;
    this.structure = new RandomStructure(b, random, options);
  }

  Graph make() {
    declare();
    int steps = options.minNodes() + random.nextInt(options.maxNodes() - options.minNodes() + 1);
    for (int step = 0; step < steps; step++) {
      b.at(Location.Source.at("random.dlm", step + 1, 1 + random.nextInt(40)));
      step();
    }
    finish();
    return graph.build();
  }

  private void declare() {
    Dim batch = RandomGraphs.batch(options);
    TensorType vector = new TensorType(options.dtype(), Shape.of(batch, Dim.of(4)));
    TensorType image =
        new TensorType(options.dtype(), Shape.of(batch, Dim.of(2), Dim.of(5), Dim.of(4)));
    input("x", vector);
    if (random.nextBoolean()) {
      input("image", image);
    }
    Variable weight =
        graph.variable(
            new Variable(
                "layer[0].w",
                TensorType.of(options.dtype(), 4, 3),
                Variable.Role.WEIGHT,
                Location.Source.at("random.dlm", 1, 1)));
    add(signature.read(weight), 1);
  }

  private void input(String name, TensorType type) {
    Value value = signature.input(name, type);
    inputs.add(value);
    add(value, 1);
  }

  private void add(Value value, double bound) {
    values.add(value);
    bounds.put(value, bound);
  }

  private double bound(Value value) {
    return bounds.getOrDefault(value, LARGEST);
  }

  private Value any() {
    // Late values are taken more often, so that graphs grow deep.
    int last = values.size() - 1;
    return values.get(random.nextBoolean() ? last : random.nextInt(values.size()));
  }

  /** Adds a value after squeezing it into bounds where it may have become too large. */
  private void addTame(Value value, double bound) {
    if (bound > LARGEST) {
      add(b.tanh(value), 1);
    } else {
      add(value, bound);
    }
  }

  private void step() {
    Value x = any();
    if (options.loops() && random.nextInt(6) == 0) {
      add(new RandomLoops(b, random).add(x, any(), inputs.get(0)), 1);
      return;
    }
    switch (random.nextInt(options.smooth() ? 5 : 7)) {
      case 0 -> unary(x);
      case 1, 2 -> binary(x);
      case 3, 4 -> {
        RandomStructure.Change change = structure.change(x, any());
        addTame(change.result(), bound(x) * change.growth() + change.added());
      }
      case 5 -> kinked(x);
      default -> choice(x);
    }
  }

  private void unary(Value x) {
    double bound = bound(x);
    switch (random.nextInt(11)) {
      case 0 -> add(b.neg(x), bound);
      case 1 -> add(b.tanh(x), 1);
      case 2 -> add(b.sigmoid(x), 1);
      case 3 -> add(b.sin(x), 1);
      case 4 -> add(b.cos(x), 1);
      case 5 -> add(b.exp(b.tanh(x)), 3);
      case 6 -> add(b.log(b.add(b.mul(x, x), 1)), 9);
      case 7 -> add(b.sqrt(b.add(b.mul(x, x), 0.5)), bound + 1);
      case 8 -> add(b.rsqrt(b.add(b.mul(x, x), 0.5)), 2);
      case 9 -> add(b.one(new Erf(), x), 1);
      default -> add(b.one(new Expm1(), b.neg(b.one(new Log1p(), b.mul(x, x)))), 1);
    }
  }

  /** An op of two operands; the second one is made to broadcast. */
  private void binary(Value x) {
    Value y = partner(x);
    double product = bound(x) * bound(y);
    switch (random.nextInt(5)) {
      case 0 -> addTame(b.add(x, y), bound(x) + bound(y));
      case 1 -> addTame(b.sub(x, y), bound(x) + bound(y));
      case 2 -> addTame(b.mul(x, y), product);
      case 3 -> add(b.div(x, b.add(b.mul(y, y), 1)), bound(x));
      default -> add(b.pow(b.add(b.sigmoid(x), 0.5), b.tanh(y)), 2);
    }
  }

  /** A value that broadcasts with {@code x}: of its shape, of its last axes, or a constant. */
  private Value partner(Value x) {
    List<Value> fitting =
        values.stream()
            .filter(value -> Shape.broadcast(value.shape(), x.shape()).isPresent())
            .filter(value -> value.rank() <= x.rank())
            .toList();
    if (!fitting.isEmpty() && random.nextInt(4) > 0) {
      return fitting.get(random.nextInt(fitting.size()));
    }
    Value constant;
    if (x.rank() > 0 && x.dim(x.rank() - 1).isConstant() && random.nextBoolean()) {
      long size = x.dim(x.rank() - 1).asLong();
      constant = b.constant(RandomGraphs.tensor(TensorType.of(options.dtype(), size), random));
    } else {
      constant =
          b.scalar(options.dtype(), List.of(0.0, 1.0, -1.0, 2.0, 0.5).get(random.nextInt(5)));
    }
    bounds.put(constant, 2.0);
    return constant;
  }

  private void kinked(Value x) {
    Value y = partner(x);
    double larger = Math.max(bound(x), bound(y));
    switch (random.nextInt(4)) {
      case 0 -> add(b.max(x, y), larger);
      case 1 -> add(b.min(x, y), larger);
      case 2 -> add(b.abs(x), bound(x));
      default -> add(b.relu(x), bound(x));
    }
  }

  /** A choice or mask by comparing inputs, which no rounding changes. */
  private void choice(Value x) {
    Value input = inputs.get(random.nextInt(inputs.size()));
    Value threshold = b.scalar(options.dtype(), random.nextInt(9) / 8.0 - 0.5);
    Value condition = b.less(input, threshold);
    if (random.nextBoolean()) {
      add(b.cast(condition, options.dtype()), 1);
      return;
    }
    Value index = b.iota(input.type().withDType(DType.I32), random.nextInt(input.rank()));
    Value even = b.equal(index, b.scalar(DType.I32, random.nextInt(3)));
    Value chosen = input.shape().equals(x.shape()) ? x : b.sin(input);
    bounds.putIfAbsent(chosen, 1.0);
    add(b.select(b.and(condition, even), chosen, b.like(chosen, 0.25)), Math.max(bound(chosen), 1));
  }

  private void finish() {
    int outputs = 1 + random.nextInt(Math.min(3, values.size()));
    Value loss = b.scalar(options.dtype(), 0);
    for (int i = 0; i < outputs; i++) {
      Value value = values.get(values.size() - 1 - i);
      signature.output("y" + i, value);
      loss = b.add(loss, b.mean(b.tanh(value)));
    }
    signature.output("loss", loss);
  }
}
