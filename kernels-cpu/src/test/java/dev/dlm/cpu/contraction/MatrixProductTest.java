package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

class MatrixProductTest {

  private static final int[] SIZES = {0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 61};
  private static final WorkerPool ONE = new WorkerPool(1);
  private static final WorkerPool TWO = new WorkerPool(2);
  private static final WorkerPool THREE = new WorkerPool(3);

  @AfterContainer
  static void stop() {
    TWO.close();
    THREE.close();
  }

  /** Numbers of one of the tiled types, in native memory. */
  private record Numbers(ElementKind element, MemorySegment segment) {

    static Numbers zeros(ElementKind element, int count) {
      return new Numbers(
          element, Arena.ofAuto().allocate((long) count * element.sizeBytes() + 8, 8));
    }

    static Numbers random(ElementKind element, int count, SplittableRandom random) {
      Numbers numbers = zeros(element, count);
      for (int i = 0; i < count; i++) {
        numbers.set(i, random.nextDouble(-1, 1));
      }
      return numbers;
    }

    double at(long i) {
      return element == ElementKind.F32
          ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, i)
          : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }

    void set(long i, double value) {
      if (element == ElementKind.F32) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
      } else {
        segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
      }
    }

    /** Every element's bits; NaNs are all one, as their payload is left open. */
    long[] bits(int count) {
      long[] bits = new long[count];
      for (int i = 0; i < count; i++) {
        bits[i] = Double.doubleToLongBits(at(i));
      }
      return bits;
    }
  }

  private record Shape(int batch, int rows, int columns, int depth) {
    int size() {
      return batch * rows * columns;
    }
  }

  private static List<TileSet> tileSets(ElementKind element) {
    List<TileSet> sets = new ArrayList<>();
    sets.add(new ScalarTileSet(element));
    for (int bits : new int[] {128, 256, 512}) {
      sets.add(new VectorTileSet(element, bits));
    }
    return sets;
  }

  private static MatrixLayout layout(int rows, int columns, boolean transposed) {
    return transposed
        ? MatrixLayout.columnMajor(rows, columns)
        : MatrixLayout.rowMajor(rows, columns);
  }

  private static MatrixProduct product(
      TileSet tiles, Shape s, MatrixLayout a, MatrixLayout b, MatrixLayout c) {
    return new MatrixProduct(
        tiles, tiles.element(), s.batch(), s.rows(), s.columns(), s.depth(), a, b, c);
  }

  private static void assertClose(
      Numbers a, MatrixLayout la, Numbers b, MatrixLayout lb, Numbers c, MatrixLayout lc, Shape s) {
    double unit = a.element() == ElementKind.F32 ? 0x1p-24 : 0x1p-53;
    for (int i = 0; i < s.batch(); i++) {
      for (int row = 0; row < s.rows(); row++) {
        for (int column = 0; column < s.columns(); column++) {
          double sum = 0;
          double magnitude = 0;
          for (int k = 0; k < s.depth(); k++) {
            double product = a.at(at(la, i, row, k)) * b.at(at(lb, i, k, column));
            sum += product;
            magnitude += Math.abs(product);
          }
          // One rounding per step, and in binary64 the reference rounds as often itself.
          double bound = (2 * s.depth() + 2) * unit * magnitude;
          double found = c.at(at(lc, i, row, column));
          if (!(Math.abs(found - sum) <= bound)) {
            assertThat(found).as("%s at %d,%d,%d", s, i, row, column).isEqualTo(sum);
          }
        }
      }
    }
  }

  private static long at(MatrixLayout layout, int batch, int row, int column) {
    return batch * layout.batchStride() + row * layout.rowStride() + column * layout.columnStride();
  }

  @Test
  void run_agreesWithTheDefinitionForSmallSizesAndAllLayouts() {
    for (ElementKind element : new ElementKind[] {ElementKind.F32, ElementKind.F64}) {
      SplittableRandom random = new SplittableRandom(5);
      TileSet scalar = new ScalarTileSet(element);
      TileSet best = TileSet.best(element);
      for (int rows : SIZES) {
        for (int columns : SIZES) {
          for (int depth : new int[] {0, 1, 17, 64}) {
            Shape s = new Shape(1, rows, columns, depth);
            boolean ta = random.nextBoolean();
            boolean tb = random.nextBoolean();
            boolean tc = random.nextBoolean();
            Numbers a = Numbers.random(element, rows * depth, random);
            Numbers b = Numbers.random(element, depth * columns, random);
            Numbers c = Numbers.random(element, s.size(), random);
            MatrixLayout la = layout(rows, depth, ta);
            MatrixLayout lb = layout(depth, columns, tb);
            MatrixLayout lc = layout(rows, columns, tc);
            product(scalar, s, la, lb, lc)
                .bind(a.segment(), 0, b.segment(), 0, c.segment(), 0, ONE, Arena.ofAuto(), null)
                .run();
            assertClose(a, la, b, lb, c, lc, s);
            long[] expected = c.bits(s.size());
            product(best, s, la, lb, lc)
                .bind(a.segment(), 0, b.segment(), 0, c.segment(), 0, ONE, Arena.ofAuto(), null)
                .run();
            assertThat(Arrays.equals(c.bits(s.size()), expected)).as("%s %s", element, s).isTrue();
          }
        }
      }
    }
  }

  @Test
  void run_givesTheSameBitsForEveryWidthThreadCountAndPacking() {
    int[][] shapes = {
      {1, 130, 197, 801},
      {1, 29, 530, 800},
      {3, 47, 33, 769},
      {1, 1, 300, 1000},
      {1, 300, 1, 1000},
      {1, 2, 150, 1600},
      {40, 5, 9, 3},
      {1, 4, 200, 50},
      {1, 200, 13, 768}
    };
    for (ElementKind element : new ElementKind[] {ElementKind.F32, ElementKind.F64}) {
      SplittableRandom random = new SplittableRandom(11);
      for (int[] shape : shapes) {
        Shape s = new Shape(shape[0], shape[1], shape[2], shape[3]);
        Numbers a = Numbers.random(element, s.batch() * s.rows() * s.depth(), random);
        Numbers b = Numbers.random(element, s.batch() * s.depth() * s.columns(), random);
        long[] expected = null;
        for (TileSet tiles : tileSets(element)) {
          for (WorkerPool pool : new WorkerPool[] {ONE, THREE}) {
            Numbers c = Numbers.zeros(element, s.size());
            product(
                    tiles,
                    s,
                    layout(s.rows(), s.depth(), false),
                    layout(s.depth(), s.columns(), false),
                    layout(s.rows(), s.columns(), false))
                .bind(a.segment(), 0, b.segment(), 0, c.segment(), 0, pool, Arena.ofAuto(), null)
                .run();
            long[] bits = c.bits(s.size());
            if (expected == null) {
              expected = bits;
            }
            assertThat(Arrays.equals(bits, expected))
                .as("%s %s lanes %d threads %d", element, s, tiles.lanes(), pool.threads())
                .isTrue();
          }
          MatrixProduct shared =
              product(
                  tiles,
                  new Shape(1, s.rows(), s.columns(), s.depth()),
                  layout(s.rows(), s.depth(), false),
                  layout(s.depth(), s.columns(), false),
                  layout(s.rows(), s.columns(), false));
          if (s.batch() == 1 && shared.canPack()) {
            for (PackedMatrix.Order order : PackedMatrix.Order.values()) {
              Numbers c = Numbers.zeros(element, s.size());
              try (Arena arena = Arena.ofShared()) {
                PackedMatrix packed = shared.allocatePacked(arena, order);
                shared.bindPacking(b.segment(), 0, packed, TWO).run();
                shared.bind(a.segment(), 0, packed, c.segment(), 0, ONE, null).run();
              }
              assertThat(Arrays.equals(c.bits(s.size()), expected))
                  .as("packed %s %s", order, s)
                  .isTrue();
            }
          }
        }
      }
    }
  }

  @Test
  void run_givesTheSameBitsForTransposedOperands() {
    Shape s = new Shape(1, 75, 100, 500);
    SplittableRandom random = new SplittableRandom(3);
    Numbers a = Numbers.random(ElementKind.F32, s.rows() * s.depth(), random);
    Numbers b = Numbers.random(ElementKind.F32, s.depth() * s.columns(), random);
    Numbers at = transpose(a, s.rows(), s.depth());
    Numbers bt = transpose(b, s.depth(), s.columns());
    for (TileSet tiles : tileSets(ElementKind.F32)) {
      long[] expected = null;
      for (int form = 0; form < 4; form++) {
        boolean ta = (form & 1) != 0;
        boolean tb = (form & 2) != 0;
        Numbers c = Numbers.zeros(ElementKind.F32, s.size());
        product(
                tiles,
                s,
                layout(s.rows(), s.depth(), ta),
                layout(s.depth(), s.columns(), tb),
                layout(s.rows(), s.columns(), false))
            .bind(
                (ta ? at : a).segment(),
                0,
                (tb ? bt : b).segment(),
                0,
                c.segment(),
                0,
                TWO,
                Arena.ofAuto(),
                null)
            .run();
        if (expected == null) {
          expected = c.bits(s.size());
        }
        assertThat(Arrays.equals(c.bits(s.size()), expected)).as("form %d", form).isTrue();
      }
    }
  }

  private static Numbers transpose(Numbers numbers, int rows, int columns) {
    Numbers transposed = Numbers.zeros(numbers.element(), rows * columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed.set((long) j * rows + i, numbers.at((long) i * columns + j));
      }
    }
    return transposed;
  }

  @Test
  void run_accumulatesInBlocksWithFusedMultiplyAdd() {
    Shape s = new Shape(1, 5, 19, 900);
    SplittableRandom random = new SplittableRandom(8);
    Numbers a = Numbers.random(ElementKind.F32, s.rows() * s.depth(), random);
    Numbers b = Numbers.random(ElementKind.F32, s.depth() * s.columns(), random);
    Numbers c = Numbers.zeros(ElementKind.F32, s.size());
    new MatrixProduct(
            ElementKind.F32,
            1,
            5,
            19,
            900,
            layout(5, 900, false),
            layout(900, 19, false),
            layout(5, 19, false))
        .bind(a.segment(), 0, b.segment(), 0, c.segment(), 0, ONE, Arena.ofAuto(), null)
        .run();
    for (int row = 0; row < 5; row++) {
      for (int column = 0; column < 19; column++) {
        float total = 0;
        for (int start = 0; start < 900; start += DepthBlocks.length(900)) {
          float sum = 0;
          for (int k = start; k < Math.min(900, start + DepthBlocks.length(900)); k++) {
            sum = Math.fma((float) a.at(row * 900L + k), (float) b.at(k * 19L + column), sum);
          }
          total = start == 0 ? sum : total + sum;
        }
        assertThat((float) c.at(row * 19L + column)).isEqualTo(total);
      }
    }
  }

  @Test
  void run_keepsNanInfinityZeroSignAndSubnormals() {
    float[] special = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      -0.0f,
      0.0f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      1e-30f,
      Float.MAX_VALUE,
      1
    };
    for (TileSet tiles : tileSets(ElementKind.F32)) {
      int n = special.length;
      Numbers a = Numbers.zeros(ElementKind.F32, n);
      Numbers b = Numbers.zeros(ElementKind.F32, n);
      for (int i = 0; i < n; i++) {
        a.set(i, special[i]);
        b.set(i, special[i]);
      }
      Numbers c = Numbers.zeros(ElementKind.F32, n * n);
      product(
              tiles,
              new Shape(1, n, n, 1),
              layout(n, 1, false),
              layout(1, n, false),
              layout(n, n, false))
          .bind(a.segment(), 0, b.segment(), 0, c.segment(), 0, ONE, Arena.ofAuto(), null)
          .run();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          float expected = Math.fma(special[i], special[j], 0.0f);
          assertThat(Float.floatToIntBits((float) c.at(i * (long) n + j)))
              .as("%s * %s", special[i], special[j])
              .isEqualTo(Float.floatToIntBits(expected));
        }
      }
    }
  }

  @Test
  void run_callsTheEpilogueOnceForEachFinishedElement() {
    for (int[] shape : new int[][] {{2, 333, 700, 400}, {1, 1, 900, 700}, {5, 300, 1, 30}}) {
      Shape s = new Shape(shape[0], shape[1], shape[2], shape[3]);
      SplittableRandom random = new SplittableRandom(2);
      Numbers a = Numbers.random(ElementKind.F32, s.batch() * s.rows() * s.depth(), random);
      Numbers b = Numbers.random(ElementKind.F32, s.batch() * s.depth() * s.columns(), random);
      Numbers plain = Numbers.zeros(ElementKind.F32, s.size());
      Numbers doubled = Numbers.zeros(ElementKind.F32, s.size());
      MatrixProduct product =
          new MatrixProduct(
              ElementKind.F32,
              s.batch(),
              s.rows(),
              s.columns(),
              s.depth(),
              layout(s.rows(), s.depth(), false),
              layout(s.depth(), s.columns(), false),
              layout(s.rows(), s.columns(), false));
      product
          .bind(a.segment(), 0, b.segment(), 0, plain.segment(), 0, ONE, Arena.ofAuto(), null)
          .run();
      AtomicIntegerArray calls = new AtomicIntegerArray(s.size());
      product
          .bind(
              a.segment(),
              0,
              b.segment(),
              0,
              doubled.segment(),
              0,
              TWO,
              Arena.ofAuto(),
              (batch, rowStart, rowEnd, columnStart, columnEnd) -> {
                for (int row = rowStart; row < rowEnd; row++) {
                  for (int column = columnStart; column < columnEnd; column++) {
                    long i = (batch * s.rows() + row) * s.columns() + column;
                    calls.incrementAndGet((int) i);
                    doubled.set(i, 2 * doubled.at(i));
                  }
                }
              })
          .run();
      for (int i = 0; i < s.size(); i++) {
        if (calls.get(i) != 1 || doubled.at(i) != 2 * plain.at(i)) {
          assertThat(calls.get(i)).as("calls for %d of %s", i, s).isEqualTo(1);
          assertThat(doubled.at(i)).as("%d of %s", i, s).isEqualTo(2 * plain.at(i));
        }
      }
    }
  }

  @Property(tries = 150)
  void run_agreesWithTheDefinitionForAnyStrides(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(max = 40) int rows,
      @ForAll @IntRange(max = 70) int columns,
      @ForAll @IntRange(max = 420) int depth,
      @ForAll @IntRange(max = 15) int form,
      @ForAll @IntRange(max = 5) int gap,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MatrixLayout la = spread(layout(rows, depth, (form & 1) != 0), gap % 2 + 1, gap, rows * depth);
    MatrixLayout lb =
        spread(layout(depth, columns, (form & 2) != 0), gap % 3 + 1, gap, depth * columns);
    MatrixLayout lc =
        spread(layout(rows, columns, (form & 4) != 0), (form & 8) / 8 + 1, gap, rows * columns);
    Shape s = new Shape(batch, rows, columns, depth);
    int room = 3 * (batch * (Math.max(rows, columns) + 2) * (Math.max(depth, columns) + 2) + 40);
    Numbers a = Numbers.random(ElementKind.F32, room, random);
    Numbers b = Numbers.random(ElementKind.F32, room, random);
    Numbers c = Numbers.random(ElementKind.F32, room, random);
    long[] before = c.bits(room);
    new MatrixProduct(ElementKind.F32, batch, rows, columns, depth, la, lb, lc)
        .bind(a.segment(), 0, b.segment(), 0, c.segment(), 0, TWO, Arena.ofAuto(), null)
        .run();
    assertClose(a, la, b, lb, c, lc, s);
    boolean[] written = new boolean[room];
    for (int i = 0; i < batch; i++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          written[(int) at(lc, i, row, column)] = true;
        }
      }
    }
    long[] after = c.bits(room);
    for (int i = 0; i < room; i++) {
      if (!written[i]) {
        assertThat(after[i]).as("element %d between the rows", i).isEqualTo(before[i]);
      }
    }
  }

  private static MatrixLayout spread(MatrixLayout layout, int factor, int gap, int size) {
    return new MatrixLayout(
        (long) size * factor + gap, layout.rowStride() * factor, layout.columnStride() * factor);
  }

  @Test
  void run_multipliesIntegersWithWrapAround() {
    int n = 20;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(8L * n * n, 8);
      MemorySegment b = arena.allocate(8L * n * n, 8);
      MemorySegment c = arena.allocate(8L * n * n, 8);
      SplittableRandom random = new SplittableRandom(4);
      for (int i = 0; i < n * n; i++) {
        a.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong());
        b.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong());
      }
      square(ElementKind.I64, n).bind(a, 0, b, 0, c, 0, TWO, Arena.ofAuto(), null).run();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          long sum = 0;
          for (int k = 0; k < n; k++) {
            sum +=
                a.getAtIndex(ValueLayout.JAVA_LONG, i * n + k)
                    * b.getAtIndex(ValueLayout.JAVA_LONG, k * n + j);
          }
          assertThat(c.getAtIndex(ValueLayout.JAVA_LONG, i * n + j)).isEqualTo(sum);
        }
      }
      square(ElementKind.I32, n).bind(a, 0, b, 0, c, 0, TWO, Arena.ofAuto(), null).run();
      int sum = 0;
      for (int k = 0; k < n; k++) {
        sum +=
            a.getAtIndex(ValueLayout.JAVA_INT, 3 * n + k)
                * b.getAtIndex(ValueLayout.JAVA_INT, k * n + 5);
      }
      assertThat(c.getAtIndex(ValueLayout.JAVA_INT, 3 * n + 5)).isEqualTo(sum);
    }
  }

  @Test
  void run_widensHalfTypesAndRoundsOnce() {
    int n = 9;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(2L * n * n, 8);
      MemorySegment b = arena.allocate(2L * n * n, 8);
      MemorySegment c = arena.allocate(2L * n * n, 8);
      SplittableRandom random = new SplittableRandom(6);
      for (int i = 0; i < n * n; i++) {
        a.setAtIndex(
            ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) random.nextDouble(-2, 2)));
        b.setAtIndex(
            ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) random.nextDouble(-2, 2)));
      }
      square(ElementKind.F16, n).bind(a, 0, b, 0, c, 0, ONE, Arena.ofAuto(), null).run();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          float sum = 0;
          for (int k = 0; k < n; k++) {
            sum =
                Math.fma(
                    Float.float16ToFloat(a.getAtIndex(ValueLayout.JAVA_SHORT, i * n + k)),
                    Float.float16ToFloat(b.getAtIndex(ValueLayout.JAVA_SHORT, k * n + j)),
                    sum);
          }
          assertThat(c.getAtIndex(ValueLayout.JAVA_SHORT, i * n + j))
              .isEqualTo(Float.floatToFloat16(sum));
        }
      }
    }
    assertThat(PlainProduct.roundToBfloat16(1 + 0x1p-8f)).isEqualTo((short) 0x3f80);
    assertThat(PlainProduct.roundToBfloat16(1 + 0x1.8p-7f)).isEqualTo((short) 0x3f82);
    assertThat(PlainProduct.roundToBfloat16(Float.intBitsToFloat(0x7f800001)))
        .isEqualTo((short) 0x7fc0);
  }

  private static MatrixProduct square(ElementKind element, int n) {
    MatrixLayout layout = MatrixLayout.rowMajor(n, n);
    return new MatrixProduct(element, 1, n, n, n, layout, layout, layout);
  }

  @Test
  void run_refusesAPackedMatrixOfAnotherProduct() {
    MatrixProduct one = square(ElementKind.F32, 40);
    MatrixProduct other = square(ElementKind.F32, 48);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4L * 48 * 48, 8);
      PackedMatrix packed = one.allocatePacked(arena);
      assertThatThrownBy(() -> other.bind(memory, 0, packed, memory, 0, ONE, null).run())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another product");
    }
  }

  @Test
  void run_refusesOperandsBeyondTheirMemory() {
    MatrixProduct product = square(ElementKind.F32, 40);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4L * 40 * 40, 8);
      MemorySegment small = arena.allocate(4L * 40 * 39, 8);
      assertThatThrownBy(
              () -> product.bind(memory, 0, small, 0, memory, 0, ONE, Arena.ofAuto(), null).run())
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(
              () -> product.bind(memory, 0, memory, 0, small, 0, ONE, Arena.ofAuto(), null).run())
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void constructor_refusesNegativeSizes() {
    MatrixLayout layout = MatrixLayout.rowMajor(1, 1);
    assertThatThrownBy(
            () -> new MatrixProduct(ElementKind.F32, 1, 1, -1, 1, layout, layout, layout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("columns -1");
  }
}
