package dev.dlm.samples.drawing;

import static java.util.Objects.requireNonNull;

import dev.dlm.ir.Graph;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The trained model {@code samples/digits/digits.dlm}, which says what an image shows. */
final class DigitReader implements AutoCloseable {
  private static final int BATCH = 100;

  private final Session session;

  private DigitReader(Session session) {
    this.session = session;
  }

  /**
   * Opens the model.
   *
   * @param model the file {@code digits.dlm}
   * @param weights a checkpoint of its training
   */
  static DigitReader open(Path model, Path weights) {
    return new DigitReader(DigitDrawer.session(model, "Digits", weights));
  }

  /** The digit that each image shows most likely. */
  int[] read(float[] images) {
    int count = images.length / DigitDrawer.PIXELS;
    int[] digits = new int[count];
    for (int first = 0; first < count; first += BATCH) {
      int end = Math.min(count, first + BATCH);
      float[] part =
          Arrays.copyOfRange(images, first * DigitDrawer.PIXELS, end * DigitDrawer.PIXELS);
      Tensor batch = Tensor.of(part, end - first, 1, 28, 28);
      float[] probability =
          requireNonNull(session.run(Graph.PREDICT, Map.of("image", batch)).get("probability"))
              .floats();
      for (int i = first; i < end; i++) {
        digits[i] = largest(probability, (i - first) * 10);
      }
    }
    return digits;
  }

  private static int largest(float[] probability, int from) {
    int best = 0;
    for (int digit = 1; digit < 10; digit++) {
      best = probability[from + digit] > probability[from + best] ? digit : best;
    }
    return best;
  }

  /** The part of the images that show what they are to show. */
  double accuracy(float[] images, int[] labels) {
    int[] digits = read(images);
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += digits[i] == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  @Override
  public void close() {
    session.close();
  }
}
