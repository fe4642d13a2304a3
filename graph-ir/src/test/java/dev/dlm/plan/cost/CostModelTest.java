package dev.dlm.plan.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Scatter;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.PlanSamples;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Costs of steps against counts made by hand. */
class CostModelTest {
  private static final Dim BATCH = Dim.symbol("B");
  private static final CostModel COSTS = CostModel.symbolic();

  private static TensorType f32(long... sizes) {
    return TensorType.of(DType.F32, sizes);
  }

  private static Step step(Kernel kernel, List<View> reads, View... writes) {
    return new Step(kernel, reads, List.of(writes), Location.UNKNOWN);
  }

  private static Program program(String name, Step... steps) {
    return new Program(
        name,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(steps),
        Dim.ZERO);
  }

  /** Product of 2×3 and 3×4: 48 operations, 104 bytes. */
  private static Step product() {
    return step(
        new OpKernel(Dot.ofMatrices()),
        List.of(new View(0, f32(2, 3)), new View(1, f32(3, 4))),
        new View(2, f32(2, 4)));
  }

  /** Product of 1×3 and 3×1: 6 operations, 28 bytes. */
  private static Step smallProduct() {
    return step(
        new OpKernel(Dot.ofMatrices()),
        List.of(new View(0, f32(1, 3)), new View(1, f32(3, 1))),
        new View(2, f32(1, 1)));
  }

  @Test
  void dotWithEpilogue_countsBothAndItsResultOnce() {
    Program program = PlanSamples.plan().program("predict");
    Cost cost = COSTS.of(program.steps().get(0));
    // x: f32[B, 4] by w: f32[4, 4], then a maximum for each element.
    assertThat(cost.operations()).isEqualTo(BATCH.times(2 * 4 * 4 + 4));
    assertThat(cost.bytes()).isEqualTo(BATCH.times(4 * 4 * 2).plus(4 * 4 * 4));
    assertThat(cost.isExact()).isTrue();
  }

  @Test
  void loopWithFolds_countsFoldsForElementsAndItsFinishForRows() {
    Program program = PlanSamples.plan().program("predict");
    Cost cost = COSTS.of(program.steps().get(1));
    assertThat(cost.operations()).isEqualTo(BATCH.times(4).plus(BATCH));
    // All of y: f32[B, 4], the scale once, the means.
    assertThat(cost.bytes()).isEqualTo(BATCH.times(4 * 4 + 4).plus(4));
    assertThat(COSTS.of(program)).isEqualTo(COSTS.of(program.steps().get(0)).plus(cost));
  }

  @Test
  void loopOverAPart_countsThatPartAlone() {
    Access part = new Access(0, Dim.of(2), List.of(Dim.of(8), Dim.ONE), List.of());
    Access row = new Access(1, Dim.ZERO, List.of(Dim.ZERO, Dim.ONE), List.of());
    Access result = new Access(2, Dim.ZERO, List.of(Dim.of(4), Dim.ONE), List.of());
    HostTensor zero = HostTensor.scalar(DType.F32, 0);
    Block block =
        new Block(
            List.of(
                new Instruction.Load(0, DType.F32, zero),
                new Instruction.Load(1, DType.F32, zero),
                new Instruction.Apply(ScalarFunction.ADD, DType.F32, List.of(0, 1)),
                new Instruction.Apply(ScalarFunction.EXP, DType.F32, List.of(2))),
            List.of(),
            List.of(new Block.Store(2, 3)));
    LoopKernel loop =
        new LoopKernel(
            List.of(),
            List.of(BATCH, Dim.of(4)),
            List.of(part, row, result),
            List.of(block),
            Block.EMPTY);
    Cost cost =
        COSTS.of(
            step(
                loop,
                List.of(
                    new View(0, new TensorType(DType.F32, Shape.of(BATCH, Dim.of(8)))),
                    new View(1, f32(4))),
                new View(2, new TensorType(DType.F32, Shape.of(BATCH, Dim.of(4))))));
    assertThat(cost.operations())
        .isEqualTo(BATCH.times(4L * (1 + ScalarFunction.EXP.operations())));
    assertThat(cost.bytes()).isEqualTo(BATCH.times(4 * 4 + 4 * 4).plus(4 * 4));
  }

