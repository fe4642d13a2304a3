package dev.dlm.training;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.training.data.Batch;
import dev.dlm.training.data.BatchLoader;
import dev.dlm.training.data.DataSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Measures losses and metrics of a model on data: means over all examples, each batch counting by
 * its examples, the last and smaller one too. Used by one thread at a time.
 */
public final class Evaluator {
  private final DataSource data;
  private final int batch;
  private final OptionalLong maxBatches;
  private final InputFeed feed;
  private final InputFeed.Binding binding;
  private final Call call;
  private final ScalarOutputs outputs;

  /** Hears of the progress. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A batch was measured.
     *
     * @param index from zero
     */
    void measured(long index, long batches);
  }

  /**
   * @param clause which inputs the columns of the data feed
   * @param batch examples measured at once; the result does not depend on it but for rounding
   * @param maxBatches batches after which to stop
   * @throws GraphException with code {@code unknown-signature} if the model has nothing to measure,
   *     {@code data-mismatch} if the data do not fit its inputs, or {@code memory-limit} if a batch
   *     takes more memory than is allowed
   */
  public Evaluator(
      Session session,
      TrainingRecipe.DataClause clause,
      DataSource data,
      int batch,
      OptionalLong maxBatches) {
    this.data = data;
    this.batch = batch;
    this.maxBatches = maxBatches;
    this.call = session.prepare(Graph.EVALUATE);
    this.feed = new InputFeed(clause, data, List.of(call.program()));
    session.requireMemory(Graph.EVALUATE, feed.sizes(call.program(), batch));
    this.binding = feed.bind(call);
    this.outputs = new ScalarOutputs(call);
  }

  /**
   * Measures all scalar outputs.
   *
   * @return means by name, in the order of the signature
   * @throws GraphException if the data cannot be read
   */
  public Map<String, Double> evaluate(Progress progress) {
    MetricSums sums = new MetricSums();
    Map<String, Double> values = new LinkedHashMap<>();
    BatchLoader.Options options = BatchLoader.Options.sequential(batch);
    try (BatchLoader loader = BatchLoader.start(data, feed.loaderInputs(), options)) {
      long batches = Math.min(loader.batchesPerEpoch(), maxBatches.orElse(Long.MAX_VALUE));
      for (long index = 0; index < batches && loader.advance(); index++) {
        Batch current = loader.batch();
        binding.give(current);
        call.run();
        outputs.readInto(values);
        sums.add(values, current.countExamples());
        progress.measured(index, batches);
      }
    }
    return sums.means();
  }
}
