package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteRuleSet;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.Body;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.EvalContext;
import dev.dlm.op.Op;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Size;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes what is known, with the reference evaluations.
 *
 * <ul>
 *   <li>{@code constant of equal elements → broadcast of a scalar}
 *   <li>{@code element-wise op of values uniform over their shape → broadcast of a scalar}, for
 *       symbolic shapes too
 *   <li>{@code op of constants → constant}, up to a bound on the size; a broadcast stays one
 *   <li>{@code size of constant → constant}
 * </ul>
 *
 * <p>Numerics: the reference computes in {@code double} and rounds once. Sums, differences,
 * products, quotients and square roots have the same bits on every device. A transcendental
 * function, reduction or product of matrices of constants has the reference's bits, which may
 * differ from a device's own within that device's tolerance.
 *
 * @param maxElements the largest constant made; operands may be 16 times as large
 */
public record FoldConstants(int maxElements) implements BodyPass {
  private static final int OPERAND_FACTOR = 16;

  /** With the bound of 4,096 elements. */
  public FoldConstants() {
    this(4096);
  }

  @Override
  public Body rewrite(Body body) {
    return new RewriteRuleSet(rules()).rewrite(body);
  }

  private List<RewriteRule<?>> rules() {
    return List.of(
        new RewriteRule<>("constant of equal elements → broadcast", Constant.class, this::spread),
        new RewriteRule<>("size of a constant → constant", Size.class, this::foldSize),
        new RewriteRule<>(
            "element-wise op of uniform values → broadcast of a scalar",
            ElementwiseOp.class,
            this::foldUniform),
        new RewriteRule<>("op of constants → constant", Op.class, this::foldTensors));
  }

  private Optional<Value> spread(Constant op, Node node, RewriteScope scope) {
    return op.value().type().rank() == 0
        ? Optional.empty()
        : scope.uniform(node.result()).map(scalar -> spread(scalar, node, scope));
  }

  private static Value spread(HostTensor scalar, Node node, RewriteScope scope) {
    return scope.builder().broadcastTo(scope.builder().constant(scalar), node.result().shape());
  }

  private Optional<Value> foldSize(Size op, Node node, RewriteScope scope) {
    return op.dim().isConstant()
        ? Optional.of(scope.builder().size(op.dim(), op.dtype()))
        : Optional.empty();
  }

  private Optional<Value> foldUniform(ElementwiseOp op, Node node, RewriteScope scope) {
    List<HostTensor> scalars = new ArrayList<>();
    for (Value operand : node.operands()) {
      scope.uniform(operand).ifPresent(scalars::add);
    }
    if (scalars.size() < node.operands().size()) {
      return Optional.empty();
    }
    TensorType type = TensorType.of(node.result().dtype());
    HostTensor scalar = op.evaluate(new EvalContext(scalars, List.of(type))).get(0);
    return Optional.of(spread(scalar, node, scope));
  }

  private Optional<Value> foldTensors(Op op, Node node, RewriteScope scope) {
    boolean suits = !node.operands().isEmpty() && node.results().size() == 1;
    if (!suits
        || op instanceof Broadcast
        || op instanceof Gradient
        || op instanceof JacobianVectorProduct
        || op instanceof Scan
        || op instanceof While
        || op instanceof Cond
        || !isAtMost(node.result(), maxElements)) {
      return Optional.empty();
    }
    List<HostTensor> tensors = new ArrayList<>();
    for (Value operand : node.operands()) {
      tensor(operand, scope).ifPresent(tensors::add);
    }
    if (tensors.size() < node.operands().size()) {
      return Optional.empty();
    }
    List<TensorType> types = List.of(node.result().type());
    return Optional.of(
        scope.builder().constant(op.evaluate(new EvalContext(tensors, types)).get(0)));
  }

  private Optional<HostTensor> tensor(Value value, RewriteScope scope) {
    if (!isAtMost(value, (long) maxElements * OPERAND_FACTOR)) {
      return Optional.empty();
    }
    Optional<HostTensor> constant = scope.constant(value);
    if (constant.isPresent()) {
      return constant;
    }
    Optional<Node> producer = scope.producer(value);
    if (producer.isPresent() && producer.get().op() instanceof Broadcast broadcast) {
      return scope
          .constant(producer.get().operand(0))
          .map(source ->
              broadcast.evaluate(new EvalContext(List.of(source), List.of(value.type()))).get(0));
    }
    return Optional.empty();
  }

  private static boolean isAtMost(Value value, long elements) {
    return value.shape().isConstant() && value.shape().count().asLong() <= elements;
  }
}
