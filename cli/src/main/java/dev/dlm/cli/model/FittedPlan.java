package dev.dlm.cli.model;

import dev.dlm.cli.console.Console;
import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.compiler.pass.Pass;
import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.compiler.rematerialize.Rematerialize;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans that shall not take more than so much memory. */
public final class FittedPlan {
  private FittedPlan() {}

  /**
   * The plan of a graph; where a call would take more memory than allowed, one that computes values
   * again instead of keeping them, which is then said.
   *
   * @param maxMemoryBytes for the variables and a call; {@link Long#MAX_VALUE} for no limit
   * @param examples what each size that a call binds counts as
   */
  public static Plan of(Graph graph, long maxMemoryBytes, long examples, Console console) {
    if (maxMemoryBytes == Long.MAX_VALUE) {
      return Compiler.compile(graph);
    }
    long variableBytes = 0;
    for (Variable variable : graph.variables()) {
      variableBytes += variable.type().sizeBytes().asLong();
    }
    List<Pass> passes = new ArrayList<>(Passes.standard().passes());
    passes.add(
        new Rematerialize(
            Math.max(0, maxMemoryBytes - variableBytes),
            sizes(graph, examples),
            report -> console.say("memory: " + report)));
    return Compiler.compile(graph, Pipeline.of(passes));
  }

  private static Map<String, Long> sizes(Graph graph, long examples) {
    Map<String, Long> sizes = new TreeMap<>();
    for (Signature signature : graph.signatures()) {
      for (int i = 0; i < signature.inputs().size(); i++) {
        for (Dim dim : signature.input(i).shape().dims()) {
          dim.symbols().forEach(symbol -> sizes.put(symbol, examples));
        }
      }
    }
    return sizes;
  }
}
