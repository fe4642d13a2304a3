package dev.dlm.cli.bench;

import dev.dlm.ir.TensorType;
import dev.dlm.plan.Program;
import dev.dlm.runtime.profile.Durations;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long runs of a signature took, from inputs in host memory to outputs in host memory.
 *
 * @param latencies one for each run of any caller
 * @param seconds from the first run's begin to the last one's end
 */
public record Measurement(Durations latencies, double seconds) {
  /**
   * How to measure.
   *
   * @param callers threads that run the signature again and again at the same time
   * @param warmUpSeconds in which runs do not count
   * @param seconds in which they do; each caller makes at least one run
   */
  public record Plan(int callers, double warmUpSeconds, double seconds) {}

  /** A call with its inputs given and memory for its outputs. */
  static Call call(Session session, String signature, Map<String, Tensor> inputs) {
    Call call = session.prepare(signature);
    inputs.forEach(call::input);
    for (Program.Port port : call.program().outputs()) {
      TensorType type = port.view().type();
      call.output(port.name(), Tensor.zeros(type.dtype(), call.outputSizes(port.name())).memory());
    }
    return call;
  }

  /** The size of each symbol for the given inputs. */
  public static Map<String, Long> sizes(
      Session session, String signature, Map<String, Tensor> inputs) {
    return call(session, signature, inputs).sizes();
  }

  /**
   * Measures.
   *
   * @param inputs one tensor for each input
   * @throws dev.dlm.diagnostic.GraphException as {@link Call#run}
   */
  public static Measurement take(
      Session session, String signature, Map<String, Tensor> inputs, Plan plan) {
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < plan.callers(); i++) {
      callers.add(new Caller(call(session, signature, inputs)));
    }
    atOnce(callers, plan.warmUpSeconds());
    callers.forEach(caller -> caller.latencies = new Durations());
    long begin = System.nanoTime();
    atOnce(callers, plan.seconds());
    double seconds = (System.nanoTime() - begin) * 1e-9;
    Durations all = new Durations();
    callers.forEach(caller -> all.addAll(caller.latencies));
    return new Measurement(all, seconds);
  }

  /** Lets callers run, one of them on this thread. */
  private static void atOnce(List<Caller> callers, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    callers.forEach(caller -> caller.end = end);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Caller::thread)) {
      List<Future<Boolean>> others =
          callers.subList(1, callers.size()).stream().map(threads::submit).toList();
      callers.get(0).call();
      for (Future<Boolean> other : others) {
        join(other);
      }
    }
  }

  private static void join(Future<Boolean> other) {
    try {
      other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while callers ran", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Runs by second. */
  public double runsPerSecond() {
    return latencies.count() / seconds;
  }

  /** One thread's runs. */
  private static final class Caller implements Callable<Boolean> {
    private final Call call;
    private Durations latencies = new Durations();
    private long end;

    private Caller(Call call) {
      this.call = call;
    }

    private static Thread thread(Runnable work) {
      return Thread.ofPlatform().daemon().name("dlm-caller").unstarted(work);
    }

    @Override
    public Boolean call() {
      long now = System.nanoTime();
      do {
        call.run();
        long done = System.nanoTime();
        latencies.add(done - now);
        now = done;
      } while (now < end);
      return true;
    }
  }
}
