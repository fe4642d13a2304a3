package dev.dlm.text;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Variable;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.Op;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints plans for people: the arena's bytes as a formula, buffers with their places, and the steps
 * with what they read and write and the model's lines they came from:
 *
 * <pre>{@code
 * plan "linear" {
 *   program "predict" {
 *     arena 64*floor((16*B + 63) / 64) bytes
 *     input "x" = #0: f32[B, 4]
 *     buffer #0: 16*B bytes, arena at 0
 *     step 0: #2: f32[B, 1] = dot(#0: f32[B, 4], #1: f32[4, 1]) {…} at "linear.dlm":5:9-5:14
 *     output "y" = #2: f32[B, 1]
 *   }
 * }
 * }</pre>
 *
 * <p>In loops, {@code a0} is an access, {@code v0} the value of an instruction, {@code i0} the
 * index along an axis. The text does not parse back; plans travel as bytes. Thread-safe.
 */
public final class PlanPrinter {
  private final TextWriter out;

  private PlanPrinter(TextWriter out) {
    this.out = out;
  }

  /** The text of a plan, with locations and without the elements of large constants. */
  public static String print(Plan plan) {
    return print(
        plan, new GraphPrinter.Options(true, GraphPrinter.Options.BRIEF.largestConstant()));
  }

  /** The text of a plan. */
  public static String print(Plan plan, GraphPrinter.Options options) {
    TextWriter out = new TextWriter(options);
    new PlanPrinter(out).plan(plan);
    return out.toString();
  }

  private void plan(Plan plan) {
    out.text("plan ").string(plan.name()).text(" {");
    out.indent();
    for (Variable variable : plan.variables()) {
      GraphPrinter.variable(out.newLine(), variable);
    }
    boolean first = plan.variables().isEmpty();
    for (Program program : plan.programs()) {
      if (!first) {
        out.blankLine();
      }
      first = false;
      program(program);
    }
    out.outdent();
    out.newLine().text("}\n");
  }

  private void program(Program program) {
    out.newLine().text("program ").string(program.name()).text(" {");
    out.indent();
    out.newLine().text("arena ").text(program.arenaBytes().toString()).text(" bytes");
    ports("input", program.inputs());
    program.guards().forEach(guard -> GraphPrinter.guard(out.newLine(), guard));
    for (int i = 0; i < program.buffers().size(); i++) {
      buffer(i, program.buffers().get(i), program);
    }
    for (int i = 0; i < program.steps().size(); i++) {
      out.newLine().text("step ").number(i).text(": ");
      step(program.steps().get(i));
    }
    ports("output", program.outputs());
    ports("update", program.updates());
    out.outdent();
    out.newLine().text("}");
  }

  private void ports(String keyword, List<Program.Port> ports) {
    for (Program.Port port : ports) {
      out.newLine().text(keyword).text(" ").string(port.name()).text(" = ");
      out.text(port.view().toString());
    }
  }

  private void buffer(int number, Buffer buffer, Program program) {
    out.newLine().text("buffer #").number(number).text(": ");
    out.text(buffer.sizeBytes().toString()).text(" bytes, ");
    switch (buffer.storage()) {
      case Storage.Arena arena -> out.text("arena at ").text(arena.offsetBytes().toString());
      case Storage.OfVariable variable -> out.text("variable ").string(variable.name());
      case Storage.Constant constant ->
          out.text("constant ").tensor(program.constants().get(constant.index()));
    }
  }

  private void step(Step step) {
    views(step.writes());
    out.text(step.writes().isEmpty() ? "" : " = ");
    switch (step.kernel()) {
      case LoopKernel loop -> {
        out.text("loop(");
        views(step.reads());
        out.text(")").at(step.location());
        loop(loop);
      }
      case OpKernel kernel -> {
        op(kernel.op(), step);
        kernel
            .epilogue()
            .ifPresent(epilogue -> {
              out.indent();
              out.newLine().text("epilogue");
              loop(epilogue);
              out.outdent();
            });
      }
      case CompositeKernel(CompositeOp op, Program expansion) -> {
        op(op, step);
        bodies(List.of(expansion));
      }
      case ScanKernel(Program body, int carries, int scanned, Dim length, boolean reverse) -> {
        control("scan", step);
        out.text(" carries ").number(carries).text(" scanned ").number(scanned);
        out.text(" length ").text(length.toString()).text(reverse ? " reverse" : "");
        bodies(List.of(body));
      }
      case WhileKernel(Program condition, Program body, int carries, long limit) -> {
        control("while", step);
        out.text(" carries ").number(carries).text(" limit ").number(limit);
        bodies(List.of(condition, body));
      }
      case CondKernel(Program whenTrue, Program whenFalse) -> {
        control("cond", step);
        bodies(List.of(whenTrue, whenFalse));
      }
    }
  }

