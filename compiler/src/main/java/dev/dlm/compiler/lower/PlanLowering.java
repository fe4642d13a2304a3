package dev.dlm.compiler.lower;

import dev.dlm.compiler.fuse.BodyValues;
import dev.dlm.compiler.fuse.Fusion;
import dev.dlm.compiler.fuse.Unit;
import dev.dlm.compiler.memory.BufferAssignment;
import dev.dlm.compiler.memory.DraftStep;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.op.CompositeOp;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lowers a graph to its plan: cuts each signature into units, makes kernels of them, and plans
 * their memory.
 */
public final class PlanLowering {
  private PlanLowering() {}

  /**
   * The plan of a graph.
   *
   * @param graph with gradients expanded
   */
  public static Plan lower(Graph graph) {
    return new Plan(
        graph.name(),
        graph.variables(),
        graph.signatures().stream().map(PlanLowering::program).toList());
  }

  /** The program of a signature. */
  public static Program program(Signature signature) {
    BodyValues values = new BodyValues(signature.body());
    List<DraftStep> drafts = new ArrayList<>();
    ControlLowering control = new ControlLowering(signature.body());
    for (Unit unit : Fusion.unitsOf(signature.body())) {
      drafts.add(draft(values, unit, control));
    }
    BufferAssignment memory = new BufferAssignment(signature, values, drafts);
    List<Step> steps = new ArrayList<>();
    for (DraftStep draft : drafts) {
      steps.add(
          new Step(
              draft.kernel(),
              draft.reads().stream().map(memory::view).toList(),
              draft.writes().stream().map(memory::view).toList(),
              draft.location()));
    }
    List<Program.Port> inputs = new ArrayList<>();
    for (int i = 0; i < signature.inputs().size(); i++) {
      inputs.add(new Program.Port(signature.inputs().get(i), memory.view(signature.input(i))));
    }
    List<Program.Port> outputs = new ArrayList<>();
    for (int i = 0; i < signature.outputs().size(); i++) {
      outputs.add(new Program.Port(signature.outputs().get(i), memory.view(signature.output(i))));
    }
    List<Program.Port> updates = new ArrayList<>();
    for (int i = 0; i < signature.updates().size(); i++) {
      updates.add(new Program.Port(signature.updates().get(i), memory.view(signature.update(i))));
    }
    return new Program(
        signature.name(),
        inputs,
        outputs,
        updates,
        signature.guards(),
        memory.constants(),
        memory.buffers(),
        steps,
        memory.arenaBytes());
  }

  private static DraftStep draft(BodyValues values, Unit unit, ControlLowering control) {
    return switch (unit) {
      case Unit.Loop loop -> {
        LoopLowering.Lowered lowered = LoopLowering.lower(values, loop);
        yield new DraftStep(
            lowered.kernel(), lowered.reads(), lowered.writes(), locationOf(loop.nodes()));
      }
      case Unit.Single single ->
          single.epilogue().isPresent()
              ? withEpilogue(values, single.node(), single.epilogue().get())
              : control.lower(single.node()).orElseGet(() -> alone(single.node()));
    };
  }

  private static DraftStep alone(Node node) {
    Kernel kernel =
        node.op() instanceof CompositeOp op
            ? CompositeLowering.lower(op, node)
            : new OpKernel(node.op());
    return new DraftStep(kernel, node.operands(), node.results(), node.location());
  }

  private static DraftStep withEpilogue(BodyValues values, Node node, Unit.Loop epilogue) {
    LoopLowering.Lowered lowered =
        LoopLowering.lowerEpilogue(values, epilogue, node.result(), node.operands());
    List<Node> nodes = new ArrayList<>(List.of(node));
    nodes.addAll(epilogue.nodes());
    OpKernel kernel = new OpKernel(node.op(), Optional.of(lowered.kernel()));
    return new DraftStep(kernel, lowered.reads(), lowered.writes(), locationOf(nodes));
  }

  private static Location locationOf(List<Node> nodes) {
    return Location.fuse(nodes.stream().map(Node::location).toList());
  }
}
