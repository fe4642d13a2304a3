package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import java.util.List;
import java.util.Optional;

/**
 * A {@code test} block as a graph with the signatures {@code initialize} and {@value #SIGNATURE}.
 * The inputs of models in it are inputs of the signature, under their names. Immutable.
 */
public record ElaboratedTest(
    String title, Location location, Graph graph, List<Expectation> expectations) {
  /** The signature that computes what the expectations compare. */
  public static final String SIGNATURE = "test";

  public ElaboratedTest {
    expectations = List.copyOf(expectations);
  }

  /**
   * One comparison, of outputs of the signature by name: every element of {@code actual} is true,
   * or within {@code tolerance} of {@code expected}; without a tolerance, within {@code 1e-5}
   * relative to the larger of them.
   */
  public record Expectation(
      Location location, String actual, Optional<String> expected, Optional<String> tolerance) {}
}
