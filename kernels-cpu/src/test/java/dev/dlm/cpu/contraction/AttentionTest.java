package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cpu.contraction.AttentionShape.Mask;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Attention} against its formula in binary64, and against itself in other widths. */
class AttentionTest {
  /**
   * Vectors have elements within ±1 and at most 400 of them, so that a scaled score is within ±20
   * and, as a sum of terms within ±1/20, wrong by at most 400 roundings of half a unit of 20 at
   * 2⁻²⁴, in practice by the root of their number. So does a vector of 790 stay within it. Weights
   * are as wrong, relatively.
   */
  private static final double TOLERANCE = 20 * 20 * 0x1p-24;

  /** Around chunks of 32 rows, blocks of 128 rows and blocks of 384 sources; odd vectors. */
  static Stream<AttentionShape> shapes() {
    List<AttentionShape> shapes = new ArrayList<>();
    int[][] sizes = {
      {1, 1},
      {3, 5},
      {5, 3},
      {31, 33},
      {32, 32},
      {33, 31},
      {65, 64},
      {127, 130},
      {129, 128},
      {20, 383},
      {20, 384},
      {20, 385},
      {300, 290},
      {1, 400},
      {2, 800},
      {260, 10}
    };
    int[][] vectors = {{64, 64}, {1, 1}, {7, 5}, {16, 17}, {33, 48}, {8, 100}};
    for (int i = 0; i < sizes.length; i++) {
      int[] size = sizes[i];
      for (boolean causal : new boolean[] {false, true}) {
        int[] vector = vectors[(2 * i + (causal ? 1 : 0)) % vectors.length];
        Mask mask = Mask.values()[(i + (causal ? 1 : 0)) % 3];
        int groups = 1 + i % 2;
        shapes.add(shape(1 + i % 2, size[0], size[1], 2 * groups, groups, vector, causal, mask));
      }
    }
    shapes.add(shape(1, 5, 6, 2, 2, new int[] {790, 3}, false, Mask.NONE));
    shapes.add(shape(1, 5, 6, 2, 2, new int[] {3, 400}, true, Mask.BY_PAIR));
    return shapes.stream();
  }

  private static AttentionShape shape(
      int batch,
      int targets,
      int sources,
      int heads,
      int groups,
      int[] vector,
      boolean causal,
      Mask mask) {
    float scale = (float) (1 / Math.sqrt(vector[0]));
    return new AttentionShape(
        batch, targets, sources, heads, groups, vector[0], vector[1], causal, scale, mask);
  }

  private static List<TileSet> tileSets() {
    return List.of(
        new ScalarTileSet(ElementKind.F32),
        new VectorTileSet(ElementKind.F32, 128),
        new VectorTileSet(ElementKind.F32, 256),
        new VectorTileSet(ElementKind.F32, 512));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void attention_agreesWithItsFormula(AttentionShape shape) {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(2)) {
      Operands operands = new Operands(arena, shape);
      AttentionFormula formula = new AttentionFormula(shape, operands);
      TileSet tiles = TileSet.best(ElementKind.F32);
      operands.forward(tiles).runOn(pool);
      assertClose("result", operands.result, formula.result, 1);
      assertClose("sums", operands.sums, formula.sums, 20);
      operands.backward(tiles).runOn(pool);
      double terms = Math.sqrt((double) shape.targets() * shape.heads() / shape.groups());
      assertClose("query gradient", operands.queryGradient, formula.queryGradient, 4);
      assertClose("key gradient", operands.keyGradient, formula.keyGradient, 4 * terms);
      assertClose("values gradient", operands.valuesGradient, formula.valuesGradient, terms);
    }
  }

