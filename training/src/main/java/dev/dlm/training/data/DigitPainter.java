package dev.dlm.training.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Paints one handwritten-like digit into 28×28 grey values.
 *
 * <p>The pen follows a style of {@link DigitStrokes} whose points were shaken, bent by a smooth
 * field, and put through a random affine map; its width and pressure vary. Only {@code + − × ÷ √}
 * on doubles are used, which Java defines to the last bit. An instance owns scratch memory and
 * belongs to one thread.
 */
final class DigitPainter {
  static final int SIZE = 28;
  static final int PIXELS = SIZE * SIZE;

  private static final int MAX_POINTS = 64;

  /** Straight pieces that a curve between two control points is drawn with. */
  private static final int PIECES = 7;

  private final SplitMix64 random = new SplitMix64(0);
  private final double[] ink = new double[PIXELS];
  private final double[] xs = new double[MAX_POINTS];
  private final double[] ys = new double[MAX_POINTS];
  private final double[] bend = new double[12];

  // The affine map of the digit being painted, in pixels.
  private double xFromX;
  private double xFromY;
  private double yFromX;
  private double yFromY;
  private double centreX;
  private double centreY;

  /**
   * Paints the digit of one example.
   *
   * @param key the example's own random key; nothing else has influence
   * @param destination receives {@link #PIXELS} bytes, row by row, 0 paper and 255 full ink
   * @param offsetBytes where in the destination
   * @return the digit, 0 to 9
   */
  int paint(long key, MemorySegment destination, long offsetBytes) {
    random.reseed(key);
    int digit = random.nextInt(10);
    List<DigitStrokes.Style> styles = DigitStrokes.stylesOf(digit);
    DigitStrokes.Style style = styles.get(random.nextInt(styles.size()));
    Arrays.fill(ink, 0);
    chooseWarp(digit);
    double penRadius = 1.15 + random.bell(0.3);
    double softness = random.uniform(0.9, 1.5);
    double shake = random.uniform(0.01, 0.042);
    for (double[] stroke : style.strokes()) {
      drawStroke(stroke, shake, penRadius, softness);
    }
    develop(destination, offsetBytes);
    return digit;
  }

  private void chooseWarp(int digit) {
    for (int i = 0; i < bend.length; i++) {
      // Quadratic terms bend more than cubic ones, as a hand does.
      bend[i] = random.bell(i % 6 < 3 ? 0.055 : 0.04);
    }
    double height = random.uniform(16.5, 21);
    double width = height * (digit == 1 ? random.uniform(0.35, 0.7) : random.uniform(0.5, 0.95));
    double slant = random.bell(0.22);
    // The rational parametrization of the circle: tangent of half the angle.
    double halfTangent = random.bell(0.07);
    double cosine = (1 - halfTangent * halfTangent) / (1 + halfTangent * halfTangent);
    double sine = 2 * halfTangent / (1 + halfTangent * halfTangent);
    xFromX = cosine * width;
    xFromY = -cosine * slant * height - sine * height;
    yFromX = sine * width;
    yFromY = cosine * height - sine * slant * height;
    centreX = 13.5 + random.bell(1.1);
    centreY = 13.5 + random.bell(1.1);
  }

  private void drawStroke(double[] stroke, double shake, double penRadius, double softness) {
    int points = stroke.length / 2;
    for (int i = 0; i < points; i++) {
      boolean corner =
          i > 0 && stroke[2 * i] == stroke[2 * i - 2] && stroke[2 * i + 1] == stroke[2 * i - 1];
      if (corner) {
        xs[i] = xs[i - 1];
        ys[i] = ys[i - 1];
      } else {
        warp(
            stroke[2 * i] - 0.5 + random.bell(shake),
            stroke[2 * i + 1] - 0.5 + random.bell(shake),
            i);
      }
    }
    double radius = penRadius * (1 + random.bell(0.1));
    double radiusChange = random.bell(0.12) / points;
    for (int i = 0; i + 1 < points; i++) {
      if (xs[i] != xs[i + 1] || ys[i] != ys[i + 1]) {
        double change = radiusChange + random.bell(0.05);
        drawCurve(i, points, radius, change * radius, softness);
        radius = clamp(radius * (1 + change), 0.6, 2.3);
      }
    }
  }