  private void op(Op op, Step step) {
    out.text(op.name()).text("(");
    views(step.reads());
    out.text(")");
    if (op.getClass().getRecordComponents().length > 0) {
      out.text(" ").group((Record) op);
    }
    out.at(step.location());
  }

  private void control(String name, Step step) {
    out.text(name).text("(");
    views(step.reads());
    out.text(")").at(step.location());
  }

  private void bodies(List<Program> bodies) {
    out.indent();
    bodies.forEach(this::program);
    out.outdent();
  }

  private void views(List<View> views) {
    for (int i = 0; i < views.size(); i++) {
      out.text(i == 0 ? "" : ", ").text(views.get(i).toString());
    }
  }

  private void loop(LoopKernel loop) {
    out.text(" {");
    out.indent();
    out.newLine().text("rows ").text(loop.rows().toString());
    out.text(" columns ").text(loop.columns().toString());
    for (int i = 0; i < loop.accesses().size(); i++) {
      access(i, loop.accesses().get(i));
    }
    int folds = 0;
    for (Block sweep : loop.sweeps()) {
      block("sweep", sweep, loop.accesses(), folds);
      folds += sweep.folds().size();
    }
    if (!loop.finish().equals(Block.EMPTY)) {
      block("finish", loop.finish(), loop.accesses(), folds);
    }
    out.outdent();
    out.newLine().text("}");
  }

  private void access(int number, Access access) {
    out.newLine().text("a").number(number).text(" = operand ").number(access.operand());
    out.text("[").text(affine(access.offset(), access.strides())).text("]");
    for (int i = 0; i < access.bounds().size(); i++) {
      Access.Bound bound = access.bounds().get(i);
      out.text(i == 0 ? " where 0 <= " : " and 0 <= ");
      out.text(affine(bound.offset(), bound.coefficients()));
      out.text(" < ").text(bound.extent().toString());
    }
  }

  /** {@code offset + Σ coefficients[i] * i<i>}, without what is zero. */
  private static String affine(Dim offset, List<Dim> coefficients) {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < coefficients.size(); i++) {
      Dim coefficient = coefficients.get(i);
      if (coefficient.is(1)) {
        terms.add("i" + i);
      } else if (!coefficient.is(0)) {
        boolean single = coefficient.terms().size() == 1;
        terms.add((single ? coefficient.toString() : "(" + coefficient + ")") + "*i" + i);
      }
    }
    if (!offset.is(0) || terms.isEmpty()) {
      terms.add(offset.toString());
    }
    return String.join(" + ", terms);
  }

  private void block(String keyword, Block block, List<Access> accesses, int firstFold) {
    out.newLine().text(keyword).text(" {");
    out.indent();
    for (int i = 0; i < block.instructions().size(); i++) {
      Instruction instruction = block.instructions().get(i);
      out.newLine().text("v").number(i).text(": ").text(instruction.dtype().text()).text(" = ");
      instruction(instruction, accesses);
    }
    for (int i = 0; i < block.folds().size(); i++) {
      Block.Fold fold = block.folds().get(i);
      out.newLine().text("fold ").number(firstFold + i).text(" = ").constant(fold.kind());
      out.text("(v").number(fold.value()).text(")");
    }
    for (Block.Store store : block.stores()) {
      out.newLine().text("store a").number(store.access()).text(" = v").number(store.value());
    }
    out.outdent();
    out.newLine().text("}");
  }

  private void instruction(Instruction instruction, List<Access> accesses) {
    switch (instruction) {
      case Instruction.Load load -> {
        out.text("load a").number(load.access());
        if (!accesses.get(load.access()).bounds().isEmpty()) {
          out.text(" else ").tensor(load.otherwise());
        }
      }
      case Instruction.Literal literal -> out.tensor(literal.value());
      case Instruction.Size size -> out.text("size ").text(size.dim().toString());
      case Instruction.Index index -> out.text("i").number(index.axis());
      case Instruction.Folded folded -> out.text("fold ").number(folded.fold());
      case Instruction.Apply apply -> {
        out.constant(apply.function()).text("(");
        for (int i = 0; i < apply.arguments().size(); i++) {
          out.text(i == 0 ? "v" : ", v").number(apply.arguments().get(i));
        }
        out.text(")");
      }
    }
  }
}
