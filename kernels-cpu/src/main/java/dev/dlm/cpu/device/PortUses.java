package dev.dlm.cpu.device;

import dev.dlm.op.nn.Dot;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Which operands of which steps are the value of an input or output, for those that need not lie in
 * the arena: fused loops and products alone use them. Other kernels copy what they read in an order
 * of their own and gain nothing.
 *
 * <p>A buffer may hold several values one after the other, as steps write in place. The value of an
 * input ends with the first step that writes its buffer, that of an output begins with the last.
 *
 * @param inputs for each input its uses; none if it must be copied
 * @param outputs for each output its uses; none if it must be copied
 */
record PortUses(List<List<Use>> inputs, List<List<Use>> outputs) {
  /** An operand of a step. */
  record Use(int step, int operand) {}

  static PortUses of(Program program) {
    List<List<Use>> inputs = new ArrayList<>();
    for (Program.Port input : program.inputs()) {
      int buffer = input.view().buffer();
      int first = firstWriter(program, buffer);
      boolean isLeft = first == program.steps().size() && isAskedFor(program, buffer);
      inputs.add(isLeft ? List.of() : whereServed(program, uses(program, buffer, -1, first)));
    }
    List<List<Use>> outputs = new ArrayList<>();
    for (Program.Port output : program.outputs()) {
      int buffer = output.view().buffer();
      int last = lastWriter(program, buffer);
      boolean isOwn =
          last >= 0
              && program.buffers().get(buffer).storage() instanceof Storage.Arena
              && countPorts(program.outputs(), buffer) + countPorts(program.updates(), buffer) == 1;
      outputs.add(
          isOwn
              ? whereServed(program, uses(program, buffer, last, program.steps().size()))
              : List.of());
    }
    return new PortUses(List.copyOf(inputs), List.copyOf(outputs));
  }

  private static int firstWriter(Program program, int buffer) {
    int step = 0;
    while (step < program.steps().size() && !contains(program.steps().get(step).writes(), buffer)) {
      step++;
    }
    return step;
  }

  private static int lastWriter(Program program, int buffer) {
    int step = program.steps().size() - 1;
    while (step >= 0 && !contains(program.steps().get(step).writes(), buffer)) {
      step--;
    }
    return step;
  }

  private static boolean contains(List<View> views, int buffer) {
    for (View view : views) {
      if (view.buffer() == buffer) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAskedFor(Program program, int buffer) {
    return countPorts(program.outputs(), buffer) + countPorts(program.updates(), buffer) > 0;
  }

  private static int countPorts(List<Program.Port> ports, int buffer) {
    int count = 0;
    for (Program.Port port : ports) {
      count += port.view().buffer() == buffer ? 1 : 0;
    }
    return count;
  }

  /** The uses of the value that a step writes, −1 for an input, up to the next writer. */
  private static List<Use> uses(Program program, int buffer, int writer, int next) {
    List<Use> uses = new ArrayList<>();
    if (writer >= 0) {
      Step step = program.steps().get(writer);
      for (int i = 0; i < step.writes().size(); i++) {
        if (step.writes().get(i).buffer() == buffer) {
          uses.add(new Use(writer, step.reads().size() + i));
        }
      }
    }
    for (int i = writer + 1; i < Math.min(next + 1, program.steps().size()); i++) {
      List<View> reads = program.steps().get(i).reads();
      for (int operand = 0; operand < reads.size(); operand++) {
        if (reads.get(operand).buffer() == buffer) {
          uses.add(new Use(i, operand));
        }
      }
    }
    return uses;
  }

  private static List<Use> whereServed(Program program, List<Use> uses) {
    for (Use use : uses) {
      if (!readsInPlace(program.steps().get(use.step()).kernel())) {
        return List.of();
      }
    }
    return List.copyOf(uses);
  }

  private static boolean readsInPlace(Kernel kernel) {
    return switch (kernel) {
      case LoopKernel _ -> true;
      case OpKernel op -> op.op() instanceof Dot;
      default -> false;
    };
  }
}
