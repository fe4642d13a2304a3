package dev.dlm.dsl.elaborate;

import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.math.Xor;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.random.RandomBits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gradients and random numbers. */
final class GraphPrimitives {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private GraphPrimitives() {}

  static void define() {
    Primitives.define("gradient", "of, over", GraphPrimitives::gradient);
    Primitives.define("jvp", "of, over, along", GraphPrimitives::jvp);
    Primitives.define("stop_gradient", "x", GraphPrimitives::stopGradient);
    Primitives.define("random_bits", "shape", GraphPrimitives::randomBits);
  }

  private static Meaning gradient(PrimitiveCall call) {
    Value of = call.tensor("of");
    List<Value> over = over(call, List.of(of));
    List<Value> operands = new ArrayList<>(List.of(of));
    operands.addAll(over);
    List<Meaning> gradients = new ArrayList<>();
    for (int i = 0; i < over.size(); i++) {
      int index = i;
      gradients.add(call.make(() -> call.body().apply(new Gradient(), operands).get(index)));
    }
    return call.meaning("over") instanceof Meaning.Tensor
        ? gradients.getFirst()
        : new Meaning.Sequence(gradients);
  }

  /** The tensors of the argument {@code over}: one, a list, or the weights of a layer. */
  private static List<Value> over(PrimitiveCall call, List<Value> of) {
    List<Value> over = new ArrayList<>();
    if (call.meaning("over") instanceof Meaning.Instance layer) {
      for (Meaning weight :
          new Evaluator(call.frame()).weightsBelow(layer.owner().path()).elements()) {
        over.add(((Meaning.Tensor) weight).value());
      }
    } else if (call.meaning("over") instanceof Meaning.Sequence) {
      over.addAll(call.tensorList("over"));
    } else {
      over.add(call.tensor("over"));
    }
    OpenBody inner = call.frame().run().trace().current();
    for (Value y : of) {
      if (over.stream().anyMatch(x -> inner.dependsBeyond(y, x))) {
        throw call.problem(
            "gradient-from-outside",
            "a part of this value is made of what it is differentiated by, but outside of the"
                + " 'scan', 'while' or 'cond' in which the derivative is taken");
      }
    }
    return over;
  }

  /** The change of {@code of} where {@code over} moves along {@code along}. */
  private static Meaning jvp(PrimitiveCall call) {
    boolean several = call.meaning("of") instanceof Meaning.Sequence;
    List<Value> of = several ? call.tensorList("of") : List.of(call.tensor("of"));
    List<Value> over = over(call, of);
    List<Value> along =
        call.meaning("along") instanceof Meaning.Sequence
            ? call.tensorList("along")
            : List.of(call.tensor("along", Optional.of(over.getFirst().dtype())));
    if (over.size() != along.size()) {
      throw call.problem(
          "result-count",
          "moves " + count(over.size(), "tensor") + " along " + count(along.size(), "direction"));
    }
    List<Meaning> changes = new ArrayList<>();
    for (Value y : of) {
      List<Value> operands = new ArrayList<>(List.of(y));
      operands.addAll(over);
      operands.addAll(along);
      changes.add(
          call.make(() ->
              call.body().apply(new JacobianVectorProduct(over.size()), operands).getFirst()));
    }
    return several ? new Meaning.Sequence(changes) : changes.getFirst();
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static Meaning stopGradient(PrimitiveCall call) {
    Value x = call.tensor("x");
    return call.make(() -> call.body().one(new StopGradient(), x));
  }

  /**
   * Bits from the stream of this place in the model: its key is the seed combined with a hash of
   * the path, its counter the training step.
   */
  private static Meaning randomBits(PrimitiveCall call) {
    Shape shape = call.shape("shape");
    Run run = call.frame().run();
    if (run.random().isEmpty()) {
      throw call.frame()
          .problem(
              "random-without-seed",
              "random numbers are drawn in training and by initializers, not in prediction",
              call.span(),
              Optional.of("'if training { … }' around it keeps it out of prediction"));
    }
    long site = hash(run.randomSite(call.frame().owner().path()));
    return call.make(() -> {
      Value place = call.body().constant(HostTensor.scalar(site));
      Value key = call.body().one(new Xor(), run.random().get().seedHere(), place);
      return call.body().one(new RandomBits(shape), key, run.random().get().counter().here());
    });
  }

  /** The 64-bit hash FNV-1a. */
  private static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
