package dev.dlm.samples.cartpole;

import static java.util.Objects.requireNonNull;

import dev.dlm.compiler.Compiler;
import dev.dlm.dsl.Dsl;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Deep Q-learning (Mnih et al., Nature 518, 2015) with a second network for the targets, whose
 * actions the first one chooses (van Hasselt, Guez, Silver, arXiv:1509.06461). The model is {@code
 * samples/cartpole/cartpole.dlm}; the loop, the environment and the memory are Java.
 */
public final class LearnCartpole implements AutoCloseable {
  private static final int BATCH = 64;
  private static final int MEMORY = 50_000;
  private static final int STEPS_BEFORE_LEARNING = 1_000;
  private static final int STEPS_OF_EXPLORING = 8_000;
  private static final double LEAST_EXPLORING = 0.02;
  private static final int STEPS_BETWEEN_TARGETS = 250;
  private static final float DISCOUNT = 0.99f;

  private final Session session;
  private final Session targets;
  private final Random random;
  private final Cartpole cartpole;
  private final ReplayMemory memory = new ReplayMemory(MEMORY);
  private int steps;

  /**
   * Compiles the model and gives its weights first values.
   *
   * @param model the file {@code cartpole.dlm}
   * @param seed for weights, environment and exploring; the same seed gives the same run
   */
  public LearnCartpole(Path model, long seed) {
    Plan plan = Compiler.compile(Dsl.elaborate(model).mainModel().orElseThrow().graph());
    session = Session.open(plan, SessionOptions.defaults());
    targets = Session.open(plan, SessionOptions.defaults());
    session.initialize(seed);
    targets.initialize(seed);
    random = new Random(seed);
    cartpole = new Cartpole(random);
  }

  /** Acts and learns for some steps of the environment. */
  public void learn(int count) {
    for (int i = 0; i < count; i++) {
      float[] before = cartpole.state();
      int action =
          random.nextDouble() < exploring() ? random.nextInt(Cartpole.ACTIONS) : best(before);
      cartpole.step(action);
      memory.add(before, action, cartpole.state(), cartpole.hasFailed());
      if (cartpole.isOver()) {
        cartpole.reset();
      }
      steps++;
      if (memory.count() >= STEPS_BEFORE_LEARNING) {
        improve(memory.draw(BATCH, random));
      }
      if (steps % STEPS_BETWEEN_TARGETS == 0) {
        targets.variables().write(session.variables().read(Set.of(Variable.Role.WEIGHT)));
      }
    }
  }

  private double exploring() {
    return Math.max(LEAST_EXPLORING, 1 - (double) steps / STEPS_OF_EXPLORING);
  }

  private void improve(ReplayMemory.Steps drawn) {
    float[] chosen = values(session, drawn.after());
    float[] worth = values(targets, drawn.after());
    float[] target = new float[BATCH];
    for (int i = 0; i < BATCH; i++) {
      int action = larger(chosen, i * Cartpole.ACTIONS);
      float later = drawn.failed()[i] ? 0 : DISCOUNT * worth[i * Cartpole.ACTIONS + action];
      target[i] = 1 + later;
    }
    session.run(
        Graph.TRAIN,
        Map.of(
            "state", Tensor.of(drawn.before(), BATCH, Cartpole.STATE),
            "action", Tensor.of(drawn.actions(), BATCH),
            "target", Tensor.of(target, BATCH)));
  }

  private int best(float[] state) {
    return larger(values(session, state), 0);
  }

  private static int larger(float[] values, int from) {
    return values[from + 1] > values[from] ? 1 : 0;
  }

  private static float[] values(Session session, float[] states) {
    Tensor tensor = Tensor.of(states, states.length / Cartpole.STATE, Cartpole.STATE);
    return requireNonNull(session.run(Graph.PREDICT, Map.of("state", tensor)).get("values"))
        .floats();
  }

  /** How many steps the pole stays up on average over episodes without exploring. */
  public double meanReturn(int episodes, long seed) {
    Cartpole trial = new Cartpole(new Random(seed));
    long sum = 0;
    for (int episode = 0; episode < episodes; episode++) {
      trial.reset();
      while (!trial.isOver()) {
        trial.step(best(trial.state()));
      }
      sum += trial.steps();
    }
    return (double) sum / episodes;
  }

  @Override
  public void close() {
    session.close();
    targets.close();
  }

  /**
   * Learns until the pole stays up, and says how it goes.
   *
   * @param arguments the model's file, then a seed (1)
   */
  public static void main(String[] arguments) {
    Path model = Path.of(arguments.length > 0 ? arguments[0] : "samples/cartpole/cartpole.dlm");
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    long start = System.nanoTime();
    try (LearnCartpole learner = new LearnCartpole(model, seed)) {
      double mean = 0;
      for (int steps = 0; steps < 60_000 && mean < 475; steps += 2_000) {
        learner.learn(2_000);
        mean = learner.meanReturn(20, 1_000);
        System.out.printf("%6d steps: mean return %.1f%n", steps + 2_000, mean);
      }
      System.out.printf("after %.0f s, over 100 episodes:%n", (System.nanoTime() - start) * 1e-9);
      System.out.printf("mean_return %.1f%n", learner.meanReturn(100, 2_000));
    }
  }
}
