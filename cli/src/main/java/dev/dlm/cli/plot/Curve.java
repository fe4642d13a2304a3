package dev.dlm.cli.plot;

import java.util.ArrayList;
import java.util.List;

/** Points from left to right. Points that are not finite are left out. */
final class Curve {
  /** A point in the units of the axes. */
  record Point(double x, double y) {}

  private final String name;
  private final boolean marked;
  private final List<Point> points = new ArrayList<>();

  /**
   * @param marked whether each point gets a mark, beside the line
   */
  Curve(String name, boolean marked) {
    this.name = name;
    this.marked = marked;
  }

  String name() {
    return name;
  }

  boolean isMarked() {
    return marked;
  }

  List<Point> points() {
    return points;
  }

  void add(double x, double y) {
    if (Double.isFinite(x) && Double.isFinite(y)) {
      points.add(new Point(x, y));
    }
  }
}
