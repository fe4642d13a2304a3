package dev.dlm.cli.bench;

import dev.dlm.runtime.device.StepObserver;
import dev.dlm.runtime.profile.Profile;
import dev.dlm.runtime.profile.Trace;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** Measures the steps of a signature, one caller running it. */
public final class StepMeasurement {
  private StepMeasurement() {}

  /**
   * Measures. Runs of the first half of the time warm up and count neither in the profile nor in
   * the trace.
   *
   * @param inputs one tensor for each input
   * @param trace also told of the runs that count
   * @throws dev.dlm.diagnostic.GraphException as {@link Call#run}
   */
  public static Profile take(
      Session session,
      String signature,
      Map<String, Tensor> inputs,
      double seconds,
      Optional<Trace> trace) {
    Call call = Measurement.call(session, signature, inputs);
    Map<String, Long> sizes = call.sizes();
    run(call, Profile.of(call.program(), sizes), seconds / 2);
    Profile profile = Profile.of(call.program(), sizes);
    run(
        call,
        trace
            .map(into -> profile.and(into.observe(call.program(), sizes)))
            .orElse((StepObserver) profile),
        seconds / 2);
    return profile;
  }

  private static void run(Call call, StepObserver observer, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      call.runObserved(observer);
    } while (System.nanoTime() < end);
  }
}
