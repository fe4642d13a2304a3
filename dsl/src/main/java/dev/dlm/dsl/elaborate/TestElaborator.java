package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the graph of a test: what its expectations compare. */
final class TestElaborator {
  private TestElaborator() {}

  /** The test; empty if a mistake was found. */
  static Optional<ElaboratedTest> elaborate(
      Problems problems, Module module, Declaration.Test test) {
    Variables variables = new Variables();
    Run run = new Run(problems, variables, false);
    Expectations expectations = new Expectations();
    Frame frame =
        new Frame(run, module, Frame.Kind.TEST, new Scope(), Owner.root(), Optional.empty());
    frame.collectExpectations(expectations);
    new StatementRunner(frame).run(test.body());
    if (frame.hasFailed() || problems.any()) {
      return Optional.empty();
    }
    GraphBuilder graph = new GraphBuilder(test.title());
    Map<String, Value> outputs = new LinkedHashMap<>();
    List<ElaboratedTest.Expectation> listed = new ArrayList<>();
    for (Expectations.Expectation expectation : expectations.all()) {
      String prefix = "expect." + listed.size() + ".";
      outputs.put(prefix + "actual", expectation.actual());
      expectation.expected().ifPresent(value -> outputs.put(prefix + "expected", value));
      expectation.tolerance().ifPresent(value -> outputs.put(prefix + "tolerance", value));
      listed.add(
          new ElaboratedTest.Expectation(
              expectation.location(),
              prefix + "actual",
              expectation.expected().map(value -> prefix + "expected"),
              expectation.tolerance().map(value -> prefix + "tolerance")));
    }
    try {
      new InitializerElaborator(problems, variables).write(graph, false);
      run.trace().write(graph, ElaboratedTest.SIGNATURE, Set.of(), outputs, Map.of());
      return problems.any()
          ? Optional.empty()
          : Optional.of(
              new ElaboratedTest(
                  test.title(), test.span().in(module.file()), graph.build(), listed));
    } catch (GraphException e) {
      e.diagnostics().forEach(problems::report);
      return Optional.empty();
    }
  }
}
