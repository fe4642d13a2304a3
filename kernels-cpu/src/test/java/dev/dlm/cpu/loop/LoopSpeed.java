package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Measures generated loops against the rate of copying memory. Not a test. */
public final class LoopSpeed {
  private final WorkerPool pool;
  private final Arena arena = Arena.ofShared();
  private final StringBuilder report = new StringBuilder();

  private LoopSpeed(int threads) {
    pool = new WorkerPool(threads);
  }

  /** Runs all measurements; the argument is the number of threads. */
  public static void main(String[] arguments) {
    LoopSpeed speed = new LoopSpeed(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1);
    System.Logger logger = System.getLogger(LoopSpeed.class.getName());
    for (int round = 0; round < 2; round++) {
      speed.report.setLength(0);
      speed.measureAll();
    }
    logger.log(System.Logger.Level.INFO, "{0}", speed.report);
    if (arguments.length > 1) {
      throw new IllegalStateException(speed.report.toString());
    }
  }

  private void measureAll() {
    for (long n : new long[] {4096, 1 << 20}) {
      MemorySegment from = arena.allocate(4 * n, 64);
      MemorySegment to = arena.allocate(4 * n, 64);
      measure("copy " + n, 8 * n, () -> MemorySegment.copy(from, 0, to, 0, 4 * n));
      measure("max(x*w+b, 0)+r " + n, 20 * n, bind(residual(n), n, n, n, n, n));
      measure("gelu (erf) " + n, 8 * n, bind(unary(n, ScalarFunction.ERF), n, n));
      measure("exp " + n, 8 * n, bind(unary(n, ScalarFunction.EXP), n, n));
      measure("tanh " + n, 8 * n, bind(unary(n, ScalarFunction.TANH), n, n));
      measure("log " + n, 8 * n, bind(unary(n, ScalarFunction.LOG), n, n));
    }
    measure("softmax 128x10", 8 * 1280, bind(softmax(128, 10), 1280, 1280));
    measure("softmax 1024x1024", 8 << 20, bind(softmax(1024, 1024), 1 << 20, 1 << 20));
    measure("column sums 128x1024", 4 << 17, bind(columnSums(128, 1024), 1 << 17, 1024));
    measure("row sums 1024x1024", 4 << 20, bind(rowSums(1024, 1024), 1 << 20, 1024));
    measure("sum 1M", 4 << 20, bind(rowSums(1, 1 << 20), 1 << 20, 1));
    measure("bias+relu 128x1024", 8 << 17, bind(bias(128, 1024), 1 << 17, 1024, 1 << 17));
    measure("transpose 512x512", 8 << 18, bind(transpose(512, 512), 1 << 18, 1 << 18));
  }

  private void measure(String name, long bytes, Runnable body) {
    long start = System.nanoTime();
    long runs = 0;
    while (System.nanoTime() - start < 700_000_000L) {
      body.run();
      runs++;
    }
    long best = Long.MAX_VALUE;
    int repeat = (int) Math.max(1, runs / 200);
    for (int i = 0; i < 30; i++) {
      long before = System.nanoTime();
      for (int j = 0; j < repeat; j++) {
        body.run();
      }
      best = Math.min(best, (System.nanoTime() - before) / repeat);
    }
    report.append(
        String.format("%n%-28s %8.2f us  %7.1f GB/s", name, best / 1e3, (double) bytes / best));
  }

  private Runnable bind(LoopKernel kernel, long... elements) {
    List<MemorySegment> operands = new ArrayList<>();
    for (long count : elements) {
      MemorySegment memory = arena.allocate(4 * count, 64);
      memory.fill((byte) 0x3f);
      operands.add(memory);
    }
    return BoundLoop.bind(
            kernel,
            Sizes.of(Map.of()),
            Collections.nCopies(elements.length, DType.F32),
            operands,
            pool)
        ::run;
  }

  private static Access access(int operand, long... strides) {
    return new Access(
        operand, Dim.ZERO, Arrays.stream(strides).mapToObj(Dim::of).toList(), List.of());
  }

  private static Instruction load(int access) {
    return new Instruction.Load(access, DType.F32, HostTensor.scalar(DType.F32, 0));
  }

