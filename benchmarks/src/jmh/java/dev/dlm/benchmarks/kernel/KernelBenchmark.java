package dev.dlm.benchmarks.kernel;

import dev.dlm.compiler.Compiler;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a kernel takes on one thread, with vectors and, in a JVM without them, as scalar code.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 6, time = 1)
public class KernelBenchmark {
  private static final String ACCESS = "--enable-native-access=ALL-UNNAMED";
  private static final String LEAST_HEAP = "-Xms1g";
  private static final String MOST_HEAP = "-Xmx1g";
  private static final String COLLECTOR = "-XX:+UseSerialGC";

  /** Sums of up to 576 terms of size 1 in single precision. */
  private static final double TOLERANCE = 1e-4;

  @Param public Kernel kernel = Kernel.PRODUCT;

  /** Opened anew by {@link #open()}, as soon as JMH has chosen the kernel. */
  private Session session = open(kernel);

  private Call call = session.prepare(Graph.PREDICT);

  private static Session open(Kernel kernel) {
    Graph graph =
        Dsl.elaborate("kernel.dlm", Sources.of(Map.of("kernel.dlm", kernel.model())))
            .models()
            .getFirst()
            .graph();
    Plan plan = Compiler.compile(graph).restrictedTo(List.of(Graph.PREDICT));
    return Session.open(plan, SessionOptions.defaults().withThreads(1));
  }

  /** Opens a session, and makes sure that it computes what it should. */
  @Setup
  public void open() {
    session.close();
    session = open(kernel);
    Map<String, float[]> elements = new HashMap<>();
    Map<String, Tensor> weights = new HashMap<>();
    for (Variable variable : session.variables().declared()) {
      long[] sizes = variable.type().shape().asLongs();
      int count = Math.toIntExact(variable.type().shape().count().asLong());
      elements.put(variable.name(), Kernel.elements(variable.name(), count));
      weights.put(variable.name(), Tensor.of(Kernel.elements(variable.name(), count), sizes));
    }
    session.variables().write(weights);
    call = session.prepare(Graph.PREDICT);
    double found = session.run(Graph.PREDICT, Map.of()).values().iterator().next().doubleAt(0);
    double expected = kernel.firstElement(elements);
    if (!(Math.abs(found - expected) <= TOLERANCE)) {
      throw new IllegalStateException("expected %s, found %s".formatted(expected, found));
    }
  }

  @TearDown
  public void close() {
    session.close();
  }

  /** The kernel as it runs with the Vector API. */
  @Benchmark
  @Fork(
      value = 3,
      jvmArgs = {"--add-modules", "jdk.incubator.vector", ACCESS, LEAST_HEAP, MOST_HEAP, COLLECTOR})
  public void vector() {
    call.run();
  }

  /** Its scalar twin, which gives the same bits. */
  @Benchmark
  @Fork(
      value = 3,
      jvmArgs = {ACCESS, LEAST_HEAP, MOST_HEAP, COLLECTOR})
  public void scalar() {
    call.run();
  }
}
