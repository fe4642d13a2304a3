package dev.dlm.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanInvariantsTest {
  private static final Plan PLAN = PlanSamples.plan();
  private static final Program PROGRAM = PLAN.program("predict");
  private static final Step MEANS = PROGRAM.steps().get(1);
  private static final LoopKernel LOOP = (LoopKernel) MEANS.kernel();

  @Test
  void soundPlan_hasNoViolation() {
    assertThat(PlanInvariants.findViolation(PLAN)).isEmpty();
  }

  @Test
  void view_ofAMissingOrSmallBuffer_isFound() {
    View missing = new View(9, TensorType.of(DType.F32));
    assertThat(violation(step(LOOP, List.of(missing, missing), MEANS.writes())))
        .contains("buffer 9 of 5");
    View large = new View(4, TensorType.of(DType.F32, 2));
    assertThat(violation(step(LOOP, List.of(MEANS.reads().get(0), large), MEANS.writes())))
        .contains("#4: f32[2] is larger than its buffer of 4 bytes");
  }

  @Test
  void access_thatDoesNotSuitTheLoop_isFound() {
    Access beyond = new Access(5, Dim.ZERO, List.of(Dim.ONE, Dim.ONE), List.of());
    assertThat(violation(accesses(beyond))).contains("operand 5 of 3");
    Access flat = new Access(0, Dim.ZERO, List.of(Dim.ONE), List.of());
    assertThat(violation(accesses(flat))).contains("an access has not one stride an axis");
  }

  @Test
  void block_withBadReferences_isFound() {
    assertThat(violation(finish(new Instruction.Folded(1, DType.F32)))).contains("fold 1 of 1");
    assertThat(violation(finish(new Instruction.Load(3, DType.F32, zero()))))
        .contains("access 3 of 3");
    assertThat(violation(finish(new Instruction.Load(1, DType.F64, zero()))))
        .contains("a load is of another element type than its operand");
    assertThat(violation(finish(new Instruction.Index(2, DType.I32)))).contains("axis 2 of 2");
    assertThat(
            violation(finish(new Instruction.Apply(ScalarFunction.NEGATE, DType.F32, List.of(0)))))
        .contains("argument 0 of 0");
    Block stray =
        new Block(LOOP.finish().instructions(), List.of(), List.of(new Block.Store(0, 2)));
    assertThat(violation(loop(LOOP.accesses(), stray)))
        .contains("a store goes to an operand that is only read");
  }

  private static HostTensor zero() {
    return HostTensor.scalar(DType.F32, 0);
  }

  private static Step finish(Instruction instruction) {
    return loop(LOOP.accesses(), new Block(List.of(instruction), List.of(), List.of()));
  }

  private static Step accesses(Access first) {
    List<Access> accesses = new ArrayList<>(LOOP.accesses());
    accesses.set(0, first);
    return loop(accesses, LOOP.finish());
  }

  private static Step loop(List<Access> accesses, Block finish) {
    return step(
        new LoopKernel(LOOP.rows(), LOOP.columns(), accesses, LOOP.sweeps(), finish),
        MEANS.reads(),
        MEANS.writes());
  }

  private static Step step(Kernel kernel, List<View> reads, List<View> writes) {
    return new Step(kernel, reads, writes, Location.Source.at("m.dlm", 5, 7));
  }

  private static Optional<String> violation(Step step) {
    Program program =
        new Program(
            "predict",
            PROGRAM.inputs(),
            PROGRAM.outputs(),
            PROGRAM.updates(),
            PROGRAM.guards(),
            PROGRAM.constants(),
            PROGRAM.buffers(),
            List.of(step),
            PROGRAM.arenaBytes());
    return PlanInvariants.findViolation(new Plan("p", PLAN.variables(), List.of(program)))
        .map(found -> {
          assertThat(found.location()).isEqualTo(step.location());
          return found.message();
        });
  }
}
