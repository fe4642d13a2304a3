package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.ir.DType;
import dev.dlm.plan.LoopKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs new vector code on memory of its own, on one thread beside the others, until the JIT has
 * compiled it and it is faster than the scalar code; then hands it over. Vector code that does not
 * get there within {@value #PATIENCE_SECONDS} seconds is left.
 */
final class VectorWarmUp {
  private static final int PATIENCE_SECONDS = 60;

  /**
   * Iterations of one run: few enough that the JIT's threshold of calls, which is lower than that
   * of iterations, counts.
   */
  private static final int ITERATIONS = 256;

  /** Room for as many elements of any type, all accesses' in one place. */
  private static final int BYTES = 16 * ITERATIONS;

  private static final int RUNS_BETWEEN_LOOKS = 16;
  private static final System.Logger LOGGER = System.getLogger(VectorWarmUp.class.getName());
  private static final ThreadPoolExecutor THREAD = thread();

  private VectorWarmUp() {}

  private static ThreadPoolExecutor thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("dlm-warm-up").factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Makes vector code and warms it up, soon and elsewhere. */
  static void request(BlockCode block, Supplier<LoopCode> maker) {
    THREAD.execute(() -> warmUp(block, maker));
  }

  private static void warmUp(BlockCode block, Supplier<LoopCode> maker) {
    LoopCode vector = maker.get();
    try (Arena arena = Arena.ofConfined()) {
      LoopState state = state(block.shape(), arena.allocate(BYTES, 64));
      int partial = ITERATIONS - (block.shape().foldsWholeRows() ? 1 : 0);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (System.nanoTime() < deadline) {
        long fast = time(vector, state, partial);
        if (fast < time(block.scalar(), state, partial)) {
          block.changeOver(vector);
          return;
        }
      }
    }
    LOGGER.log(
        System.Logger.Level.DEBUG,
        "vector code did not become faster than scalar code: {0}",
        block.shape());
  }

  /**
   * The least time of some runs.
   *
   * @param partial the iterations of some of them: fewer where the code has an end for what whole
   *     vectors leave
   */
  private static long time(LoopCode code, LoopState state, int partial) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < RUNS_BETWEEN_LOOKS; run++) {
      // All ways are taken, lest compiled code leave one out.
      Arrays.fill(state.inside, run % 2 == 0);
      long start = System.nanoTime();
      code.run(state, 1, run % 4 < 2 ? ITERATIONS : partial);
      least = Math.min(least, System.nanoTime() - start);
    }
    return least;
  }

  private static LoopState state(BlockShape shape, MemorySegment memory) {
    int forms = shape.countForms();
    int accesses = shape.accesses().size();
    long[] steps = new long[forms];
    Arrays.fill(steps, 1);
    for (int access = 0; access < accesses; access++) {
      AccessShape accessShape = shape.accesses().get(access);
      steps[access] = accessShape.dtype().sizeBytes();
    }
    boolean byRows = shape.mode() == BlockShape.Mode.ROWS;
    int length = byRows ? ITERATIONS : 1;
    List<DType> folds = folds(shape);
    LoopState state =
        new LoopState(
            accesses,
            new long[forms],
            steps,
            new long[shape.countParameters()],
            0,
            length,
            new FoldArrays(folds, LoopKernel.FOLD_LANES * length),
            new FoldArrays(folds, length));
    Arrays.fill(state.positions, 0, accesses, memory.address());
    state.fetchFrom = memory.address();
    return state;
  }

  /** The type of each fold that the block makes or reads. */
  private static List<DType> folds(BlockShape shape) {
    List<DType> dtypes = new ArrayList<>(Collections.nCopies(shape.countFolds(), DType.F32));
    for (FoldShape fold : shape.folds()) {
      dtypes.set(fold.fold(), shape.operations().get(fold.value()).dtype());
    }
    for (Operation operation : shape.operations()) {
      if (operation instanceof Operation.Folded(int fold, DType dtype, int _)) {
        dtypes.set(fold, dtype);
      }
    }
    return dtypes;
  }
}
