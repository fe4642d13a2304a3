package dev.dlm.cpu.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Window2dTest {

  private static final WorkerPool ONE = new WorkerPool(1);
  private static final WorkerPool THREE = new WorkerPool(3);
  private static final float[] SPECIAL = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0.0f, 0.0f, Float.MIN_VALUE, 1, 2
  };

  /** Numbers with many ties, zeros of both signs, infinities and NaNs. */
  private static float[] numbers(int count, SplittableRandom random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          random.nextInt(3) == 0
              ? SPECIAL[random.nextInt(SPECIAL.length)]
              : random.nextInt(-4, 5) / 4f;
    }
    return numbers;
  }

  private static MemorySegment memory(float[] numbers) {
    MemorySegment segment = Arena.ofAuto().allocate(4L * numbers.length + 4, 4);
    MemorySegment.copy(numbers, 0, segment, ValueLayout.JAVA_FLOAT, 0, numbers.length);
    return segment;
  }

  private static MemorySegment garbage(long count) {
    MemorySegment segment = Arena.ofAuto().allocate(4 * count + 4, 4);
    segment.fill((byte) 0x7f);
    return segment;
  }

  private static void assertBits(MemorySegment found, float[] expected, String what) {
    for (int i = 0; i < expected.length; i++) {
      float value = found.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (Float.floatToIntBits(value) != Float.floatToIntBits(expected[i])) {
        assertThat(value).as("%s at %d", what, i).isEqualTo(expected[i]);
        assertThat(Float.floatToIntBits(value)).isEqualTo(Float.floatToIntBits(expected[i]));
      }
    }
    assertThat(found.getAtIndex(ValueLayout.JAVA_INT, expected.length))
        .as("what lies behind the %s", what)
        .isEqualTo(0x7f7f7f7f);
  }

  @Test
  void planesOfSeveralTasks_areThoseOfTheDefinition() {
    for (int width : new int[] {32, 33, 14}) {
      int height = width == 33 ? 32 : width;
      int planes = width == 14 ? 400 : 70;
      assertDefinition(
          new WindowShape(planes, height, width, 2, 2, 2, 2, 0, 0, height / 2, width / 2), width);
    }
  }

  private static void assertDefinition(WindowShape s, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int inputs = Math.toIntExact(s.planes() * s.inputPlane());
    int outputs = Math.toIntExact(s.planes() * s.outputPlane());
    float[] x = numbers(inputs, random);
    float[] v = numbers(inputs, random);
    float[] u = numbers(outputs, random);
    for (WindowKind kind : WindowKind.values()) {
      float[] y = new float[outputs];
      float[] dx = new float[inputs];
      float[] gathered = new float[outputs];
      define(s, kind, x, v, u, y, dx, gathered);
      for (@Nullable HalvingPlanes halving : implementations(s)) {
        for (WorkerPool pool : new WorkerPool[] {ONE, THREE}) {
          String what = kind + " " + s + " by " + halving;
          Window2d window = new Window2d(s, kind, halving);
          MemorySegment result = garbage(outputs);
          window.reduce(memory(x), 0, result, 0, pool).run();
          assertBits(result, y, what);
          if (kind != WindowKind.SUM) {
            MemorySegment gradient = garbage(inputs);
            window.scatterToSelected(memory(x), 0, memory(u), 0, gradient, 0, pool).run();
            assertBits(gradient, dx, "gradient " + what);
            MemorySegment adjoint = garbage(outputs);
            window.gatherFromSelected(memory(x), 0, memory(v), 0, adjoint, 0, pool).run();
            assertBits(adjoint, gathered, "adjoint " + what);
          }
        }
      }
    }
  }

  /** All ways to compute a shape; null is that of windows of any kind. */
  private static List<@Nullable HalvingPlanes> implementations(WindowShape s) {
    List<@Nullable HalvingPlanes> all = new ArrayList<>();
    all.add(null);
    if (s.isHalving()) {
      all.add(new ScalarHalvingPlanes());
      for (int lanes = 4; lanes <= 16; lanes *= 2) {
        all.add(VectorHalvingPlanes.ofLanes(lanes));
      }
    }
    return all;
  }

  private static void define(
      WindowShape s,
      WindowKind kind,
      float[] x,
      float[] v,
      float[] u,
      float[] y,
      float[] dx,
      float[] gathered) {
    for (int o = 0; o < y.length; o++) {
      int plane = (int) (o / s.outputPlane());
      int row = (int) (o % s.outputPlane()) / s.outputWidth();
      int column = o % s.outputWidth();
      float sum = 0;
      float extreme = kind == WindowKind.MAX ? -Float.MAX_VALUE * 2 : Float.MAX_VALUE * 2;
      int selected = -1;
      for (int k = 0; k < s.windowHeight() * s.windowWidth(); k++) {
        int i = row * s.strideY() - s.padTop() + k / s.windowWidth();
        int j = column * s.strideX() - s.padLeft() + k % s.windowWidth();
        if (i < 0 || j < 0 || i >= s.height() || j >= s.width()) {
          continue;
        }
        int position = (plane * s.height() + i) * s.width() + j;
        float value = x[position];
        sum += value;
        extreme = kind == WindowKind.MAX ? Math.max(extreme, value) : Math.min(extreme, value);
        boolean more =
            selected < 0
                || (!Float.isNaN(x[selected])
                    && (Float.isNaN(value)
                        || (kind == WindowKind.MAX ? value > x[selected] : value < x[selected])));
        if (more) {
          selected = position;
        }
      }
      y[o] = kind == WindowKind.SUM ? sum : extreme;
      if (selected >= 0) {
        dx[selected] += u[o];
        gathered[o] = v[selected];
      }
    }
  }

  @Test
  void windowsThatOverlapOrLeaveGaps_followTheDefinition() {
    assertDefinition(new WindowShape(5, 20, 23, 3, 3, 2, 2, 1, 1, 10, 12), 11);
    assertDefinition(new WindowShape(3, 112, 112, 3, 3, 2, 2, 1, 1, 56, 56), 12);
    assertDefinition(new WindowShape(2, 17, 40, 5, 2, 1, 3, 4, 0, 17, 13), 13);
    assertDefinition(new WindowShape(2, 30, 31, 2, 3, 3, 4, 2, 9, 11, 12), 14);
    assertDefinition(new WindowShape(2, 9, 9, 3, 3, 1, 1, 5, 5, 17, 17), 15);
    assertDefinition(new WindowShape(2, 40, 5, 4, 7, 2, 1, 0, 3, 26, 9), 16);
  }

  @Test
  void halvingWindows_followTheDefinitionForAllWidths() {
    for (int width : new int[] {0, 1, 2, 7, 14, 28, 31, 32, 33, 34, 62, 65, 97}) {
      assertDefinition(new WindowShape(5, 6, width, 2, 2, 2, 2, 0, 0, 3, width / 2), 3 + width);
      assertDefinition(new WindowShape(40, 28, width, 2, 2, 2, 2, 0, 0, 14, width / 2), 4 + width);
    }
  }

  @Property(tries = 200)
  void anyWindows_followTheDefinition(
      @ForAll @IntRange(max = 4) int planes,
      @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 4) int windowHeight,
      @ForAll @IntRange(min = 1, max = 4) int windowWidth,
      @ForAll @IntRange(min = 1, max = 3) int strideY,
      @ForAll @IntRange(min = 1, max = 3) int strideX,
      @ForAll @IntRange(max = 3) int padTop,
      @ForAll @IntRange(max = 3) int padLeft,
      @ForAll long seed) {
    int outputHeight = Math.max(0, height + padTop - windowHeight + strideY) / strideY;
    int outputWidth = Math.max(0, width + padLeft - windowWidth + strideX) / strideX;
    assertDefinition(
        new WindowShape(
            planes,
            height,
            width,
            windowHeight,
            windowWidth,
            strideY,
            strideX,
            padTop,
            padLeft,
            outputHeight,
            outputWidth),
        seed);
  }

  @Test
  void scatterToSelected_refusesSums() {
    WindowShape s = new WindowShape(1, 2, 2, 2, 2, 2, 2, 0, 0, 1, 1);
    MemorySegment memory = garbage(4);
    assertThatThrownBy(() ->
            new Window2d(s, WindowKind.SUM).scatterToSelected(memory, 0, memory, 0, memory, 0, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sum");
  }

  @Test
  void halvingWindows_refuseMemoryThatIsTooSmallOrHasNoAddress() {
    Window2d window =
        new Window2d(
            new WindowShape(1, 2, 4, 2, 2, 2, 2, 0, 0, 1, 2),
            WindowKind.MAX,
            new ScalarHalvingPlanes());
    MemorySegment result = garbage(1);
    assertThatThrownBy(() -> window.reduce(MemorySegment.ofArray(new float[8]), 0, result, 0, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no address");
    assertThatThrownBy(() -> window.reduce(garbage(7), 4, result, 0, ONE))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shape_refusesNegativePaddingAndEmptyWindows() {
    assertThatThrownBy(() -> new WindowShape(1, 2, 2, 2, 2, 1, 1, -1, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WindowShape(1, 2, 2, 0, 2, 1, 1, 0, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
