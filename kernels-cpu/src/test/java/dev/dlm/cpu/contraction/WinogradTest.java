package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cpu.contraction.ConvolutionTensors.Formula;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Convolutions over points, against the formula and in all widths. */
class WinogradTest {

  private static final WorkerPool ONE = new WorkerPool(1);
  private static final WorkerPool THREE = new WorkerPool(3);

  private static final List<ConvolutionShape> SHAPES =
      List.of(
          // fewer kernels than tiles, and more; tiles that end within the image and at its edge
          square(2, 16, 32, 19, 13, 3, 1, 1),
          square(1, 64, 33, 32, 30, 3, 1, 1),
          square(3, 17, 130, 7, 7, 3, 1, 1),
          square(9, 130, 70, 4, 4, 3, 1, 1),
          // rows of tiles in several blocks of depth of the kernel's gradient
          square(5, 31, 16, 26, 27, 3, 1, 1),
          // padding that is missing, uneven, negative, and wider than the kernel
          square(2, 16, 17, 12, 14, 3, 0, 0),
          square(2, 20, 16, 13, 12, 3, 2, 0),
          square(2, 16, 24, 15, 16, 3, -2, 1),
          square(1, 16, 16, 9, 9, 3, 5, 4),
          square(4, 32, 47, 14, 14, 5, 2, 2),
          square(6, 16, 16, 9, 11, 5, 0, 3));

  private static ConvolutionShape square(
      int batch, int inputs, int outputs, int height, int width, int taps, int top, int left) {
    int outputHeight = height + 2 * top - taps + 1;
    int outputWidth = width + left - taps + 3;
    return new ConvolutionShape(
        batch,
        1,
        inputs,
        height,
        width,
        outputs,
        outputHeight,
        outputWidth,
        taps,
        taps,
        1,
        1,
        top,
        left,
        1,
        1);
  }

  @Test
  void shapes_areComputedOverPoints() {
    for (ConvolutionShape shape : SHAPES) {
      assertThat(isOverPoints(shape)).as("%s", shape).isTrue();
    }
    assertThat(isOverPoints(square(8, 15, 16, 32, 32, 3, 1, 1))).isFalse();
    assertThat(isOverPoints(square(1, 64, 64, 4, 4, 3, 1, 1))).isFalse();
    assertThat(isOverPoints(square(8, 64, 64, 32, 32, 1, 0, 0))).isFalse();
    assertThat(isOverPoints(square(8, 1024, 1024, 32, 32, 3, 1, 1))).isFalse();
  }

  private static boolean isOverPoints(ConvolutionShape shape) {
    return WinogradShape.serves(shape)
        && new WinogradShape(
                ImageWindow.overInput(shape),
                shape.batch(),
                shape.inputChannels(),
                shape.outputChannels())
            .isWorthwhile();
  }

  @Test
  void allDirections_agreeWithTheFormula() {
    for (ConvolutionShape shape : SHAPES) {
      assertClose(shape, 1);
    }
  }

  @Property(tries = 30)
  void allDirections_agreeWithTheFormulaForAnyShape(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 16, max = 40) int inputs,
      @ForAll @IntRange(min = 16, max = 40) int outputs,
      @ForAll @IntRange(min = 5, max = 20) int height,
      @ForAll @IntRange(min = 5, max = 20) int width,
      @ForAll boolean isLarge,
      @ForAll @IntRange(max = 2) int top,
      @ForAll @IntRange(max = 2) int left,
      @ForAll long seed) {
    assertClose(square(batch, inputs, outputs, height, width, isLarge ? 5 : 3, top, left), seed);
  }

  private static void assertClose(ConvolutionShape shape, long seed) {
    ConvolutionTensors t = ConvolutionTensors.of(shape, seed);
    Formula expected = Formula.of(t);
    TileSet tiles = TileSet.best(ElementKind.F32);
    assertClose(t.forward(tiles, THREE), expected.y(), "forward " + shape);
    assertClose(t.inputGradient(tiles, THREE), expected.dx(), "input gradient " + shape);
    assertClose(t.kernelGradient(tiles, THREE), expected.dw(), "kernel gradient " + shape);
  }

  /**
   * Transforms multiply rounding errors by up to the sum of their coefficients. The largest error
   * that was seen is 1.2e-5 of the root mean square of the results, and a wrong coefficient or
   * index makes one of the order of 1.
   */
  private static void assertClose(MemorySegment found, double[] expected, String what) {
    double squares = 0;
    for (double value : expected) {
      squares += value * value;
    }
    double bound = 5e-5 * Math.sqrt(squares / expected.length);
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(at(found, i) - expected[i]);
      if (!(difference <= bound)) {
        assertThat(at(found, i)).as("element %d, %s", i, what).isEqualTo(expected[i]);
      }
    }
  }

  private static double at(MemorySegment segment, int index) {
    return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  @Test
  void allDirections_giveTheSameBitsForEveryWidthAndAnyThreads() {
    List<TileSet> sets =
        List.of(
            new VectorTileSet(ElementKind.F32, 128),
            new VectorTileSet(ElementKind.F32, 256),
            new VectorTileSet(ElementKind.F32, 512));
    TileSet scalar = new ScalarTileSet(ElementKind.F32);
    for (ConvolutionShape shape : SHAPES) {
      ConvolutionTensors t = ConvolutionTensors.of(shape, 2);
      MemorySegment y = t.forward(scalar, ONE);
      MemorySegment dx = t.inputGradient(scalar, ONE);
      MemorySegment dw = t.kernelGradient(scalar, ONE);
      for (TileSet tiles : sets) {
        for (WorkerPool pool : List.of(ONE, THREE)) {
          String what = "%s lanes %d threads %d".formatted(shape, tiles.lanes(), pool.threads());
          assertThat(t.forward(tiles, pool).mismatch(y)).as("forward " + what).isEqualTo(-1);
          assertThat(t.forwardWithKeptKernel(tiles, pool).mismatch(y))
              .as("kept kernel " + what)
              .isEqualTo(-1);
          assertThat(t.inputGradient(tiles, pool).mismatch(dx))
              .as("input gradient " + what)
              .isEqualTo(-1);
          assertThat(t.kernelGradient(tiles, pool).mismatch(dw))
              .as("kernel gradient " + what)
              .isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void forward_leavesTilesAloneThatMeetNothingInfinite() {
    ConvolutionShape shape = square(1, 16, 16, 12, 12, 3, 1, 1);
    ConvolutionTensors t = ConvolutionTensors.of(shape, 3);
    MemorySegment plain = t.forward(TileSet.best(ElementKind.F32), ONE);
    t.x().setAtIndex(ValueLayout.JAVA_FLOAT, 0, Float.POSITIVE_INFINITY);
    MemorySegment y = t.forward(TileSet.best(ElementKind.F32), ONE);
    int width = shape.outputWidth();
    for (int i = 0; i < 16 * shape.outputPixels(); i++) {
      boolean isFirstTile = i % shape.outputPixels() / width < 4 && i % width < 4;
      if (isFirstTile) {
        assertThat(Double.isFinite(at(y, i))).as("element %d is finite", i).isFalse();
      } else {
        assertThat(at(y, i)).as("element %d", i).isEqualTo(at(plain, i));
      }
    }
  }
}