  private static Instruction apply(ScalarFunction function, Integer... arguments) {
    return new Instruction.Apply(function, DType.F32, List.of(arguments));
  }

  private static Instruction folded(int fold) {
    return new Instruction.Folded(fold, DType.F32);
  }

  private static Instruction zero() {
    return new Instruction.Literal(HostTensor.scalar(DType.F32, 0));
  }

  private static Block block(List<Instruction> instructions, int access) {
    int last = instructions.size() - 1;
    return new Block(instructions, List.of(), List.of(new Block.Store(access, last)));
  }

  private static LoopKernel elements(List<Dim> sizes, List<Access> accesses, Block block) {
    return new LoopKernel(List.of(), sizes, accesses, List.of(block), Block.EMPTY);
  }

  private static LoopKernel residual(long n) {
    List<Access> accesses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      accesses.add(access(i, 1));
    }
    List<Instruction> code =
        List.of(
            load(0),
            load(1),
            load(2),
            load(3),
            apply(ScalarFunction.MULTIPLY, 0, 1),
            apply(ScalarFunction.ADD, 4, 2),
            zero(),
            apply(ScalarFunction.MAXIMUM, 5, 6),
            apply(ScalarFunction.ADD, 7, 3));
    return elements(List.of(Dim.of(n)), accesses, block(code, 4));
  }

  private static LoopKernel unary(long n, ScalarFunction function) {
    return elements(
        List.of(Dim.of(n)),
        List.of(access(0, 1), access(1, 1)),
        block(List.of(load(0), apply(function, 0)), 1));
  }

  private static LoopKernel softmax(long rows, long columns) {
    Block max = new Block(List.of(load(0)), List.of(new Block.Fold(Reduce.Kind.MAX, 0)), List.of());
    Block sum =
        new Block(
            List.of(
                load(0),
                folded(0),
                apply(ScalarFunction.SUBTRACT, 0, 1),
                apply(ScalarFunction.EXP, 2)),
            List.of(new Block.Fold(Reduce.Kind.SUM, 3)),
            List.of());
    Block scale =
        block(
            List.of(
                load(0),
                folded(0),
                apply(ScalarFunction.SUBTRACT, 0, 1),
                apply(ScalarFunction.EXP, 2),
                folded(1),
                apply(ScalarFunction.DIVIDE, 3, 4)),
            1);
    return new LoopKernel(
        List.of(Dim.of(rows)),
        List.of(Dim.of(columns)),
        List.of(access(0, columns, 1), access(1, columns, 1)),
        List.of(max, sum, scale),
        Block.EMPTY);
  }

  private static LoopKernel sums(List<Dim> rows, List<Dim> columns, Access from, Access to) {
    Block sum = new Block(List.of(load(0)), List.of(new Block.Fold(Reduce.Kind.SUM, 0)), List.of());
    return new LoopKernel(
        rows, columns, List.of(from, to), List.of(sum), block(List.of(folded(0)), 1));
  }

  private static LoopKernel columnSums(long rows, long columns) {
    return sums(
        List.of(Dim.of(columns)), List.of(Dim.of(rows)), access(0, 1, columns), access(1, 1, 0));
  }

  private static LoopKernel rowSums(long rows, long columns) {
    return sums(
        List.of(Dim.of(rows)), List.of(Dim.of(columns)), access(0, columns, 1), access(1, 1, 0));
  }

  private static LoopKernel bias(long rows, long columns) {
    return elements(
        List.of(Dim.of(rows), Dim.of(columns)),
        List.of(access(0, columns, 1), access(1, 0, 1), access(2, columns, 1)),
        block(
            List.of(
                load(0),
                load(1),
                apply(ScalarFunction.ADD, 0, 1),
                zero(),
                apply(ScalarFunction.MAXIMUM, 2, 3)),
            2));
  }

  private static LoopKernel transpose(long rows, long columns) {
    return elements(
        List.of(Dim.of(columns), Dim.of(rows)),
        List.of(access(0, 1, columns), access(1, rows, 1)),
        block(List.of(load(0)), 1));
  }
}
