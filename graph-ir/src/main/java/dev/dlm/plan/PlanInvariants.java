package dev.dlm.plan;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Variable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for every plan: numbers refer to something that exists, accesses suit their iteration
 * space, instructions use earlier ones, names are unique, and constants fill their buffers.
 *
 * <p>Every start of a service goes through here: messages are made only of what does not hold, and
 * no lambdas, each of which the JVM would turn into a class.
 */
public final class PlanInvariants {
  private PlanInvariants() {}

  /** What does not hold, and where the step or variable comes from. */
  public record Violation(String message, Location location) {}

  /** Thrown inside this class alone. */
  private static final class Violated extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violated(String message) {
      super(message, null, false, false);
    }
  }

  /** The first violation in a plan. */
  public static Optional<Violation> findViolation(Plan plan) {
    Location[] place = {Location.UNKNOWN};
    try {
      Set<String> variables = new HashSet<>();
      for (Variable variable : plan.variables()) {
        unique("variable", variable.name(), variables);
      }
      Set<String> programs = new HashSet<>();
      for (Program program : plan.programs()) {
        unique("program", program.name(), programs);
      }
      for (Program program : plan.programs()) {
        checkProgram(program, variables, place, 0);
        place[0] = Location.UNKNOWN;
      }
      return Optional.empty();
    } catch (Violated e) {
      return Optional.of(new Violation(String.valueOf(e.getMessage()), place[0]));
    }
  }

  private static void checkProgram(
      Program program, Set<String> variables, Location[] place, int depth) {
    require(depth <= GraphInvariants.MAX_DEPTH, "programs are nested too deeply");
    checkBorder(program);
    checkBuffers(program, variables);
    for (Step step : program.steps()) {
      place[0] = step.location();
      checkStep(step, program);
      Optional<String> problem = BodyRules.checkBorder(step);
      if (problem.isPresent()) {
        throw new Violated(problem.get());
      }
      for (Program body : BodyRules.bodiesOf(step.kernel())) {
        checkProgram(body, BodyRules.variablesOf(step), place, depth + 1);
      }
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new Violated(message);
    }
  }

  private static void index(int index, int size, String what) {
    if (index < 0 || index >= size) {
      throw new Violated(what + " " + index + " of " + size);
    }
  }

  private static void unique(String kind, String name, Set<String> seen) {
    if (!seen.add(name)) {
      throw new Violated(kind + " '" + name + "' stands twice");
    }
  }

  private static void declared(String variable, Set<String> variables) {
    if (!variables.contains(variable)) {
      throw new Violated("variable '" + variable + "' is not declared");
    }
  }

  private static void checkBorder(Program program) {
    checkPorts("input", program.inputs(), program);
    checkPorts("output", program.outputs(), program);
    checkPorts("update", program.updates(), program);
  }

  private static void checkPorts(String kind, List<Program.Port> ports, Program program) {
    Set<String> names = new HashSet<>();
    for (Program.Port port : ports) {
      checkView(port.view(), program);
      unique(kind, port.name(), names);
    }
  }

  private static void checkView(View view, Program program) {
    index(view.buffer(), program.buffers().size(), "buffer");
    Dim sizeBytes = program.buffers().get(view.buffer()).sizeBytes();
    Dim spare = sizeBytes.minus(view.type().sizeBytes());
    if (spare.isConstant() && spare.asLong() < 0) {
      throw new Violated(view + " is larger than its buffer of " + sizeBytes + " bytes");
    }
  }

  private static void checkBuffers(Program program, Set<String> variables) {
    for (Buffer buffer : program.buffers()) {
      switch (buffer.storage()) {
        case Storage.Arena _ -> {}
        case Storage.OfVariable variable -> declared(variable.name(), variables);
        case Storage.Constant constant -> {
          index(constant.index(), program.constants().size(), "constant");
          Dim sizeBytes = program.constants().get(constant.index()).type().sizeBytes();
          if (!sizeBytes.equals(buffer.sizeBytes())) {
            throw new Violated("constant " + constant.index() + " does not fill its buffer");
          }
        }
      }
    }
    for (Program.Port update : program.updates()) {
      declared(update.name(), variables);
    }
  }

  private static void checkStep(Step step, Program program) {
    for (int operand = 0; operand < step.countOperands(); operand++) {
      checkView(step.operand(operand), program);
    }
    switch (step.kernel()) {
      case LoopKernel loop -> checkLoop(loop, step);
      case OpKernel op -> {
        if (op.epilogue().isPresent()) {
          checkLoop(op.epilogue().get(), step);
        }
      }
      case CompositeKernel _, ScanKernel _, WhileKernel _, CondKernel _ -> {}
    }
  }

  private static void checkLoop(LoopKernel loop, Step step) {
    int axes = loop.rows().size() + loop.columns().size();
    for (Access access : loop.accesses()) {
      index(access.operand(), step.countOperands(), "operand");
      require(access.strides().size() == axes, "an access has not one stride an axis");
      for (Access.Bound bound : access.bounds()) {
        require(bound.coefficients().size() == axes, "a bound has not one coefficient an axis");
      }
    }
    int folds = 0;
    for (Block sweep : loop.sweeps()) {
      checkBlock(sweep, loop, step, folds);
      folds += sweep.folds().size();
    }
    require(loop.finish().folds().isEmpty(), "the finish of a loop has folds");
    checkBlock(loop.finish(), loop, step, folds);
  }

  private static void checkBlock(Block block, LoopKernel loop, Step step, int folds) {
    List<Instruction> instructions = block.instructions();
    for (int i = 0; i < instructions.size(); i++) {
      switch (instructions.get(i)) {
        case Instruction.Load load -> {
          index(load.access(), loop.accesses().size(), "access");
          require(load.otherwise().type().rank() == 0, "the value outside of bounds is no scalar");
          require(
              typeOf(load.access(), loop, step) == load.dtype(),
              "a load is of another element type than its operand");
        }
        case Instruction.Literal literal ->
            require(literal.value().type().rank() == 0, "a literal is no scalar");
        case Instruction.Size _ -> {}
        case Instruction.Index position ->
            index(position.axis(), loop.rows().size() + loop.columns().size(), "axis");
        case Instruction.Folded folded -> index(folded.fold(), folds, "fold");
        case Instruction.Apply apply -> {
          if (apply.arguments().size() != apply.function().arity()) {
            throw new Violated(
                apply.function() + " has " + apply.arguments().size() + " arguments");
          }
          for (int argument : apply.arguments()) {
            index(argument, i, "argument");
          }
        }
      }
    }
    for (Block.Fold fold : block.folds()) {
      index(fold.value(), instructions.size(), "folded value");
    }
    for (Block.Store store : block.stores()) {
      index(store.access(), loop.accesses().size(), "access");
      index(store.value(), instructions.size(), "stored value");
      require(
          loop.accesses().get(store.access()).operand() >= step.reads().size(),
          "a store goes to an operand that is only read");
      require(loop.accesses().get(store.access()).bounds().isEmpty(), "a store has bounds");
      require(
          typeOf(store.access(), loop, step) == instructions.get(store.value()).dtype(),
          "a store is of another element type than its operand");
    }
  }

  private static DType typeOf(int access, LoopKernel loop, Step step) {
    return step.operand(loop.accesses().get(access).operand()).type().dtype();
  }
}
