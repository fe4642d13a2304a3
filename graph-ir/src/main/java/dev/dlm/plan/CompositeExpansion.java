package dev.dlm.plan;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A program in which the expansions of composite ops stand in the place of those steps that a
 * device does not compute as a whole. Their arenas lie behind the program's, and as steps run one
 * after the other, they share the bytes where it is known for all sizes which is the largest.
 *
 * @param origins for each step of the program, the number of the step that it came from
 */
public record CompositeExpansion(Program program, List<Integer> origins) {
  public CompositeExpansion {
    origins = List.copyOf(origins);
  }

  /**
   * Expands steps of a program, bodies inside of steps included.
   *
   * @param whole the kernels that stay
   */
  public static CompositeExpansion of(Program program, Predicate<CompositeKernel> whole) {
    return new Expander(program, whole).run();
  }

  /** One program in the making. */
  private static final class Expander {
    private final Program program;
    private final Predicate<CompositeKernel> whole;
    private final List<HostTensor> constants;
    private final List<Buffer> buffers;
    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> origins = new ArrayList<>();
    private Dim added = Dim.ZERO;
    private boolean changed;

    Expander(Program program, Predicate<CompositeKernel> whole) {
      this.program = program;
      this.whole = whole;
      this.constants = new ArrayList<>(program.constants());
      this.buffers = new ArrayList<>(program.buffers());
    }

    CompositeExpansion run() {
      for (int i = 0; i < program.steps().size(); i++) {
        add(program.steps().get(i));
        while (origins.size() < steps.size()) {
          origins.add(i);
        }
      }
      return new CompositeExpansion(changed ? expanded() : program, origins);
    }

    private Program expanded() {
      return new Program(
          program.name(),
          program.inputs(),
          program.outputs(),
          program.updates(),
          program.guards(),
          constants,
          buffers,
          steps,
          program.arenaBytes().plus(added));
    }

    private void add(Step step) {
      switch (step.kernel()) {
        case LoopKernel _, OpKernel _ -> steps.add(step);
        case CompositeKernel composite -> {
          if (whole.test(composite)) {
            steps.add(step);
          } else {
            inline(of(composite.expansion(), whole).program(), step);
          }
        }
        case ScanKernel scan -> {
          Program body = of(scan.body(), whole).program();
          var kernel =
              new ScanKernel(body, scan.carries(), scan.scanned(), scan.length(), scan.reverse());
          addControl(step, kernel, List.of(scan.body()), List.of(body));
        }
        case WhileKernel loop -> {
          Program condition = of(loop.condition(), whole).program();
          Program body = of(loop.body(), whole).program();
          addControl(
              step,
              new WhileKernel(condition, body, loop.carries(), loop.limit()),
              List.of(loop.condition(), loop.body()),
              List.of(condition, body));
        }
        case CondKernel cond -> {
          Program whenTrue = of(cond.whenTrue(), whole).program();
          Program whenFalse = of(cond.whenFalse(), whole).program();
          addControl(
              step,
              new CondKernel(whenTrue, whenFalse),
              List.of(cond.whenTrue(), cond.whenFalse()),
              List.of(whenTrue, whenFalse));
        }
      }
    }

    /** The last operands that control flow writes are the arenas of its programs. */
    private void addControl(Step step, Kernel kernel, List<Program> before, List<Program> after) {
      if (before.equals(after)) {
        steps.add(step);
        return;
      }
      changed = true;
      List<View> writes =
          new ArrayList<>(step.writes().subList(0, step.writes().size() - after.size()));
      Dim all = Dim.sum(after.stream().map(Program::arenaBytes).toList());
      Dim at = room(all);
      for (Program body : after) {
        Shape bytes = new Shape(List.of(body.arenaBytes()));
        buffers.add(new Buffer(body.arenaBytes(), new Storage.Arena(at)));
        writes.add(new View(buffers.size() - 1, new TensorType(DType.U8, bytes)));
        at = at.plus(body.arenaBytes());
      }
      steps.add(new Step(kernel, step.reads(), writes, step.location()));
    }

    /** Where a step finds memory that no other step needs meanwhile. */
    private Dim room(Dim sizeBytes) {
      if (added.isProvablyAtLeast(sizeBytes)) {
        return program.arenaBytes();
      }
      if (sizeBytes.isProvablyAtLeast(added)) {
        added = sizeBytes;
        return program.arenaBytes();
      }
      Dim at = program.arenaBytes().plus(added);
      added = added.plus(sizeBytes);
      return at;
    }

    private void inline(Program expansion, Step step) {
      changed = true;
      Map<String, Integer> around = new HashMap<>();
      for (int i = 0; i < step.reads().size(); i++) {
        around.put(BodyVariables.capture(i), step.reads().get(i).buffer());
      }
      for (int i = 0; i < step.writes().size(); i++) {
        around.put(BodyVariables.result(i), step.writes().get(i).buffer());
      }
      Dim memory = room(expansion.arenaBytes());
      List<Integer> places = new ArrayList<>();
      for (Buffer buffer : expansion.buffers()) {
        places.add(
            switch (buffer.storage()) {
              case Storage.OfVariable(String name) -> around.get(name);
              case Storage.Arena(Dim offset) ->
                  place(buffer.sizeBytes(), new Storage.Arena(memory.plus(offset)));
              case Storage.Constant(int index) -> {
                constants.add(expansion.constants().get(index));
                yield place(buffer.sizeBytes(), new Storage.Constant(constants.size() - 1));
              }
            });
      }
      for (Step inner : expansion.steps()) {
        steps.add(
            new Step(
                inner.kernel(),
                inner.reads().stream().map(view -> moved(view, places)).toList(),
                inner.writes().stream().map(view -> moved(view, places)).toList(),
                inner.location()));
      }
      for (Program.Port update : expansion.updates()) {
        View result = moved(update.view(), places);
        Integer target = around.get(update.name());
        if (target != null && result.buffer() != target) {
          steps.add(copy(result, new View(target, result.type()), step));
        }
      }
    }

    private int place(Dim sizeBytes, Storage storage) {
      buffers.add(new Buffer(sizeBytes, storage));
      return buffers.size() - 1;
    }

    private static View moved(View view, List<Integer> places) {
      return new View(places.get(view.buffer()), view.type());
    }

    /**
     * A result that the expansion has elsewhere: it is an operand, a constant or another result.
     */
    private static Step copy(View from, View to, Step step) {
      List<Access> accesses =
          List.of(
              new Access(0, Dim.ZERO, List.of(Dim.ONE), List.of()),
              new Access(1, Dim.ZERO, List.of(Dim.ONE), List.of()));
      DType dtype = from.type().dtype();
      Block block =
          new Block(
              List.of(new Instruction.Load(0, dtype, HostTensor.scalar(dtype, 0))),
              List.of(),
              List.of(new Block.Store(1, 0)));
      LoopKernel loop =
          new LoopKernel(
              List.of(),
              List.of(from.type().shape().count()),
              accesses,
              List.of(block),
              Block.EMPTY);
      return new Step(loop, List.of(from), List.of(to), step.location());
    }
  }
}