  @Test
  void gather_readsWhatIndicesPointTo() {
    View indices = new View(1, TensorType.of(DType.I32, 4, 1));
    Cost cost =
        COSTS.of(
            step(
                new OpKernel(new Gather(0, List.of(0))),
                List.of(new View(0, f32(1000, 8)), indices),
                new View(2, f32(4, 8))));
    assertThat(cost.bytes()).isEqualTo(Dim.of(4 * 8 * 4 * 2 + 4 * 4));
  }

  @Test
  void scatter_overItsOperandMovesTheUpdatesAlone() {
    OpKernel add = new OpKernel(new Scatter(Scatter.Kind.ADD, 0, List.of(0)));
    View indices = new View(1, TensorType.of(DType.I32, 4, 1));
    View updates = new View(2, f32(4, 8));
    View table = new View(0, f32(1000, 8));
    Cost inPlace = COSTS.of(step(add, List.of(table, indices, updates), table));
    assertThat(inPlace.bytes()).isEqualTo(Dim.of(4 * 8 * 4 * 3 + 4 * 4));
    Cost copied = COSTS.of(step(add, List.of(table, indices, updates), new View(3, f32(1000, 8))));
    assertThat(copied.bytes()).isEqualTo(Dim.of(1000 * 8 * 4 * 2 + 4 * 8 * 4 + 4 * 4));
  }

  @Test
  void scan_isItsBodyAsOftenAsItIsLong() {
    Dim length = Dim.symbol("T");
    Cost cost =
        COSTS.of(
            step(
                new ScanKernel(program("body", product(), smallProduct()), 0, 0, length, false),
                List.of()));
    assertThat(cost.operations()).isEqualTo(length.times(48 + 6));
    assertThat(cost.bytes()).isEqualTo(length.times(104 + 28));
    assertThat(cost.isExact()).isTrue();
  }

  @Test
  void whatValuesDecide_isCountedOnceAndSaid() {
    Step loop =
        step(
            new WhileKernel(program("condition", smallProduct()), program("body", product()), 1, 9),
            List.of());
    assertThat(COSTS.of(loop)).isEqualTo(new Cost(Dim.of(54), Dim.of(132), false));
    Step cond =
        step(
            new CondKernel(program("true", smallProduct()), program("false", product())),
            List.of());
    assertThat(COSTS.of(cond)).isEqualTo(new Cost(Dim.of(48), Dim.of(104), false));
    Step same =
        step(new CondKernel(program("true", product()), program("false", product())), List.of());
    assertThat(COSTS.of(same).isExact()).isTrue();
  }

  @Test
  void at_givesWhatTheFormulaGives() {
    Program program = PlanSamples.plan().program("predict");
    Cost formula = COSTS.of(program);
    Cost number = CostModel.at(Map.of("B", 6L)).of(program);
    assertThat(number.operations().asLong()).isEqualTo(formula.operations().evaluate(_ -> 6));
    assertThat(number.bytes().asLong()).isEqualTo(formula.bytes().evaluate(_ -> 6));
  }

  @Test
  void numberedSteps_standBeforeTheStepsInsideOfThem() {
    Step scan =
        step(
            new ScanKernel(program("body", product(), product()), 0, 0, Dim.of(3), false),
            List.of());
    Step loop =
        step(
            new WhileKernel(program("condition", product()), program("body", scan), 1, 0),
            List.of());
    Program program = program("p", product(), loop, product());
    List<NumberedStep> steps = NumberedStep.of(program);
    assertThat(steps.stream().map(NumberedStep::path))
        .containsExactly(
            "0", "1", "1.condition.0", "1.body.0", "1.body.0.body.0", "1.body.0.body.1", "2");
    assertThat(steps.stream().map(NumberedStep::parent)).containsExactly(-1, -1, 1, 1, 3, 3, -1);
    assertThat(steps.stream().map(NumberedStep::depth)).containsExactly(0, 0, 1, 1, 2, 2, 0);
    assertThat(NumberedStep.count(program)).isEqualTo(7);
  }
}
