package dev.dlm.compiler.autodiff;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.GradientContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the gradient rule of one node sees and gives. Used once, by one thread. */
final class NodeGradient implements GradientContext {
  private final BodyBuilder builder;
  private final Node node;
  private final Map<Integer, Value> upstreams;
  private final Predicate<Value> isWanted;
  private final Location askedAt;
  private final Set<Integer> stated = new HashSet<>();
  private final Map<Integer, Value> contributions = new HashMap<>();
  private boolean refused;

  /**
   * @param upstreams gradients by the number of the value
   * @param isWanted whether a gradient with respect to an operand is needed
   */
  NodeGradient(
      BodyBuilder builder,
      Node node,
      Map<Integer, Value> upstreams,
      Predicate<Value> isWanted,
      Location askedAt) {
    this.builder = builder;
    this.node = node;
    this.upstreams = upstreams;
    this.isWanted = isWanted;
    this.askedAt = askedAt;
  }

  @Override
  public BodyBuilder builder() {
    return builder;
  }

  @Override
  public int count() {
    return node.operands().size();
  }

  @Override
  public Value in(int index) {
    return node.operand(index);
  }

  @Override
  public Value out(int index) {
    return node.results().get(index);
  }

  @Override
  public Value upstream(int index) {
    Value upstream = upstreams.get(out(index).id());
    return upstream != null ? upstream : builder.like(out(index), 0);
  }

  @Override
  public boolean isNeeded(int operand) {
    return isWanted.test(in(operand));
  }

  @Override
  public void gradient(int operand, Supplier<Value> value) {
    state(operand);
    if (isWanted.test(in(operand))) {
      contributions.put(operand, value.get());
    }
  }

  @Override
  public void zero(int operand) {
    state(operand);
  }

  @Override
  public void notDifferentiable(int operand, String reason) {
    state(operand);
    if (isWanted.test(in(operand))) {
      refused = true;
      throw new GraphException(
          Diagnostic.error(
                  "not-differentiable",
                  node.op().name()
                      + " has no gradient with respect to operand "
                      + operand
                      + ", "
                      + in(operand).type()
                      + ": "
                      + reason,
                  node.location())
              .note("the gradient is asked for here", askedAt)
              .withHelp("stop_gradient makes a value constant for differentiation"));
    }
  }

  @Override
  public void differentiateThrough(Body body) {
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      state(i);
      if (isWanted.test(in(i))) {
        wanted.add(i);
      }
    }
    // A body of its own: there, no operand is made from another one.
    BodyBuilder inner = new BodyBuilder().at(node.location());
    List<Value> arguments = new ArrayList<>(node.operands());
    List<Value> parameters = new ArrayList<>();
    arguments.forEach(argument -> parameters.add(inner.parameter(argument.type())));
    List<Value> results = inner.inline(ExpandGradients.withoutGradients(body), parameters);
    List<Value> reached = new ArrayList<>();
    List<Value> seeds = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Value upstream = upstreams.get(out(i).id());
      if (upstream != null) {
        reached.add(results.get(i));
        arguments.add(upstream);
        seeds.add(inner.parameter(upstream.type()));
      }
    }
    Body gradients;
    try {
      gradients =
          inner.build(
              new ReverseMode(inner, askedAt)
                  .differentiate(reached, seeds, wanted.stream().map(parameters::get).toList()));
    } catch (GraphException e) {
      refused = true;
      throw e;
    }
    List<Value> values = builder.inline(LiveNodes.prune(gradients), arguments);
    for (int i = 0; i < wanted.size(); i++) {
      contributions.put(wanted.get(i), values.get(i));
    }
  }

  private void state(int operand) {
    if (operand < 0 || operand >= count() || !stated.add(operand)) {
      throw new InternalException(
          "the gradient rule of "
              + node.op()
              + " speaks of operand "
              + operand
              + " twice or of one that it has not");
    }
  }

  /** Whether {@link #notDifferentiable} was asked for a gradient that is needed. */
  boolean refused() {
    return refused;
  }

  /**
   * The gradients that the rule gave, by operand.
   *
   * @throws InternalException if it left an operand out
   */
  Map<Integer, Value> contributions() {
    if (stated.size() != count()) {
      throw new InternalException("the gradient rule of " + node.op() + " leaves an operand out");
    }
    return contributions;
  }
}
