package dev.dlm.samples.drawing;

import dev.dlm.cli.io.TensorFile;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws digits with a trained sample, saves some as an image file, and measures how many of all the
 * trained model {@code digits} recognizes.
 */
public final class DrawDigits {
  private static final int DIGITS = 10;
  private static final int OF_EACH = 100;
  private static final int SHOWN = 100;

  private DrawDigits() {}

  /**
   * Draws as many images of each digit; of a model that cannot be told what to draw, as many in
   * all.
   *
   * @param drawer the model {@code Draw} of this file draws
   * @param weights what the training of the drawer left
   * @param seed for the noise
   * @return one image after the other, the digits 0 to 9 in turn; gray values in [0, 1]
   */
  public static float[] draw(Path drawer, Path weights, int ofEach, long seed) {
    try (DigitDrawer drawing = DigitDrawer.open(drawer, weights)) {
      return drawing.draw(labels(DIGITS * ofEach), new Random(seed));
    }
  }

  private static int[] labels(int count) {
    return IntStream.range(0, count).map(i -> i % DIGITS).toArray();
  }

  /** Saves images as one PNG file, in rows and columns. */
  public static void save(float[] images, int count, Path picture) {
    float[] shown = Arrays.copyOf(images, count * DigitDrawer.PIXELS);
    TensorFile.write(picture, Tensor.of(shown, count, 1, 28, 28));
  }

  /**
   * The part of drawn images in which the digit is recognized that they were to show.
   *
   * @param images as {@link #draw} gives them
   * @param reader the file {@code digits.dlm}
   * @param weights what its training left
   */
  public static double accuracy(float[] images, Path reader, Path weights) {
    try (DigitReader reading = DigitReader.open(reader, weights)) {
      return reading.accuracy(images, labels(images.length / DigitDrawer.PIXELS));
    }
  }

  /**
   * Draws 100 images of each digit, saves the first 10 of each, and measures.
   *
   * @param arguments the drawing sample's file and its weights, the image file; to measure, also
   *     {@code digits.dlm} and its weights
   */
  public static void main(String[] arguments) {
    if (arguments.length != 3 && arguments.length != 5) {
      throw new IllegalArgumentException(
          "takes a drawing sample's file and weights, an image file, digits.dlm and its weights");
    }
    float[] images = draw(Path.of(arguments[0]), Path.of(arguments[1]), OF_EACH, 1);
    save(images, SHOWN, Path.of(arguments[2]));
    if (arguments.length == 5) {
      System.out.printf(
          "recognized %.3f%n", accuracy(images, Path.of(arguments[3]), Path.of(arguments[4])));
    }
  }
}
