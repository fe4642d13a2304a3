package dev.dlm.compiler;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.compiler.control.ContractAfterScan;
import dev.dlm.compiler.control.ContractBeforeScan;
import dev.dlm.compiler.control.HoistInvariants;
import dev.dlm.compiler.control.MergeScans;
import dev.dlm.compiler.control.PruneControlFlow;
import dev.dlm.compiler.control.SaveActivations;
import dev.dlm.compiler.pass.Pass;
import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.compiler.simplify.CleanShapes;
import dev.dlm.compiler.simplify.ExpandComposites;
import dev.dlm.compiler.simplify.FoldConstants;
import dev.dlm.compiler.simplify.FoldTransposeIntoDot;
import dev.dlm.compiler.simplify.RemoveDeadNodes;
import dev.dlm.compiler.simplify.ShareCommonSubexpressions;
import dev.dlm.compiler.simplify.SimplifyAlgebra;
import dev.dlm.compiler.simplify.TransposeSmallerTensors;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The passes by name, and the pipeline that a graph goes through before it is fused. */
public final class Passes {
  /** How often the simplifying passes run: each may open the way for another one. */
  private static final int ROUNDS = 3;

  private static final List<Pass> SIMPLIFYING =
      List.of(
          new FoldConstants(),
          new SimplifyAlgebra(),
          new CleanShapes(),
          new FoldTransposeIntoDot(),
          new TransposeSmallerTensors(),
          new ShareCommonSubexpressions());

  private static final List<Pass> LOOPS =
      List.of(
          new PruneControlFlow(),
          new HoistInvariants(),
          new SaveActivations(),
          new MergeScans(),
          new ContractAfterScan(),
          new ContractBeforeScan());

  private Passes() {}

  /** All passes by name, in the order of their first place in the default pipeline. */
  public static Map<String, Pass> all() {
    Map<String, Pass> passes = new LinkedHashMap<>();
    standard().passes().forEach(pass -> passes.putIfAbsent(pass.name(), pass));
    return passes;
  }

  /**
   * The default pipeline: differentiation, expansion of composite ops, then simplification in
   * several rounds.
   */
  public static Pipeline standard() {
    List<Pass> passes = new ArrayList<>();
    passes.add(new ExpandGradients());
    passes.add(new ExpandComposites());
    // What the expansions declare or hold constant for differentiation.
    passes.add(new ExpandGradients());
    passes.add(new MergeScans());
    for (int round = 1; round < ROUNDS; round++) {
      passes.addAll(SIMPLIFYING);
      passes.addAll(LOOPS);
    }
    passes.addAll(SIMPLIFYING);
    passes.add(new PruneControlFlow());
    passes.add(new RemoveDeadNodes());
    return Pipeline.of(passes);
  }

  /**
   * The pipeline of the passes named in a text with commas, for example {@code
   * fold-constants,clean-shapes}; blanks do not matter.
   *
   * @throws GraphException with code {@code unknown-pass} for a name that no pass has
   */
  public static Pipeline parse(String text) {
    Map<String, Pass> known = all();
    List<Pass> passes = new ArrayList<>();
    for (String name : Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
      Pass pass = known.get(name);
      if (pass == null) {
        throw new GraphException(
            Diagnostic.error("unknown-pass", "there is no pass '" + name + "'", Location.UNKNOWN)
                .withHelp("the passes are: " + String.join(", ", known.keySet())));
      }
      passes.add(pass);
    }
    return Pipeline.of(passes);
  }
}
