package dev.dlm.cli.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Panels of curves over one horizontal axis, one below the other, as SVG 1.1. */
final class Chart {
  private static final int WIDTH = 760;
  private static final int LEFT = 80;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int PANEL = 220;
  private static final int SPACE = 56;
  private static final List<String> COLOURS = List.of("#1f6fb4", "#d9541a");

  private record Panel(String name, List<Curve> curves) {}

  private final String title;
  private final String horizontal;
  private final List<Panel> panels = new ArrayList<>();
  private final StringBuilder svg = new StringBuilder();

  /**
   * @param horizontal what the horizontal axis counts
   */
  Chart(String title, String horizontal) {
    this.title = title;
    this.horizontal = horizontal;
  }

  /** Adds a panel below the others, unless its curves have no points. */
  void panel(String name, Curve... curves) {
    List<Curve> drawn = Stream.of(curves).filter(curve -> !curve.points().isEmpty()).toList();
    if (!drawn.isEmpty()) {
      panels.add(new Panel(name, drawn));
    }
  }

  /** The image. */
  String svg() {
    svg.setLength(0);
    int height = TOP + Math.max(1, panels.size()) * (PANEL + SPACE);
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="sans-serif" font-size="13">
        <rect width="%1$d" height="%2$d" fill="white"/>
        """
            .formatted(WIDTH, height));
    text(LEFT, 24, "start", title, "font-size=\"16\" font-weight=\"bold\"");
    Axis x = axis(panels.stream().flatMap(p -> p.curves.stream()).toList(), true, 10);
    for (int i = 0; i < panels.size(); i++) {
      draw(panels.get(i), TOP + i * (PANEL + SPACE), x);
    }
    return svg.append("</svg>\n").toString();
  }

  private static Axis axis(List<Curve> curves, boolean horizontal, int ticks) {
    double least = horizontal ? 0 : Double.POSITIVE_INFINITY;
    double greatest = horizontal ? 1 : Double.NEGATIVE_INFINITY;
    for (Curve curve : curves) {
      for (Curve.Point point : curve.points()) {
        double value = horizontal ? point.x() : point.y();
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    return Axis.of(least, greatest, ticks);
  }

  private void draw(Panel panel, int top, Axis x) {
    Axis y = axis(panel.curves, false, 5);
    int width = WIDTH - LEFT - RIGHT;
    for (double tick : y.ticks()) {
      double at = top + PANEL * (1 - y.place(tick));
      line(LEFT, at, LEFT + width, at, "#e0e0e0");
      text(LEFT - 8, at + 4, "end", y.label(tick), "");
    }
    for (double tick : x.ticks()) {
      double at = LEFT + width * x.place(tick);
      line(at, top + PANEL, at, top + PANEL + 5, "black");
      text(at, top + PANEL + 19, "middle", x.label(tick), "");
    }
    line(LEFT, top, LEFT, top + PANEL, "black");
    line(LEFT, top + PANEL, LEFT + width, top + PANEL, "black");
    text(LEFT + width / 2.0, top + PANEL + 36, "middle", horizontal, "");
    svg.append(
        "<text transform=\"translate(18 %s) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            .formatted(number(top + PANEL / 2.0), escaped(panel.name)));
    for (int i = 0; i < panel.curves.size(); i++) {
      Curve curve = panel.curves.get(i);
      String colour = COLOURS.get(i % COLOURS.size());
      curve(curve, colour, top, x, y);
      double at = LEFT + width - 110.0 * (panel.curves.size() - i);
      svg.append(
          "<rect x=\"%s\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>\n"
              .formatted(number(at), top - 8, colour));
      text(at + 20, top - 2, "start", curve.name(), "");
    }
  }

  private void curve(Curve curve, String colour, int top, Axis x, Axis y) {
    StringBuilder points = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (Curve.Point point : curve.points()) {
      String across = number(LEFT + (WIDTH - LEFT - RIGHT) * x.place(point.x()));
      String down = number(top + PANEL * (1 - y.place(point.y())));
      points.append(points.isEmpty() ? "" : " ").append(across).append(',').append(down);
      if (curve.isMarked()) {
        marks.append(
            "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>\n".formatted(across, down, colour));
      }
    }
    svg.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>\n"
            .formatted(points, colour));
    svg.append(marks);
  }

  private void line(double fromX, double fromY, double toX, double toY, String colour) {
    svg.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n"
            .formatted(number(fromX), number(fromY), number(toX), number(toY), colour));
  }

  private void text(double x, double y, String anchor, String words, String more) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>\n"
            .formatted(
                number(x), number(y), anchor, more.isEmpty() ? "" : " " + more, escaped(words)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
