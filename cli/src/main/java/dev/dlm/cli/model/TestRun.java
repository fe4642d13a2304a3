package dev.dlm.cli.model;

import dev.dlm.compiler.Compiler;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.dsl.elaborate.ElaboratedTest;
import dev.dlm.dsl.elaborate.ElaboratedTest.Expectation;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One run of a test that stands in a {@code .dlm} file. */
public final class TestRun {
  /** What free sizes are bound to. */
  private static final long SIZE = 8;

  private static final double RELATIVE_TOLERANCE = 1e-5;

  private final Map<String, Tensor> outputs;

  private TestRun(Map<String, Tensor> outputs) {
    this.outputs = outputs;
  }

  /**
   * Makes the test's models, runs it, and compares.
   *
   * @param seed of first weights and of inputs that the test does not give
   * @return what was not as expected, a diagnostic with code {@code test-failed} each
   */
  public static List<Diagnostic> of(ElaboratedTest test, SessionOptions options, long seed) {
    Plan plan = Compiler.compile(test.graph());
    try (Session session = Session.open(plan, options)) {
      if (plan.findProgram(Graph.INITIALIZE).isPresent()) {
        session.initialize(seed);
      }
      Map<String, Tensor> inputs = inputs(plan.program(ElaboratedTest.SIGNATURE), seed);
      TestRun run = new TestRun(session.run(ElaboratedTest.SIGNATURE, inputs));
      List<Diagnostic> failures = new ArrayList<>();
      test.expectations().forEach(expectation -> run.compare(expectation).ifPresent(failures::add));
      return failures;
    }
  }

  private static Map<String, Tensor> inputs(Program program, long seed) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    program.symbols().forEach(symbol -> sizes.put(symbol, SIZE));
    var random = new Random(seed);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Program.Port port : program.inputs()) {
      DType dtype = port.view().type().dtype();
      long[] shape =
          port.view().type().shape().dims().stream()
              .mapToLong(dim -> dim.evaluate(name -> sizes.getOrDefault(name, SIZE)))
              .toArray();
      TensorType type = TensorType.of(dtype, shape);
      inputs.put(
          port.name(),
          Tensor.from(
              dtype.isFloat()
                  ? HostTensor.ofDoubles(type, i -> random.nextDouble() - 0.5)
                  : HostTensor.ofLongs(type, i -> random.nextInt(2))));
    }
    return inputs;
  }

  private Optional<Diagnostic> compare(Expectation expectation) {
    Tensor actual = output(expectation.actual());
    Optional<Tensor> expected = expectation.expected().map(this::output);
    Optional<Tensor> tolerance = expectation.tolerance().map(this::output);
    for (long i = 0; i < actual.count(); i++) {
      double value = actual.doubleAt(i);
      if (expected.isEmpty()) {
        if (value == 0) {
          return Optional.of(failure(expectation, "this does not hold" + place(actual, i)));
        }
        continue;
      }
      double wanted = element(expected.get(), i);
      double allowed =
          tolerance.isPresent()
              ? element(tolerance.get(), i)
              : RELATIVE_TOLERANCE * Math.max(Math.abs(value), Math.abs(wanted));
      boolean same = value == wanted || Math.abs(value - wanted) <= allowed;
      if (!same) {
        return Optional.of(
            failure(
                expectation,
                "found %s, expected %s within %s%s"
                    .formatted(value, wanted, allowed, place(actual, i))));
      }
    }
    return Optional.empty();
  }

  /** An element, of a tensor that may be a single number for all. */
  private static double element(Tensor tensor, long index) {
    return tensor.doubleAt(tensor.count() == 1 ? 0 : index);
  }

  private static String place(Tensor tensor, long index) {
    return tensor.count() == 1 ? "" : ", element " + index;
  }

  private static Diagnostic failure(Expectation expectation, String message) {
    return Diagnostic.error("test-failed", message, expectation.location());
  }

  private Tensor output(String name) {
    Tensor found = outputs.get(name);
    if (found == null) {
      throw new IllegalStateException("the test has no output '" + name + "'");
    }
    return found;
  }
}
