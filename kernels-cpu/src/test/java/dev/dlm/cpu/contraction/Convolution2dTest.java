package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class Convolution2dTest {

  private static final WorkerPool ONE = new WorkerPool(1);
  private static final WorkerPool THREE = new WorkerPool(3);

  private static final List<ConvolutionShape> SHAPES =
      List.of(
          // batch, groups, in c h w, out c h w, kernel, stride, pad, dilation
          new ConvolutionShape(2, 1, 1, 28, 28, 32, 28, 28, 5, 5, 1, 1, 2, 2, 1, 1),
          new ConvolutionShape(3, 1, 15, 14, 14, 33, 14, 14, 5, 5, 1, 1, 2, 2, 1, 1),
          new ConvolutionShape(2, 1, 3, 17, 40, 16, 8, 19, 3, 4, 2, 2, 0, 0, 1, 1),
          new ConvolutionShape(2, 3, 6, 9, 11, 9, 9, 11, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(2, 1, 35, 12, 12, 20, 6, 6, 4, 4, 2, 2, 1, 1, 1, 1),
          new ConvolutionShape(2, 2, 6, 9, 9, 8, 5, 5, 1, 1, 2, 2, 0, 0, 1, 1),
          new ConvolutionShape(2, 1, 3, 17, 19, 4, 4, 4, 3, 3, 4, 4, 1, 2, 2, 3),
          new ConvolutionShape(4, 1, 800, 5, 5, 20, 5, 5, 1, 1, 1, 1, 0, 0, 1, 1),
          new ConvolutionShape(2, 1, 2, 12, 13, 4, 6, 3, 3, 3, 1, 3, 2, 1, 3, 2),
          new ConvolutionShape(2, 1, 2, 12, 13, 4, 7, 8, 3, 3, 1, 1, -2, -1, 1, 1),
          new ConvolutionShape(1, 1, 2, 1, 300, 3, 1, 300, 1, 9, 1, 1, 0, 4, 1, 1),
          new ConvolutionShape(70, 1, 1, 3, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 1, 1),
          new ConvolutionShape(2, 1, 1, 2, 2, 2, 9, 9, 2, 2, 1, 1, 4, 4, 1, 1),
          new ConvolutionShape(0, 1, 1, 4, 4, 2, 3, 3, 2, 2, 1, 1, 0, 0, 1, 1),
          new ConvolutionShape(2, 1, 0, 4, 4, 2, 3, 3, 2, 2, 1, 1, 0, 0, 1, 1),
          // One image of few pixels: pixels are rows of tiles.
          new ConvolutionShape(1, 1, 90, 14, 14, 70, 7, 7, 3, 3, 2, 2, 1, 1, 1, 1),
          new ConvolutionShape(1, 1, 800, 7, 7, 33, 7, 7, 1, 1, 1, 1, 0, 0, 1, 1),
          new ConvolutionShape(1, 1, 20, 29, 27, 17, 15, 14, 1, 1, 2, 2, 0, 0, 1, 1),
          new ConvolutionShape(1, 1, 15, 5, 9, 40, 5, 9, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(1, 1, 3, 64, 61, 8, 32, 31, 7, 7, 2, 2, 3, 3, 1, 1));

  private static void assertSameBits(MemorySegment found, MemorySegment expected, String what) {
    long mismatch = found.mismatch(expected);
    assertThat(mismatch).as("%s: first byte that differs", what).isEqualTo(-1);
  }

  private static void assertAllWaysAgree(
      ConvolutionTensors t, List<TileSet> sets, List<WorkerPool> pools) {
    PlainConvolution plain = new PlainConvolution(ElementKind.F32, t.shape(), ONE);
    MemorySegment y = ConvolutionTensors.like(t.dy());
    MemorySegment dx = ConvolutionTensors.like(t.x());
    MemorySegment dw = ConvolutionTensors.like(t.w());
    plain.forward(t.x(), 0, t.w(), 0, y, 0);
    plain.inputGradient(t.dy(), 0, t.w(), 0, dx, 0);
    plain.kernelGradient(t.x(), 0, t.dy(), 0, dw, 0);
    for (TileSet tiles : sets) {
      for (WorkerPool pool : pools) {
        String what = "%s lanes %d threads %d".formatted(t.shape(), tiles.lanes(), pool.threads());
        assertSameBits(t.forward(tiles, pool), y, "forward " + what);
        assertSameBits(t.forwardWithKeptKernel(tiles, pool), y, "kept kernel " + what);
        assertSameBits(t.inputGradient(tiles, pool), dx, "input gradient " + what);
        assertSameBits(t.kernelGradient(tiles, pool), dw, "kernel gradient " + what);
      }
    }
  }

  @Test
  void allDirections_giveThePlainLoopsBits() {
    for (ConvolutionShape shape : SHAPES) {
      assertAllWaysAgree(
          ConvolutionTensors.of(shape, 7),
          List.of(TileSet.best(ElementKind.F32)),
          List.of(ONE, THREE));
    }
  }

  @Test
  void allDirections_giveTheSameBitsForEveryWidth() {
    List<TileSet> sets =
        List.of(
            new ScalarTileSet(ElementKind.F32),
            new VectorTileSet(ElementKind.F32, 128),
            new VectorTileSet(ElementKind.F32, 256),
            new VectorTileSet(ElementKind.F32, 512));
    for (ConvolutionShape shape :
        List.of(SHAPES.get(1), SHAPES.get(2), SHAPES.get(3), SHAPES.get(15), SHAPES.get(17))) {
      assertAllWaysAgree(ConvolutionTensors.of(shape, 8), sets, List.of(THREE));
    }
  }

  @Property(tries = 100)
  void allDirections_giveThePlainLoopsBitsForAnyShape(
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll @IntRange(min = 1, max = 5) int inputs,
      @ForAll @IntRange(min = 1, max = 9) int outputs,
      @ForAll @IntRange(min = 1, max = 22) int height,
      @ForAll @IntRange(min = 1, max = 22) int width,
      @ForAll @IntRange(min = 1, max = 4) int kernelHeight,
      @ForAll @IntRange(min = 1, max = 4) int kernelWidth,
      @ForAll @IntRange(max = 255) int form,
      @ForAll long seed) {
    int strideY = 1 + (form & 1);
    int strideX = 1 + (form >> 1 & 1) * 2;
    int dilationY = 1 + (form >> 2 & 1);
    int dilationX = 1 + (form >> 3 & 1);
    int padTop = (form >> 4 & 3) - 1;
    int padLeft = (form >> 6 & 3) - 1;
    int outputHeight =
        Math.max(0, (height + 2 * padTop - dilationY * (kernelHeight - 1)) / strideY);
    int outputWidth = Math.max(0, (width + 2 * padLeft - dilationX * (kernelWidth - 1)) / strideX);
    ConvolutionShape shape =
        new ConvolutionShape(
            batch,
            groups,
            groups * inputs,
            height,
            width,
            groups * outputs,
            outputHeight,
            outputWidth,
            kernelHeight,
            kernelWidth,
            strideY,
            strideX,
            padTop,
            padLeft,
            dilationY,
            dilationX);
    assertAllWaysAgree(
        ConvolutionTensors.of(shape, seed), List.of(TileSet.best(ElementKind.F32)), List.of(THREE));
  }

  @Test
  void allDirections_agreeWithTheFormulaInDoublePrecision() {
    for (ConvolutionShape s : SHAPES) {
      ConvolutionTensors t = ConvolutionTensors.of(s, 9);
      ConvolutionTensors.Formula expected = ConvolutionTensors.Formula.of(t);
      TileSet tiles = TileSet.best(ElementKind.F32);
      // All operands are below 1, so each of n products adds an error of at most n units.
      assertClose(t.forward(tiles, ONE), expected.y(), s.groupInputs() * s.taps());
      assertClose(t.inputGradient(tiles, ONE), expected.dx(), s.groupOutputs() * s.taps());
      assertClose(t.kernelGradient(tiles, ONE), expected.dw(), s.batch() * s.outputPixels());
    }
  }

  private static double at(MemorySegment segment, int index) {
    return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  private static void assertClose(MemorySegment found, double[] expected, int products) {
    double bound = 0x1p-24 * (products + 1) * Math.sqrt(products + 1.0) * 2;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(at(found, i) - expected[i]);
      if (!(difference <= bound)) {
        assertThat(at(found, i)).as("element %d", i).isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void forwardAndInputGradient_callTheEpilogueOnceForEachFinishedElement() {
    assertEpiloguesAreCalledOnce(
        new ConvolutionShape(4, 2, 6, 14, 14, 40, 14, 14, 5, 5, 1, 1, 2, 2, 1, 1));
    assertEpiloguesAreCalledOnce(
        new ConvolutionShape(4, 2, 6, 14, 14, 40, 7, 7, 1, 3, 2, 2, 0, 1, 1, 1));
    assertEpiloguesAreCalledOnce(
        new ConvolutionShape(3, 1, 16, 22, 26, 40, 22, 26, 3, 3, 1, 1, 1, 1, 1, 1));
    assertEpiloguesAreCalledOnce(
        new ConvolutionShape(5, 1, 70, 7, 5, 90, 7, 5, 3, 3, 1, 1, 1, 1, 1, 1));
  }

  private static void assertEpiloguesAreCalledOnce(ConvolutionShape s) {
    ConvolutionTensors t = ConvolutionTensors.of(s, 10);
    Convolution2d convolution = new Convolution2d(ElementKind.F32, s);
    MemorySegment plainY = t.forward(TileSet.best(ElementKind.F32), ONE);
    MemorySegment y = ConvolutionTensors.like(t.dy());
    AtomicIntegerArray calls =
        new AtomicIntegerArray(s.batch() * s.outputChannels() * s.outputPixels());
    convolution
        .bindForward(
            t.x(),
            0,
            t.w(),
            0,
            y,
            0,
            THREE,
            ConvolutionTensors.DIRTY,
            null,
            negating(y, calls, s.outputChannels(), s.outputPixels()))
        .run();
    assertNegated(y, plainY, calls);

    MemorySegment plainX = t.inputGradient(TileSet.best(ElementKind.F32), ONE);
    MemorySegment dx = ConvolutionTensors.like(t.x());
    AtomicIntegerArray callsX =
        new AtomicIntegerArray(s.batch() * s.inputChannels() * s.inputPixels());
    convolution
        .bindInputGradient(
            t.dy(),
            0,
            t.w(),
            0,
            dx,
            0,
            THREE,
            ConvolutionTensors.DIRTY,
            negating(dx, callsX, s.inputChannels(), s.inputPixels()))
        .run();
    assertNegated(dx, plainX, callsX);
  }

  private static TileEpilogue negating(
      MemorySegment result, AtomicIntegerArray calls, int channels, int pixels) {
    return (image, rowStart, rowEnd, columnStart, columnEnd) -> {
      for (int row = rowStart; row < rowEnd; row++) {
        for (int column = columnStart; column < columnEnd; column++) {
          int i = (int) ((image * channels + row) * pixels + column);
          calls.incrementAndGet(i);
          result.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) -at(result, i));
        }
      }
    };
  }

  private static void assertNegated(
      MemorySegment found, MemorySegment plain, AtomicIntegerArray calls) {
    for (int i = 0; i < calls.length(); i++) {
      if (calls.get(i) != 1 || at(found, i) != -at(plain, i)) {
        assertThat(calls.get(i)).as("calls for %d", i).isEqualTo(1);
        assertThat(at(found, i)).as("element %d", i).isEqualTo(-at(plain, i));
      }
    }
  }

  @Test
  void forward_computesInTheElementTypeOrBinary32() {
    ConvolutionShape s = new ConvolutionShape(1, 1, 2, 5, 5, 3, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1);
    SplittableRandom random = new SplittableRandom(12);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(8 * 50, 8);
      MemorySegment w = arena.allocate(8 * 54, 8);
      MemorySegment y = arena.allocate(8 * 75, 8);
      double[] expected = new double[75];
      double[] xs = new double[50];
      double[] ws = new double[54];
      for (int i = 0; i < 50; i++) {
        xs[i] = random.nextDouble(-1, 1);
        x.setAtIndex(ValueLayout.JAVA_DOUBLE, i, xs[i]);
      }
      for (int i = 0; i < 54; i++) {
        ws[i] = random.nextDouble(-1, 1);
        w.setAtIndex(ValueLayout.JAVA_DOUBLE, i, ws[i]);
      }
      ConvolutionTensors.forEachProduct(s, (iy, ix, iw) -> expected[iy] += xs[ix] * ws[iw]);
      new Convolution2d(ElementKind.F64, s)
          .bindForward(x, 0, w, 0, y, 0, THREE, ConvolutionTensors.DIRTY, null, null)
          .run();
      for (int i = 0; i < 75; i++) {
        assertThat(y.getAtIndex(ValueLayout.JAVA_DOUBLE, i))
            .isCloseTo(expected[i], Offset.offset(1e-14));
      }
      for (int i = 0; i < 50; i++) {
        x.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) xs[i]));
      }
      for (int i = 0; i < 54; i++) {
        w.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) ws[i]));
      }
      new Convolution2d(ElementKind.F16, s)
          .bindForward(x, 0, w, 0, y, 0, THREE, ConvolutionTensors.DIRTY, null, null)
          .run();
      for (int i = 0; i < 75; i++) {
        // Operands and result have 11 bits; 18 products of numbers below 1.
        assertThat((double) Float.float16ToFloat(y.getAtIndex(ValueLayout.JAVA_SHORT, i)))
            .isCloseTo(expected[i], Offset.offset(18 * 0x1p-10));
      }
    }
  }

  @Test
  void constructor_refusesIntegersAndOddGroups() {
    assertThatThrownBy(() -> new Convolution2d(ElementKind.I32, SHAPES.get(0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConvolutionShape(1, 2, 3, 4, 4, 2, 4, 4, 1, 1, 1, 1, 0, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("groups");
  }
}
