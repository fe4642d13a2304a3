package dev.dlm.training;

import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.NonFinite;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.training.data.Batch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the training signatures of a recipe on a batch. Used by one thread. */
final class StepRunner {
  private record Step(
      Call call, InputFeed.Binding feed, ScalarOutputs outputs, Optional<String> loss) {}

  /**
   * A loss that is not a finite number.
   *
   * @param step which of the recipe's signatures gave it
   */
  record BadLoss(int step, String loss, double value) {}

  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Double> values = new LinkedHashMap<>();
  private Optional<StepTracing> tracing = Optional.empty();

  StepRunner(Session session, List<String> signatures, InputFeed feed, long totalSteps) {
    Tensor total = Tensor.of(new long[] {totalSteps});
    for (String signature : signatures) {
      Call call = session.prepare(signature);
      for (Program.Port port : call.program().inputs()) {
        if (port.name().equals(TrainingRecipe.TOTAL_STEPS_INPUT)) {
          call.input(port.name(), total);
        }
      }
      Optional<String> loss =
          call.program().outputs().stream()
              .filter(port -> port.view().type().rank() == 0)
              .map(Program.Port::name)
              .findFirst();
      steps.add(new Step(call, feed.bind(call), new ScalarOutputs(call), loss));
    }
  }

  /** Traces the runs that come now. */
  void trace(StepTracing runs) {
    tracing = Optional.of(runs);
  }

  /** The number of signatures. */
  int countSteps() {
    return steps.size();
  }

  /**
   * Trains on a batch.
   *
   * @return the first loss that is not finite, after which no further signature ran
   */
  Optional<BadLoss> run(Batch batch) {
    values.clear();
    for (int i = 0; i < steps.size(); i++) {
      Optional<BadLoss> bad = run(batch, i);
      if (bad.isPresent()) {
        return bad;
      }
    }
    return Optional.empty();
  }

  /** Runs one of the signatures on a batch. */
  Optional<BadLoss> run(Batch batch, int index) {
    Step step = steps.get(index);
    step.feed.give(batch);
    if (tracing.isPresent()) {
      tracing.get().run(step.call);
    } else {
      step.call.run();
    }
    step.outputs.readInto(values);
    if (step.loss.isPresent()) {
      double loss = values.getOrDefault(step.loss.get(), 0.0);
      if (!Double.isFinite(loss)) {
        return Optional.of(new BadLoss(index, step.loss.get(), loss));
      }
    }
    return Optional.empty();
  }

  /** Runs one of the signatures on a batch, looking for the first value that is not finite. */
  Optional<NonFinite> runChecked(Batch batch, int index) {
    Step step = steps.get(index);
    step.feed.give(batch);
    return step.call.runChecked();
  }

  /** The scalar outputs of the last batch; changes with the next one. */
  Map<String, Double> values() {
    return values;
  }
}
