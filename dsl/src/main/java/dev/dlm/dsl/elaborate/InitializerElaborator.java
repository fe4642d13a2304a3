package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.math.Cast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the signature that gives every variable its first value. The random numbers of a variable
 * depend on the seed and its name alone.
 */
final class InitializerElaborator {
  private static final String SEED = "seed";

  private final Problems problems;
  private final Variables variables;

  InitializerElaborator(Problems problems, Variables variables) {
    this.problems = problems;
    this.variables = variables;
  }

  void write(GraphBuilder graph, boolean withTraining) {
    Run run = new Run(problems, variables, false);
    Trace trace = run.trace();
    Value seed = trace.input(SEED, TensorType.of(DType.I64));
    Value zero = trace.body().constant(HostTensor.scalar(0));
    run.useRandom(new Run.RandomStream(trace.hold(seed), trace.hold(zero)));
    Map<Variable, Value> updates = new LinkedHashMap<>();
    for (Variables.Entry entry : variables.initialized()) {
      graph.variable(entry.variable());
      try {
        updates.put(entry.variable(), initial(run, entry));
      } catch (Problem problem) {
        problems.report(problem);
      }
    }
    if (problems.any()) {
      return;
    }
    if (withTraining) {
      Variable seedVariable = ModelElaborator.trainingVariable(ElaboratedModel.SEED_VARIABLE);
      Variable stepVariable = ModelElaborator.trainingVariable(ElaboratedModel.STEP_VARIABLE);
      updates.put(graph.variable(seedVariable), seed);
      updates.put(graph.variable(stepVariable), zero);
    }
    trace.write(graph, Graph.INITIALIZE, Set.of(SEED), Map.of(), updates);
  }

  private static Value initial(Run run, Variables.Entry entry) {
    Variable variable = entry.variable();
    Frame declared = entry.frame();
    Frame frame =
        new Frame(
            run, declared.module(), Frame.Kind.FILE, new Scope(), Owner.root(), declared.chain());
    Span span = entry.span();
    List<CallArgument> arguments =
        List.of(
            argument(Meaning.Sequence.ofSizes(variable.type().shape().dims()), span),
            argument(new Meaning.ElementType(variable.type().dtype()), span));
    Meaning value =
        new Calls(frame)
            .apply(entry.initializer(), Owner.root().below(variable.name()), arguments, span);
    if (!(value instanceof Meaning.Tensor tensor)
        || !tensor.value().shape().equals(variable.type().shape())) {
      String given =
          value instanceof Meaning.Tensor tensor ? tensor.value().type().toString() : value.kind();
      throw frame.problem(
          "shape-mismatch",
          "the initializer "
              + entry.initializer()
              + " gives "
              + given
              + " for "
              + variable.name()
              + ": "
              + variable.type(),
          span);
    }
    DType dtype = variable.type().dtype();
    return tensor.value().dtype() == dtype
        ? tensor.value()
        : run.trace().body().one(new Cast(dtype), tensor.value());
  }

  private static CallArgument argument(Meaning value, Span span) {
    return new CallArgument(Optional.empty(), value, span);
  }
}
