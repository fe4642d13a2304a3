package dev.dlm.samples.small;

import dev.dlm.ir.Graph;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.proto.PlanCodec;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains compiled models for a few steps with one, two and three threads, and prints a hash over
 * outputs and variables for each.
 */
final class BitsOfModels {
  /** How a line of hashes begins. */
  static final String HASHES = "hashes: ";

  private static final int STEPS = 4;
  private static final int BATCH = 37;
  private static final int MOST_THREADS = 3;

  /**
   * Time for which a model is trained before, so that loops run as vector code where they can,
   * which begins a while after they are first used.
   */
  private static final long WARM_UP_NANOS = 250_000_000;

  private BitsOfModels() {}

  /**
   * Prints lines of a model's name and the hashes for rising numbers of threads, the last line
   * being how the device computes.
   *
   * @param arguments a folder of plans
   */
  public static void main(String[] arguments) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
      files = all.sorted().toList();
    }
    String device = "";
    for (Path file : files) {
      Plan plan = PlanCodec.decode(Files.readAllBytes(file));
      StringBuilder line = new StringBuilder(HASHES).append(file.getFileName());
      for (int threads = 1; threads <= MOST_THREADS; threads++) {
        SessionOptions options = SessionOptions.defaults().withThreads(threads);
        try (Session session = Session.open(plan, options)) {
          device = session.deviceDescription();
          if (threads == 1) {
            warmUp(session);
          }
          line.append(' ').append(hash(session));
        }
      }
      System.out.println(line);
    }
    System.out.println("device: " + device);
  }

  private static void warmUp(Session session) {
    session.initialize(1);
    Map<String, Tensor> inputs = SmallModels.inputs(session.plan().program(Graph.TRAIN), BATCH);
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP_NANOS) {
      session.run(Graph.TRAIN, inputs);
    }
  }

  private static String hash(Session session) {
    session.initialize(7);
    Map<String, Tensor> inputs = SmallModels.inputs(session.plan().program(Graph.TRAIN), BATCH);
    MessageDigest digest = digest();
    for (int step = 0; step < STEPS; step++) {
      update(digest, session.run(Graph.TRAIN, inputs));
    }
    Map<String, Tensor> seen = SmallModels.inputs(session.plan().program(Graph.EVALUATE), BATCH);
    update(digest, session.run(Graph.EVALUATE, seen));
    update(digest, session.variables().read(EnumSet.allOf(Variable.Role.class)));
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, Map<String, Tensor> tensors) {
    tensors
        .values()
        .forEach(tensor -> digest.update(tensor.memory().toArray(ValueLayout.JAVA_BYTE)));
  }
}
