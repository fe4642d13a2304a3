package dev.dlm.samples.embedding;

import static java.util.Objects.requireNonNull;

import dev.dlm.runtime.Model;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A prediction service in small: loads a compiled model of digits, as {@code dlm compile
 * samples/mlp/mlp.dlm} makes it, and answers from many threads, each with as many images at a time
 * as it likes. Needs the jars of graph-ir, runtime, kernels-cpu and protobuf-java, and no compiler.
 */
public final class AnswerRequests {
  private static final int PIXELS = 784;

  private AnswerRequests() {}

  /** The most probable digit for each of the images. */
  public static int[] classify(Model model, float[] images) {
    int count = images.length / PIXELS;
    Tensor image = Tensor.of(images, count, PIXELS);
    Map<String, Tensor> outputs = model.predict(Map.of("image", image));
    Tensor probability = requireNonNull(outputs.get("probability"));
    int[] digits = new int[count];
    for (int i = 0; i < count; i++) {
      for (int digit = 1; digit < probability.size(1); digit++) {
        long row = i * probability.size(1);
        if (probability.doubleAt(row + digit) > probability.doubleAt(row + digits[i])) {
          digits[i] = digit;
        }
      }
    }
    return digits;
  }

  /**
   * Answers requests from several threads at once.
   *
   * @return the digits of each request, in the order of the requests
   */
  public static List<int[]> answer(Model model, List<float[]> requests, int threads)
      throws ExecutionException, InterruptedException {
    try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
      List<Future<int[]>> pending = new ArrayList<>();
      for (float[] images : requests) {
        pending.add(callers.submit(() -> classify(model, images)));
      }
      List<int[]> answers = new ArrayList<>();
      for (Future<int[]> answer : pending) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  /**
   * Answers a thousand requests of random images and tells how long it took.
   *
   * @param arguments the {@code .dlmc} file
   */
  public static void main(String[] arguments) throws ExecutionException, InterruptedException {
    var random = new Random(1);
    List<float[]> requests = new ArrayList<>();
    for (int request = 0; request < 1000; request++) {
      float[] images = new float[PIXELS * (1 + random.nextInt(8))];
      for (int i = 0; i < images.length; i++) {
        images[i] = random.nextFloat();
      }
      requests.add(images);
    }
    try (Model model = Model.load(Path.of(arguments[0]))) {
      int threads = Runtime.getRuntime().availableProcessors() * 4;
      long start = System.nanoTime();
      List<int[]> answers = answer(model, requests, threads);
      System.out.printf(
          "%d requests from %d threads in %.1f ms; the first says %d%n",
          answers.size(), threads, (System.nanoTime() - start) / 1e6, answers.getFirst()[0]);
    }
  }
}
