package dev.dlm.compiler.lower;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.compiler.simplify.CleanShapes;
import dev.dlm.compiler.simplify.ExpandComposites;
import dev.dlm.compiler.simplify.FoldConstants;
import dev.dlm.compiler.simplify.FoldTransposeIntoDot;
import dev.dlm.compiler.simplify.RemoveDeadNodes;
import dev.dlm.compiler.simplify.ShareCommonSubexpressions;
import dev.dlm.compiler.simplify.SimplifyAlgebra;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.plan.BodyVariables;
import dev.dlm.plan.CompositeKernel;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Lowers a composite op that stays one step, together with its expansion. */
final class CompositeLowering {
  private static final Pipeline PASSES =
      Pipeline.of(
          List.of(
              new ExpandComposites(),
              new ExpandGradients(),
              new FoldConstants(),
              new SimplifyAlgebra(),
              new CleanShapes(),
              new FoldTransposeIntoDot(),
              new ShareCommonSubexpressions(),
              new RemoveDeadNodes()));

  private CompositeLowering() {}

  static CompositeKernel lower(CompositeOp op, Node node) {
    BodyBuilder builder = new BodyBuilder().at(node.location());
    List<Value> parameters =
        node.operands().stream().map(operand -> builder.parameter(operand.type())).toList();
    List<Value> results = op.expand(builder, parameters);
    if (!types(results).equals(types(node.results()))) {
      throw new InternalException(
          "the expansion of " + op.name() + " gives " + results + " for " + node.results());
    }
    List<String> captures = names(parameters, BodyVariables::capture);
    List<String> updates = names(results, BodyVariables::result);
    Body body = simplified(captures, builder.build(results), updates);
    return new CompositeKernel(
        op,
        PlanLowering.program(
            new Signature("expansion", List.of(), captures, body, List.of(), updates, List.of())));
  }

  private static Body simplified(List<String> captures, Body body, List<String> results) {
    Signature alone =
        new Signature("expansion", captures, List.of(), body, results, List.of(), List.of());
    return PASSES
        .run(new Graph("expansion", List.of(), List.of(alone)))
        .signature(alone.name())
        .body();
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }

  private static List<String> names(List<Value> values, IntFunction<String> name) {
    return IntStream.range(0, values.size()).mapToObj(name).toList();
  }
}