  private static void assertClose(
      String what, MemorySegment actual, double[] expected, double magnitude) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual.getAtIndex(JAVA_FLOAT, i) - expected[i])
          .as("%s %d: %s, expected %s", what, i, actual.getAtIndex(JAVA_FLOAT, i), expected[i])
          .isBetween(-TOLERANCE * magnitude, TOLERANCE * magnitude);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bits_areTheSameForAllWidthsAndThreads(AttentionShape shape) {
    List<int[]> bits = new ArrayList<>();
    for (TileSet tiles : tileSets()) {
      bits.add(bits(shape, tiles, 1));
    }
    bits.add(bits(shape, TileSet.best(ElementKind.F32), 2));
    bits.add(bits(shape, TileSet.best(ElementKind.F32), 3));
    bits.forEach(one -> assertThat(one).isEqualTo(bits.getFirst()));
  }

  private static int[] bits(AttentionShape shape, TileSet tiles, int threads) {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(threads)) {
      Operands operands = new Operands(arena, shape);
      operands.forward(tiles).runOn(pool);
      operands.backward(tiles).runOn(pool);
      return Stream.of(
              operands.result,
              operands.sums,
              operands.queryGradient,
              operands.keyGradient,
              operands.valuesGradient)
          .flatMapToInt(segment -> java.util.Arrays.stream(segment.toArray(ValueLayout.JAVA_INT)))
          .toArray();
    }
  }

  @Test
  void largeScores_doNotOverflow() {
    AttentionShape shape = shape(1, 40, 500, 1, 1, new int[] {16, 16}, true, Mask.NONE);
    for (TileSet tiles : tileSets()) {
      try (Arena arena = Arena.ofShared();
          WorkerPool pool = new WorkerPool(1)) {
        Operands operands = new Operands(arena, shape);
        for (int i = 0; i < 40 * 16; i++) {
          operands.query.setAtIndex(JAVA_FLOAT, i, 1e4f * operands.query.getAtIndex(JAVA_FLOAT, i));
        }
        operands.forward(tiles).runOn(pool);
        AttentionFormula formula = new AttentionFormula(shape, operands);
        // Scores of 10⁴ are wrong by some 10⁻³, which the weights are, too.
        assertClose("result", operands.result, formula.result, 1e3);
      }
    }
  }

  /** Operands and results, the former filled with numbers within ±1. */
  static final class Operands {
    final AttentionShape shape;
    final MemorySegment query;
    final MemorySegment key;
    final MemorySegment values;
    final MemorySegment mask;
    final MemorySegment upstream;
    final MemorySegment offsets;
    final MemorySegment result;
    final MemorySegment sums;
    final MemorySegment queryGradient;
    final MemorySegment keyGradient;
    final MemorySegment valuesGradient;

    Operands(Arena arena, AttentionShape shape) {
      Random random = new Random(shape.hashCode());
      this.shape = shape;
      long rows = (long) shape.batch() * shape.targets() * shape.heads();
      long sources = (long) shape.batch() * shape.sources() * shape.groups();
      query = filled(arena, rows * shape.keySize(), random);
      key = filled(arena, sources * shape.keySize(), random);
      values = filled(arena, sources * shape.valueSize(), random);
      upstream = filled(arena, rows * shape.valueSize(), random);
      offsets = filled(arena, rows, random);
      long lines = (long) shape.batch() * (shape.mask() == Mask.BY_PAIR ? shape.targets() : 1);
      mask = arena.allocate(lines * shape.sources());
      for (long i = 0; i < mask.byteSize(); i++) {
        // The first line hides all.
        boolean seen = i >= shape.sources() && random.nextInt(3) > 0;
        mask.set(ValueLayout.JAVA_BYTE, i, (byte) (seen ? 1 : 0));
      }
      result = filled(arena, rows * shape.valueSize(), random);
      sums = filled(arena, rows, random);
      queryGradient = filled(arena, rows * shape.keySize(), random);
      keyGradient = filled(arena, sources * shape.keySize(), random);
      valuesGradient = filled(arena, sources * shape.valueSize(), random);
    }

    private static MemorySegment filled(Arena arena, long count, Random random) {
      MemorySegment segment = arena.allocate(4 * count, 64);
      for (long i = 0; i < count; i++) {
        segment.setAtIndex(JAVA_FLOAT, i, 2 * random.nextFloat() - 1);
      }
      return segment;
    }

    AttentionForward forward(TileSet tiles) {
      return new AttentionForward(tiles, shape, query, key, values, mask, result, sums);
    }

    AttentionBackward backward(TileSet tiles) {
      return new AttentionBackward(
          tiles,
          shape,
          new AttentionBackward.Memory(
              query,
              key,
              values,
              sums,
              upstream,
              offsets,
              mask,
              queryGradient,
              keyGradient,
              valuesGradient));
    }
  }
}
