package dev.dlm.cpu.window;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.cpu.ObjectPool;
import dev.dlm.cpu.VectorModule;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Reduces planes over any windows: a plane is padded and split by strides, so that what
 * neighbouring windows show at one place lies side by side. Each window combines its places in
 * row-major order.
 *
 * <p>The memory that this takes is borrowed for each task, and kept for later ones.
 */
final class SplitPlanes {

  /** Fewer windows would not be worth the split. */
  private static final int MIN_WINDOWS = 64;

  /** Larger planes do not stay in the cache. */
  private static final long MAX_ELEMENTS = 1 << 20;

  private static final boolean HAS_VECTORS = VectorModule.isPresent();

  private static final ObjectPool<SplitPlanes> POOL = new ObjectPool<>(64, SplitPlanes::new);

  private float[] split = new float[0];
  private float[] reduced = new float[0];
  private float[] line = new float[0];
  private int[] places = new int[0];

  private SplitPlanes() {}

  static boolean serves(WindowShape s) {
    return s.outputPlane() >= MIN_WINDOWS && elements(s) <= MAX_ELEMENTS;
  }

  static SplitPlanes borrow() {
    return POOL.borrow();
  }

  void giveBack() {
    POOL.giveBack(this);
  }

  /** Rows and columns of one part of the plane: those that some window shows at one place. */
  private static int partHeight(WindowShape s) {
    return s.outputHeight() + (s.windowHeight() - 1) / s.strideY();
  }

  private static int partWidth(WindowShape s) {
    return s.outputWidth() + (s.windowWidth() - 1) / s.strideX();
  }

  private static long elements(WindowShape s) {
    return (long) s.strideY() * s.strideX() * partHeight(s) * partWidth(s);
  }

  /** Reduces one plane. */
  void reduce(
      WindowShape s, WindowKind kind, MemorySegment x, long from, MemorySegment y, long to) {
    int width = partWidth(s);
    // Places of the last windows reach less than a row beyond their part, and a vector further.
    int slack = HAS_VECTORS ? VectorFolds.LANES : 0;
    int needed = (int) elements(s) + width + slack;
    int count = s.outputHeight() * width;
    if (split.length < needed) {
      split = new float[needed];
    }
    if (reduced.length < count + slack) {
      reduced = new float[count + slack];
    }
    split(s, kind.identity(), needed, x, from);
    findPlaces(s);
    int window = s.windowHeight() * s.windowWidth();
    if (HAS_VECTORS) {
      switch (kind) {
        case SUM -> VectorFolds.sum(split, places, window, count, reduced);
        case MAX -> VectorFolds.max(split, places, window, count, reduced);
        case MIN -> VectorFolds.min(split, places, window, count, reduced);
      }
    } else {
      fold(kind, window, count);
    }
    for (int row = 0; row < s.outputHeight(); row++) {
      MemorySegment.copy(
          reduced,
          row * width,
          y,
          JAVA_FLOAT_UNALIGNED,
          to + 4L * row * s.outputWidth(),
          s.outputWidth());
    }
  }

  /** Brings the plane to its parts, and the identity to where they reach beyond it. */
  private void split(WindowShape s, float identity, int needed, MemorySegment x, long from) {
    int width = partWidth(s);
    int height = partHeight(s);
    if (line.length < s.width()) {
      line = new float[s.width()];
    }
    Arrays.fill(split, 0, needed, identity);
    for (int row = 0; row < s.height(); row++) {
      int paddedRow = row + s.padTop();
      if (paddedRow / s.strideY() >= height) {
        return;
      }
      MemorySegment.copy(x, JAVA_FLOAT_UNALIGNED, from + 4L * row * s.width(), line, 0, s.width());
      for (int phase = 0; phase < s.strideX(); phase++) {
        // The first column of the plane that belongs to this part.
        int first = Math.floorMod(phase - s.padLeft(), s.strideX());
        int column = (first + s.padLeft()) / s.strideX();
        int part = paddedRow % s.strideY() * s.strideX() + phase;
        int at = (part * height + paddedRow / s.strideY()) * width + column;
        int columns = Math.min(width - column, Math.ceilDiv(s.width() - first, s.strideX()));
        if (s.strideX() == 2) {
          pickPairs(line, first, split, at, columns);
        } else {
          pick(line, first, s.strideX(), split, at, columns);
        }
      }
    }
  }

  private static void pick(float[] source, int from, int step, float[] target, int to, int count) {
    for (int i = 0; i < count; i++) {
      target[to + i] = source[from + i * step];
    }
  }

  /** The usual stride, known to the compiler. */
  private static void pickPairs(float[] source, int from, float[] target, int to, int count) {
    for (int i = 0; i < count; i++) {
      target[to + i] = source[from + 2 * i];
    }
  }

  /** Finds where the first window shows each of its places. */
  private void findPlaces(WindowShape s) {
    int width = partWidth(s);
    int part = partHeight(s) * width;
    int count = s.windowHeight() * s.windowWidth();
    if (places.length < count) {
      places = new int[count];
    }
    for (int i = 0; i < s.windowHeight(); i++) {
      for (int j = 0; j < s.windowWidth(); j++) {
        places[i * s.windowWidth() + j] =
            (i % s.strideY() * s.strideX() + j % s.strideX()) * part
                + i / s.strideY() * width
                + j / s.strideX();
      }
    }
  }

  private void fold(WindowKind kind, int window, int count) {
    for (int i = 0; i < count; i++) {
      float result = kind.identity();
      for (int place = 0; place < window; place++) {
        result = kind.combine(result, split[places[place] + i]);
      }
      reduced[i] = result;
    }
  }
}
