package dev.dlm.training;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a run stands, beside the values of its variables. Immutable.
 *
 * @param epoch the epoch to go on in, from zero; as many as there are when the run is complete
 * @param batch the batch to go on with, from zero
 * @param batchSize examples a step
 * @param examples of the training data
 * @param sums of the epoch so far, by name
 * @param sumExamples examples in the sums
 * @param train means over the last finished epoch
 * @param validation means of the last validation
 */
record TrainingState(
    String model,
    long seed,
    int epoch,
    long batch,
    int batchSize,
    long examples,
    Map<String, Double> sums,
    long sumExamples,
    Map<String, Double> train,
    Map<String, Double> validation,
    Optional<TrainingResult.Best> best) {
  private static final String FORMAT = "dlm training state 1";

  /** This state as free text of a checkpoint. */
  Map<String, String> toMetadata() {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    metadata.put("model", model);
    metadata.put("seed", Long.toString(seed));
    metadata.put("epoch", Integer.toString(epoch));
    metadata.put("batch", Long.toString(batch));
    metadata.put("batch_size", Integer.toString(batchSize));
    metadata.put("examples", Long.toString(examples));
    metadata.put("sums", MetricSums.encode(sums));
    metadata.put("sum_examples", Long.toString(sumExamples));
    metadata.put("train", MetricSums.encode(train));
    metadata.put("validation", MetricSums.encode(validation));
    best.ifPresent(found -> {
      metadata.put("best", MetricSums.encode(Map.of(found.metric(), found.value())));
      metadata.put("best_epoch", Integer.toString(found.epoch()));
    });
    return metadata;
  }

  /**
   * Reads what {@link #toMetadata} wrote.
   *
   * @throws IllegalArgumentException if it is something else; the message says what
   */
  static TrainingState fromMetadata(Map<String, String> metadata) {
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new IllegalArgumentException(
          "its format is '%s', expected '%s'"
              .formatted(metadata.getOrDefault("format", ""), FORMAT));
    }
    return new TrainingState(
        text(metadata, "model"),
        number(metadata, "seed"),
        Math.toIntExact(number(metadata, "epoch")),
        number(metadata, "batch"),
        Math.toIntExact(number(metadata, "batch_size")),
        number(metadata, "examples"),
        MetricSums.decode(text(metadata, "sums")),
        number(metadata, "sum_examples"),
        MetricSums.decode(text(metadata, "train")),
        MetricSums.decode(text(metadata, "validation")),
        best(metadata));
  }

  private static Optional<TrainingResult.Best> best(Map<String, String> metadata) {
    if (!metadata.containsKey("best")) {
      return Optional.empty();
    }
    Map.Entry<String, Double> best =
        MetricSums.decode(text(metadata, "best")).entrySet().iterator().next();
    return Optional.of(
        new TrainingResult.Best(
            best.getKey(), best.getValue(), Math.toIntExact(number(metadata, "best_epoch"))));
  }

  private static String text(Map<String, String> metadata, String name) {
    String value = metadata.get(name);
    if (value == null) {
      throw new IllegalArgumentException("it lacks '" + name + "'");
    }
    return value;
  }

  private static long number(Map<String, String> metadata, String name) {
    try {
      return Long.parseLong(text(metadata, name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("its '" + name + "' is no number", e);
    }
  }
}
