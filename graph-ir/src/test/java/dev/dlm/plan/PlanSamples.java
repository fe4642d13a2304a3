package dev.dlm.plan;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.Dot;
import java.util.List;
import java.util.Optional;

/** A plan in which every kind of part occurs. */
public final class PlanSamples {
  private static final Dim BATCH = Dim.symbol("B");
  private static final Dim FOUR = Dim.of(4);
  private static final HostTensor ZERO = HostTensor.scalar(DType.F32, 0);

  private PlanSamples() {}

  /** {@code y = relu(x · w)} and the mean of {@code y} over each row, over {@code x: f32[B, 4]}. */
  public static Plan plan() {
    TensorType matrix = new TensorType(DType.F32, Shape.of(BATCH, FOUR));
    TensorType vector = TensorType.of(DType.F32, BATCH);
    Variable w =
        new Variable(
            "w",
            TensorType.of(DType.F32, 4, 4),
            Variable.Role.WEIGHT,
            Location.Source.at("m.dlm", 2, 3));
    Dim sizeBytes = matrix.sizeBytes();
    List<Buffer> buffers =
        List.of(
            new Buffer(sizeBytes, new Storage.Arena(Dim.ZERO)),
            new Buffer(w.type().sizeBytes(), new Storage.OfVariable("w")),
            new Buffer(sizeBytes, new Storage.Arena(sizeBytes.roundedUpTo(64))),
            new Buffer(vector.sizeBytes(), new Storage.Arena(sizeBytes.roundedUpTo(64).times(2))),
            new Buffer(Dim.of(4), new Storage.Constant(0)));
    View x = new View(0, matrix);
    View weight = new View(1, w.type());
    View y = new View(2, matrix);
    View means = new View(3, vector);
    View scale = new View(4, TensorType.of(DType.F32));
    Program predict =
        new Program(
            "predict",
            List.of(new Program.Port("x", x)),
            List.of(new Program.Port("y", y), new Program.Port("means", means)),
            List.of(new Program.Port("w", weight)),
            List.of(
                new Guard(Guard.Relation.AT_MOST, Dim.ONE, BATCH, "not empty", Location.UNKNOWN)),
            List.of(HostTensor.scalar(DType.F32, 0.25)),
            buffers,
            List.of(
                new Step(
                    new OpKernel(Dot.ofMatrices(), Optional.of(relu())),
                    List.of(x, weight),
                    List.of(y),
                    Location.Source.at("m.dlm", 4, 7)),
                new Step(
                    means(),
                    List.of(y, scale),
                    List.of(means),
                    new Location.Derived("mean of", Location.Source.at("m.dlm", 5, 7)))),
            sizeBytes.roundedUpTo(64).times(3));
    return new Plan("sample", List.of(w), List.of(predict));
  }

  private static LoopKernel relu() {
    Access result = new Access(2, Dim.ZERO, List.of(FOUR, Dim.ONE), List.of());
    Block block =
        new Block(
            List.of(
                new Instruction.Load(0, DType.F32, ZERO),
                new Instruction.Literal(ZERO),
                new Instruction.Apply(ScalarFunction.MAXIMUM, DType.F32, List.of(0, 1))),
            List.of(),
            List.of(new Block.Store(0, 2)));
    return new LoopKernel(
        List.of(), List.of(BATCH, FOUR), List.of(result), List.of(block), Block.EMPTY);
  }

  private static LoopKernel means() {
    Access element =
        new Access(
            0,
            Dim.ZERO,
            List.of(FOUR, Dim.ONE),
            List.of(new Access.Bound(Dim.of(-1), List.of(Dim.ZERO, Dim.ONE), FOUR)));
    Access scale = new Access(1, Dim.ZERO, List.of(Dim.ZERO, Dim.ZERO), List.of());
    Access mean = new Access(2, Dim.ZERO, List.of(Dim.ONE, Dim.ZERO), List.of());
    Block sweep =
        new Block(
            List.of(
                new Instruction.Load(0, DType.F32, ZERO),
                new Instruction.Index(1, DType.I32),
                new Instruction.Size(BATCH, DType.F32)),
            List.of(new Block.Fold(Reduce.Kind.SUM, 0)),
            List.of());
    Block finish =
        new Block(
            List.of(
                new Instruction.Folded(0, DType.F32),
                new Instruction.Load(1, DType.F32, ZERO),
                new Instruction.Apply(ScalarFunction.MULTIPLY, DType.F32, List.of(0, 1))),
            List.of(),
            List.of(new Block.Store(2, 2)));
    return new LoopKernel(
        List.of(BATCH), List.of(FOUR), List.of(element, scale, mean), List.of(sweep), finish);
  }
}
