package dev.dlm.cpu.device;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A product with an epilogue, as small as can be: what is loaded, linked and generated to bind and
 * run it is most of what any model's first run needs.
 */
final class FirstProgram {
  private static final int SIZE = 16;

  private FirstProgram() {}

  static void run() {
    try (CpuDevice device = new CpuDevice(1);
        Frame frame = device.prepare(program()).bind(Sizes.of(Map.of()), Map.of())) {
      frame.run();
    }
  }

  /** The program; it has neither inputs nor outputs. */
  static Program program() {
    Dim size = Dim.of(SIZE);
    Dim vectorBytes = Dim.of(SIZE * Float.BYTES);
    Dim matrixBytes = Dim.of(SIZE * SIZE * Float.BYTES);
    Dim bytes = vectorBytes.plus(vectorBytes).plus(matrixBytes);
    TensorType vector = TensorType.of(DType.F32, 1, SIZE);
    View x = new View(0, vector);
    View y = new View(1, vector);
    View w = new View(2, TensorType.of(DType.F32, SIZE, SIZE));
    Access neighbours = new Access(2, Dim.ZERO, List.of(Dim.ZERO, Dim.ONE), List.of());
    Block block =
        new Block(
            List.of(
                new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0)),
                new Instruction.Apply(ScalarFunction.MAXIMUM, DType.F32, List.of(0, 0))),
            List.of(),
            List.of(new Block.Store(0, 1)));
    LoopKernel epilogue =
        new LoopKernel(
            List.of(), List.of(Dim.ONE, size), List.of(neighbours), List.of(block), Block.EMPTY);
    Kernel kernel = new OpKernel(Dot.ofMatrices(), Optional.of(epilogue));
    return new Program(
        "first",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(
            new Buffer(vectorBytes, new Storage.Arena(Dim.ZERO)),
            new Buffer(vectorBytes, new Storage.Arena(vectorBytes)),
            new Buffer(matrixBytes, new Storage.Arena(vectorBytes.plus(vectorBytes)))),
        List.of(new Step(kernel, List.of(x, w), List.of(y), Location.UNKNOWN)),
        bytes);
  }
}