  /** Bends a point of the centred unit square, maps it to pixels and keeps it as point i. */
  private void warp(double x, double y, int i) {
    double u = 2 * x;
    double v = 2 * y;
    double bentX =
        x
            + bend[0] * u * u
            + bend[1] * u * v
            + bend[2] * v * v
            + bend[3] * v * v * v
            + bend[4] * u * u * v
            + bend[5] * u * v * v;
    double bentY =
        y
            + bend[6] * u * u
            + bend[7] * u * v
            + bend[8] * v * v
            + bend[9] * u * u * u
            + bend[10] * u * u * v
            + bend[11] * u * v * v;
    xs[i] = centreX + xFromX * bentX + xFromY * bentY;
    ys[i] = centreY + yFromX * bentX + yFromY * bentY;
  }

  /** The Catmull-Rom curve from point i to the next, as straight pieces. */
  private void drawCurve(int i, int points, double radius, double change, double softness) {
    int before = Math.max(i - 1, 0);
    int after = Math.min(i + 2, points - 1);
    double lastX = xs[i];
    double lastY = ys[i];
    for (int piece = 1; piece <= PIECES; piece++) {
      double t = piece / (double) PIECES;
      double x = catmullRom(xs[before], xs[i], xs[i + 1], xs[after], t);
      double y = catmullRom(ys[before], ys[i], ys[i + 1], ys[after], t);
      drawPiece(lastX, lastY, x, y, clamp(radius + change * t, 0.6, 2.3), softness);
      lastX = x;
      lastY = y;
    }
  }

  private static double catmullRom(double p0, double p1, double p2, double p3, double t) {
    double linear = p2 - p0;
    double quadratic = 2 * p0 - 5 * p1 + 4 * p2 - p3;
    double cubic = 3 * (p1 - p2) + p3 - p0;
    return p1 + 0.5 * t * (linear + t * (quadratic + t * cubic));
  }

  /** Inks every pixel by its distance to a straight piece; the darkest ink of a pixel stays. */
  private void drawPiece(
      double x0, double y0, double x1, double y1, double radius, double softness) {
    double reach = radius + softness;
    int left = clampToGrid(Math.min(x0, x1) - reach);
    int right = clampToGrid(Math.max(x0, x1) + reach + 1);
    int top = clampToGrid(Math.min(y0, y1) - reach);
    int bottom = clampToGrid(Math.max(y0, y1) + reach + 1);
    double dx = x1 - x0;
    double dy = y1 - y0;
    double lengthSquared = dx * dx + dy * dy;
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        double along = (column - x0) * dx + (row - y0) * dy;
        double t = lengthSquared > 0 ? clamp(along / lengthSquared, 0, 1) : 0;
        double awayX = column - (x0 + t * dx);
        double awayY = row - (y0 + t * dy);
        double distance = Math.sqrt(awayX * awayX + awayY * awayY);
        double coverage = clamp((radius - distance) / softness + 0.5, 0, 1);
        int pixel = row * SIZE + column;
        ink[pixel] = Math.max(ink[pixel], coverage);
      }
    }
  }

  /**
   * Turns ink into grey values: overall darkness, uneven ink, and faint grain on half the sheets.
   */
  private void develop(MemorySegment destination, long offsetBytes) {
    double darkness = random.uniform(0.75, 1);
    double uneven = random.uniform(0, 0.22);
    double grain = Math.max(0, random.uniform(-0.08, 0.08));
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      double value = darkness * ink[pixel] * (1 - random.uniform(0, uneven));
      value += random.uniform(-grain, grain);
      long grey = (long) (clamp(value, 0, 1) * 255 + 0.5);
      destination.set(ValueLayout.JAVA_BYTE, offsetBytes + pixel, (byte) grey);
    }
  }

  private static int clampToGrid(double coordinate) {
    return (int) clamp(coordinate, 0, SIZE - 1);
  }

  private static double clamp(double value, double low, double high) {
    return Math.min(Math.max(value, low), high);
  }
}
