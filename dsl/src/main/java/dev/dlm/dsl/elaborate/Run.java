package dev.dlm.dsl.elaborate;

import dev.dlm.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What all code of one pass over a model shares. */
final class Run {
  /** Calls within calls; more than that is a layer or function that never ends making itself. */
  static final int MAXIMUM_CALL_DEPTH = 60;

  private static final long MAXIMUM_STATEMENTS = 2_000_000;

  /** Where random numbers come from. */
  record RandomStream(TracedValue seed, TracedValue counter) {
    /** The seed in the body that is traced now: each of its iterations has its own. */
    Value seedHere() {
      return seed.trace().current().seed(seed.body(), seed.value());
    }
  }

  private final Problems problems;
  private final Variables variables;
  private final Trace trace = new Trace();
  private final boolean training;
  private final Map<String, Integer> randomSites = new HashMap<>();
  private Optional<RandomStream> random = Optional.empty();
  private long statements;

  Run(Problems problems, Variables variables, boolean training) {
    this.problems = problems;
    this.variables = variables;
    this.training = training;
  }

  Problems problems() {
    return problems;
  }

  Variables variables() {
    return variables;
  }

  Trace trace() {
    return trace;
  }

  /** Whether this pass makes the graph of a training step. */
  boolean training() {
    return training;
  }

  Optional<RandomStream> random() {
    return random;
  }

  void useRandom(RandomStream stream) {
    random = Optional.of(stream);
  }

  /** A name for the next random numbers drawn below {@code path}, no other draw's. */
  String randomSite(String path) {
    return path + "#" + randomSites.merge(path, 1, Integer::sum);
  }

  /** Counts a statement; false when there have been so many that the file seems not to end. */
  boolean countStatement() {
    statements++;
    return statements <= MAXIMUM_STATEMENTS;
  }
}
