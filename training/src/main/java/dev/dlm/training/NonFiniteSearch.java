package dev.dlm.training;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Variable.Role;
import dev.dlm.runtime.session.NonFinite;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.training.data.Batch;
import dev.dlm.training.data.BatchLoader;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the line of the model where a value first stopped being a finite number, after a loss has
 * turned out not to be one. If the step left the weights alone, it is run again and looked into.
 * Otherwise the run is repeated from its last saved state: it takes the same course again, and can
 * be looked into just before it goes wrong.
 */
final class NonFiniteSearch {
  private final Session session;
  private final StepRunner runner;

  NonFiniteSearch(Session session, StepRunner runner) {
    this.session = session;
    this.runner = runner;
  }

  /**
   * Looks into the failing step itself, on the weights as they are.
   *
   * @param batch the one it failed on
   */
  Optional<NonFinite> inPlace(Batch batch, StepRunner.BadLoss bad) {
    return variablesAreFinite() ? runner.runChecked(batch, bad.step()) : Optional.empty();
  }

  /**
   * Repeats steps, until one gives a variable or loss that is not finite, and looks into that.
   *
   * @param loader begins where the variables stand now
   * @param epoch of the last batch to repeat
   * @param index of the last batch to repeat
   */
  Optional<NonFinite> byRepeating(BatchLoader loader, long epoch, long index) {
    while (loader.advance()) {
      Batch batch = loader.batch();
      for (int step = 0; step < runner.countSteps(); step++) {
        Map<String, Tensor> before = session.variables().read(EnumSet.allOf(Role.class));
        if (runner.run(batch, step).isPresent() || !variablesAreFinite()) {
          session.variables().write(before);
          return runner.runChecked(batch, step);
        }
      }
      if (batch.epoch() == epoch && batch.index() == index) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean variablesAreFinite() {
    for (Tensor tensor : session.variables().read(EnumSet.allOf(Role.class)).values()) {
      if (tensor.dtype().isFloat()) {
        for (long i = 0; i < tensor.count(); i++) {
          if (!Double.isFinite(tensor.doubleAt(i))) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** What to tell the user. */
  static GraphException failure(
      StepRunner.BadLoss bad, long epoch, long index, Optional<NonFinite> origin, String saved) {
    String event =
        "training stopped: '%s' is %s at batch %d of epoch %d"
            .formatted(bad.loss(), bad.value(), index + 1, epoch + 1);
    if (origin.isEmpty()) {
      return new GraphException(
          Diagnostic.error("not-finite", event, Location.UNKNOWN).withHelp(saved));
    }
    NonFinite found = origin.get();
    return new GraphException(
        Diagnostic.error(
                "not-finite",
                "%s; the first infinite or NaN value is the result of the %s here"
                    .formatted(event, found.kernel()),
                found.location())
            .withHelp(
                "often the learning rate is too high, or a logarithm, root or quotient meets zero; "
                    + saved));
  }
}
