package dev.dlm.training.data;

import java.util.List;

/**
 * The ways in which the built-in digits are written: per digit several styles, per style one or
 * more pen strokes through control points.
 *
 * <p>Coordinates lie in the unit square, x to the right and y downwards. A stroke passes smoothly
 * through its points; a point given twice in succession is a corner.
 */
final class DigitStrokes {
  /** One way to write a digit: strokes of {@code x0, y0, x1, y1, …}. */
  record Style(List<double[]> strokes) {}

  private static final List<List<Style>> STYLES =
      List.of(
          // 0: drawn against the clock, closed; open at the top; with an overshooting end.
          List.of(
              style(
                  stroke(
                      .5, .0, .17, .15, .04, .5, .17, .85, .5, 1, .83, .85, .96, .5, .83, .15, .46,
                      .0)),
              style(
                  stroke(
                      .42, .03, .14, .2, .05, .54, .2, .88, .52, 1, .82, .86, .95, .46, .84, .14,
                      .58, .02)),
              style(
                  stroke(
                      .66, .06, .34, .04, .08, .34, .08, .72, .34, .99, .7, .92, .94, .56, .86, .16,
                      .56, .02, .36, .12))),
          // 1: a bare stroke; with a flag; with a flag and a foot.
          List.of(
              style(stroke(.52, .0, .5, .5, .48, 1)),
              style(stroke(.52, .0, .5, .3, .49, .7, .5, 1)),
              style(stroke(.28, .24, .45, .12, .56, .0, .56, .0, .55, .5, .54, 1)),
              style(
                  stroke(.3, .22, .46, .12, .54, .0, .54, .0, .54, .5, .54, .99),
                  stroke(.24, 1, .54, .99, .84, .98))),
          // 2: with an angle at the foot; with a loop there; with a flat, short neck.
          List.of(
              style(
                  stroke(
                      .1, .24, .22, .06, .52, .0, .82, .1, .86, .32, .66, .58, .36, .8, .06, .99,
                      .06, .99, .5, .97, .96, .98)),
              style(
                  stroke(
                      .12, .2, .4, .0, .76, .08, .82, .34, .56, .68, .26, .94, .08, .92, .12, .78,
                      .36, .84, .66, .98, .98, .9)),
              style(
                  stroke(
                      .06, .14, .4, .0, .8, .06, .84, .28, .56, .56, .2, .82, .04, .96, .04, .96,
                      .3, .9, .6, .94, .98, 1))),
          // 3: two bows; a flat top with an angle; bows without a notch between them.
          List.of(
              style(
                  stroke(
                      .1, .12, .44, .0, .8, .1, .8, .3, .6, .43, .36, .47, .36, .47, .7, .52, .9,
                      .72, .76, .93, .42, 1, .06, .88)),
              style(
                  stroke(
                      .12, .03, .5, .02, .86, .02, .86, .02, .62, .22, .42, .4, .42, .4, .76, .48,
                      .92, .72, .7, .96, .34, 1, .06, .9)),
              style(
                  stroke(
                      .14, .08, .5, .0, .82, .14, .74, .36, .46, .46, .46, .46, .78, .54, .86, .78,
                      .6, .98, .12, .98))),
          // 4: open at the top; closed; in one line.
          List.of(
              style(
                  stroke(.18, .0, .12, .28, .08, .56, .08, .56, .5, .58, .96, .54),
                  stroke(.76, .1, .72, .5, .68, 1)),
              style(
                  stroke(.7, .0, .38, .34, .05, .66, .05, .66, .5, .67, .98, .65),
                  stroke(.7, .0, .7, .5, .69, 1)),
              style(
                  stroke(
                      .2, .02, .1, .32, .28, .52, .6, .46, .82, .28, .82, .04, .82, .04, .77, .5,
                      .72, 1))),
          // 5: in one line; with the bar set on last; round like an S.
          List.of(
              style(
                  stroke(
                      .86, .02, .5, .02, .2, .03, .2, .03, .16, .24, .13, .43, .13, .43, .5, .36,
                      .86, .54, .86, .8, .58, .99, .28, 1, .05, .88)),
              style(
                  stroke(
                      .25, .05, .2, .24, .17, .44, .17, .44, .56, .4, .88, .62, .74, .92, .4, 1,
                      .06, .92),
                  stroke(.25, .05, .56, .04, .92, .0)),
              style(
                  stroke(
                      .84, .04, .5, .02, .22, .14, .2, .34, .46, .44, .76, .56, .84, .78, .58, .98,
                      .24, .98, .06, .88))),
          // 6: a bowed back; a straight back; a curled start.
          List.of(
              style(
                  stroke(
                      .74, .02, .42, .14, .16, .44, .08, .75, .26, .97, .6, 1, .86, .82, .8, .6, .5,
                      .5, .22, .6, .1, .76)),
              style(
                  stroke(
                      .62, .0, .3, .36, .12, .7, .26, .96, .6, .98, .78, .78, .6, .6, .32, .64, .14,
                      .78)),
              style(
                  stroke(
                      .84, .14, .66, .02, .38, .1, .14, .42, .1, .76, .32, 1, .7, .96, .86, .74,
                      .66, .54, .36, .56, .12, .72))),
          // 7: plain; with a bar; with a hook at the start.
          List.of(
              style(stroke(.06, .06, .5, .04, .92, .03, .92, .03, .66, .46, .42, 1)),
              style(
                  stroke(.06, .06, .5, .04, .92, .03, .92, .03, .66, .46, .44, 1),
                  stroke(.3, .52, .56, .5, .84, .48)),
              style(
                  stroke(
                      .06, .22, .1, .05, .1, .05, .5, .06, .92, .0, .92, .0, .72, .3, .56, .64, .5,
                      1))),
          // 8: one line crossing itself, from two starts; two rings.
          List.of(
              style(
                  stroke(
                      .78, .12, .46, .0, .16, .14, .24, .36, .54, .5, .84, .7, .76, .94, .45, 1,
                      .12, .9, .16, .68, .5, .48, .8, .28, .76, .1)),
              style(
                  stroke(
                      .5, .46, .2, .28, .24, .06, .54, .0, .8, .12, .74, .34, .46, .5, .18, .68,
                      .14, .9, .46, 1, .8, .9, .82, .68, .5, .46)),
              style(
                  stroke(
                      .5, .0, .26, .07, .16, .23, .26, .39, .5, .46, .74, .39, .84, .23, .74, .07,
                      .47, .0),
                  stroke(
                      .5, .46, .22, .54, .1, .73, .22, .92, .5, 1, .78, .92, .9, .73, .78, .54, .48,
                      .46))),
          // 9: a straight leg; a leg that curls back; a slanted one.
          List.of(
              style(
                  stroke(
                      .82, .18, .52, .0, .18, .12, .12, .38, .38, .52, .7, .4, .83, .14, .83, .14,
                      .8, .56, .74, 1)),
              style(
                  stroke(
                      .8, .14, .5, .0, .18, .12, .14, .38, .42, .5, .74, .36, .82, .12, .82, .12,
                      .86, .52, .7, .9, .38, 1, .12, .9)),
              style(
                  stroke(
                      .86, .1, .56, .0, .24, .14, .2, .4, .46, .5, .74, .34, .86, .1, .86, .1, .68,
                      .5, .46, 1))));

  private DigitStrokes() {}

  /** The styles of a digit, 0 to 9. */
  static List<Style> stylesOf(int digit) {
    return STYLES.get(digit);
  }

  private static Style style(double[]... strokes) {
    return new Style(List.of(strokes));
  }

  private static double[] stroke(double... coordinates) {
    return coordinates;
  }
}
