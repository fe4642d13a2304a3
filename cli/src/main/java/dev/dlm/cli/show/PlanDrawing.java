package dev.dlm.cli.show;

import dev.dlm.diagnostic.ShortLocation;
import dev.dlm.plan.KernelDescription;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plan in the DOT language of Graphviz: a cluster for each signature, an edge for each read. */
public final class PlanDrawing {
  private PlanDrawing() {}

  /** The drawing of all signatures. */
  public static String of(Plan plan) {
    DotWriter out = new DotWriter(plan.name());
    List<Program> programs = plan.programs();
    for (int i = 0; i < programs.size(); i++) {
      out.beginCluster(i, programs.get(i).name());
      draw(out, programs.get(i));
      out.endCluster();
    }
    return out.finish();
  }

  private static void draw(DotWriter out, Program program) {
    String prefix = program.name() + " ";
    Map<Integer, String> writers = new HashMap<>();
    for (Program.Port input : program.inputs()) {
      String id = prefix + "input " + input.name();
      out.node(id, input.name(), true);
      writers.put(input.view().buffer(), id);
    }
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      String id = prefix + i;
      String place = ShortLocation.of(step.location());
      out.node(
          id, KernelDescription.of(step.kernel()) + (place.isEmpty() ? "" : "\n" + place), false);
      step.reads().forEach(view -> draw(out, program, writers, view, id));
      step.writes().forEach(view -> writers.put(view.buffer(), id));
    }
    for (Program.Port port : program.outputs()) {
      String id = prefix + "output " + port.name();
      out.node(id, port.name(), true);
      draw(out, program, writers, port.view(), id);
    }
    for (Program.Port port : program.updates()) {
      String id = prefix + "update " + port.name();
      out.node(id, port.name(), true);
      draw(out, program, writers, port.view(), id);
    }
  }

  private static void draw(
      DotWriter out, Program program, Map<Integer, String> writers, View view, String target) {
    String writer =
        writers.computeIfAbsent(
            view.buffer(),
            buffer -> {
              String name =
                  switch (program.buffers().get(buffer).storage()) {
                    case Storage.OfVariable(String variable) -> variable;
                    case Storage.Constant(int index) -> "constant " + index;
                    case Storage.Arena _ -> "buffer " + buffer;
                  };
              String id = program.name() + " " + name;
              out.node(id, name, true);
              return id;
            });
    out.edge(writer, target, view.type().toString());
  }
}
