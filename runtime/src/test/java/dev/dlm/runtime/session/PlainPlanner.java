package dev.dlm.runtime.session;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a plan with one step a node and one buffer a value: enough for the reference device. */
public final class PlainPlanner {
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<Value, View> views = new HashMap<>();
  private Dim arenaBytes = Dim.ZERO;

  private PlainPlanner() {}

  public static Plan plan(Graph graph) {
    return new Plan(
        graph.name(),
        graph.variables(),
        graph.signatures().stream()
            .map(signature -> new PlainPlanner().program(signature))
            .toList());
  }

  private Program program(Signature signature) {
    List<Program.Port> inputs = new ArrayList<>();
    for (int i = 0; i < signature.inputs().size(); i++) {
      inputs.add(new Program.Port(signature.inputs().get(i), place(signature.input(i))));
    }
    for (int i = 0; i < signature.reads().size(); i++) {
      Value read = signature.read(i);
      add(read, new Storage.OfVariable(signature.reads().get(i)));
    }
    List<Step> steps = new ArrayList<>();
    for (Node node : signature.body().nodes()) {
      steps.add(
          new Step(
              new OpKernel(node.op()),
              node.operands().stream().map(this::view).toList(),
              node.results().stream().map(this::place).toList(),
              node.location()));
    }
    List<Program.Port> outputs = new ArrayList<>();
    for (int i = 0; i < signature.outputs().size(); i++) {
      outputs.add(new Program.Port(signature.outputs().get(i), view(signature.output(i))));
    }
    List<Program.Port> updates = new ArrayList<>();
    for (int i = 0; i < signature.updates().size(); i++) {
      updates.add(new Program.Port(signature.updates().get(i), view(signature.update(i))));
    }
    return new Program(
        signature.name(),
        inputs,
        outputs,
        updates,
        signature.guards(),
        List.of(),
        buffers,
        steps,
        arenaBytes);
  }

  private View place(Value value) {
    View view = add(value, new Storage.Arena(arenaBytes));
    arenaBytes = arenaBytes.plus(value.type().sizeBytes().roundedUpTo(Program.ALIGNMENT));
    return view;
  }

  private View add(Value value, Storage storage) {
    buffers.add(new Buffer(value.type().sizeBytes(), storage));
    View view = new View(buffers.size() - 1, value.type());
    views.put(value, view);
    return view;
  }

  private View view(Value value) {
    View found = views.get(value);
    if (found == null) {
      throw new IllegalStateException("no buffer for " + value);
    }
    return found;
  }
}
