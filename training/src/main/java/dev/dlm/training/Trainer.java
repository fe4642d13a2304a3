package dev.dlm.training;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Program;
import dev.dlm.runtime.profile.Trace;
import dev.dlm.runtime.session.NonFinite;
import dev.dlm.runtime.session.Session;
import dev.dlm.training.data.Batch;
import dev.dlm.training.data.BatchLoader;
import dev.dlm.training.data.DataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a model as its recipe says: epochs over shuffled batches, validation after each epoch,
 * checkpoints.
 *
 * <pre>{@code
 * try (Session session = Session.open(plan, SessionOptions.defaults())) {
 *   Trainer trainer = new Trainer(session, recipe, data, Optional.of(validation), options);
 *   TrainingResult result = trainer.run(TrainingListener.NONE);
 * }
 * }</pre>
 *
 * <p>The weights follow from plan, recipe, data and seed alone: not from the number of threads, nor
 * from when and how often the run was interrupted and resumed. The final weights are those after
 * the last step; those of the best epoch are saved beside them ({@link TrainingFolder}).
 *
 * <p>A trainer runs once. {@link #requestStop} may be called from any thread.
 */
public final class Trainer {
  private final Session session;
  private final TrainingRecipe recipe;
  private final DataSource data;
  private final TrainingOptions options;
  private final int epochs;
  private final int batchSize;
  private final InputFeed feed;
  private final Optional<Evaluator> evaluator;
  private final Optional<TrainingFolder> folder;
  private final MetricWatch watch;
  private final MetricSums sums = new MetricSums();
  private final long batchesPerEpoch;
  private final StepRunner runner;
  private Map<String, Double> train = Map.of();
  private Map<String, Double> validation = Map.of();
  private long seed;
  private long savedNanos;
  private boolean hasSaved;
  private volatile boolean stopRequested;

  /**
   * @param session its variables are given their values by {@link #run}
   * @param data what feeds the inputs of the recipe's data clause, in order
   * @param validationData what feeds those of its validation clause; without it nothing is
   *     validated
   * @throws GraphException with code {@code unknown-signature}, {@code unknown-metric}, or {@code
   *     data-mismatch} if data and model do not go together or a batch is larger than the data, or
   *     {@code memory-limit} if training or validation takes more memory than is allowed
   */
  public Trainer(
      Session session,
      TrainingRecipe recipe,
      DataSource data,
      Optional<DataSource> validationData,
      TrainingOptions options) {
    this.session = session;
    this.recipe = recipe;
    this.data = data;
    this.options = options;
    this.epochs = options.epochs().orElse(recipe.epochs());
    this.batchSize = options.batch().orElse(recipe.batch());
    if (batchSize > data.countExamples()) {
      throw new GraphException(
          Diagnostic.error(
              "data-mismatch",
              "the batch of %d examples is larger than the data, which hold %d"
                  .formatted(batchSize, data.countExamples()),
              recipe.data().location()));
    }
    List<Program> programs = new ArrayList<>();
    recipe.steps().forEach(name -> programs.add(session.plan().program(name)));
    this.feed = new InputFeed(recipe.data(), data, programs);
    programs.forEach(
        program -> session.requireMemory(program.name(), feed.sizes(program, batchSize)));
    this.evaluator =
        validationData.map(source ->
            new Evaluator(
                session,
                recipe.validation().orElse(recipe.data()),
                source,
                batchSize,
                options.maxBatches()));
    this.folder = options.out().map(out -> new TrainingFolder(out, session.variables()));
    this.watch = MetricWatch.of(session.plan(), recipe.stop());
    long whole = data.countExamples() / batchSize;
    boolean hasRest = data.countExamples() % batchSize > 0 && !recipe.dropRemainder();
    this.batchesPerEpoch =
        Math.min(whole + (hasRest ? 1 : 0), options.maxBatches().orElse(Long.MAX_VALUE));
    this.runner =
        new StepRunner(session, recipe.steps(), feed, Math.multiplyExact(epochs, batchesPerEpoch));
  }

  /** Asks the run to end after the current batch and to save its state. */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Tells a trace when the steps of the first batches begin and end; to be called before the run.
   *
   * @param batches how many are traced
   */
  public void trace(Trace trace, long batches) {
    runner.trace(new StepTracing(trace, batches * runner.countSteps()));
  }

  /**
   * Trains.
   *
   * @throws GraphException with code {@code not-finite} if a loss is infinite or NaN, at the line
   *     of the model where it began; {@code file-write} if saving fails, the files of before being
   *     intact; {@code resume-mismatch}, {@code checkpoint-invalid}, {@code checkpoint-mismatch} if
   *     the saved state is of another run; and for data that cannot be read
   */
  public TrainingResult run(TrainingListener listener) {
    folder.ifPresent(TrainingFolder::create);
    Optional<TrainingState> saved = begin();
    int epoch = saved.map(TrainingState::epoch).orElse(0);
    long batch = saved.map(TrainingState::batch).orElse(0L);
    saved.ifPresent(this::restore);
    listener.started(
        new TrainingStart(
            recipe.model(),
            epochs,
            batchesPerEpoch,
            batchSize,
            data.countExamples(),
            seed,
            epoch,
            batch,
            session.deviceDescription()));
    savedNanos = System.nanoTime();
    while (epoch < epochs && !(batch == 0 && watch.hasStalled(epoch))) {
      Optional<TrainingResult> interrupted = runEpoch(epoch, batch, listener);
      if (interrupted.isPresent()) {
        return interrupted.get();
      }
      epoch++;
      batch = 0;
    }
    return result(
        epoch < epochs ? TrainingResult.Outcome.STALLED : TrainingResult.Outcome.COMPLETED, epoch);
  }

  /** Gives the variables the values from which the run begins, or goes on. */
  private Optional<TrainingState> begin() {
    Optional<TrainingState> saved =
        options.resume() ? folder.flatMap(TrainingFolder::load) : Optional.empty();
    if (saved.isPresent()) {
      checkSameRun(saved.get());
      seed = saved.get().seed();
      hasSaved = true;
    } else {
      seed = options.seed().orElse(TrainingOptions.DEFAULT_SEED);
      session.initialize(seed);
    }
    return saved;
  }

  private void checkSameRun(TrainingState saved) {
    List<Diagnostic> problems = new ArrayList<>();
    difference(problems, "the model", saved.model(), recipe.model());
    difference(problems, "the seed", saved.seed(), options.seed().orElse(saved.seed()));
    difference(problems, "the batch size", saved.batchSize(), batchSize);
    difference(problems, "the number of training examples", saved.examples(), data.countExamples());
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
  }

  private void difference(List<Diagnostic> problems, String what, Object before, Object now) {
    if (!before.equals(now)) {
      problems.add(
          Diagnostic.error(
                  "resume-mismatch",
                  "%s was %s in the run to go on with, now it is %s".formatted(what, before, now),
                  Location.UNKNOWN)
              .withHelp("begin anew, or in another folder, or resume as it was begun"));
    }
  }

  private void restore(TrainingState saved) {
    sums.restore(saved.sums(), saved.sumExamples());
    watch.restore(saved.best());
    train = saved.train();
    validation = saved.validation();
  }

  private Optional<TrainingResult> runEpoch(int epoch, long firstBatch, TrainingListener listener) {
    long startNanos = System.nanoTime();
    long next = firstBatch;
    try (BatchLoader loader = loader(epoch, firstBatch, epoch + 1L)) {
      while (next < batchesPerEpoch && loader.advance()) {
        Batch batch = loader.batch();
        Optional<StepRunner.BadLoss> bad = runner.run(batch);
        if (bad.isPresent()) {
          throw failure(batch, bad.get());
        }
        sums.add(runner.values(), batch.countExamples());
        next++;
        listener.step(
            new StepReport(
                epoch,
                batch.index(),
                batchesPerEpoch,
                batch.countExamples(),
                new LinkedHashMap<>(runner.values())));
        if (next < batchesPerEpoch && (stopRequested || isTimeToSave(next))) {
          save(epoch, next, listener);
          if (stopRequested) {
            return Optional.of(result(TrainingResult.Outcome.INTERRUPTED, epoch));
          }
        }
      }
    }
    finishEpoch(epoch, (System.nanoTime() - startNanos) * 1e-9, listener);
    return stopRequested && epoch + 1 < epochs
        ? Optional.of(result(TrainingResult.Outcome.INTERRUPTED, epoch + 1))
        : Optional.empty();
  }

  private void finishEpoch(int epoch, double seconds, TrainingListener listener) {
    train = sums.means();
    boolean isBest = false;
    if (evaluator.isPresent()) {
      validation =
          evaluator.get().evaluate((index, batches) -> listener.validating(epoch, index, batches));
      isBest = watch.observe(epoch, validation);
    }
    sums.clear();
    if (isBest) {
      // First, so that the state never speaks of a best epoch whose weights were not saved.
      folder.ifPresent(out -> out.saveBest(state(epoch + 1, 0)));
    }
    save(epoch + 1, 0, listener);
    listener.epoch(new EpochReport(epoch, train, validation, seconds, isBest));
  }

  private boolean isTimeToSave(long batch) {
    return (options.saveSteps().isPresent() && batch % options.saveSteps().getAsLong() == 0)
        || System.nanoTime() - savedNanos >= options.saveInterval().toNanos();
  }

  private void save(int epoch, long batch, TrainingListener listener) {
    if (folder.isPresent()) {
      folder.get().save(state(epoch, batch));
      savedNanos = System.nanoTime();
      hasSaved = true;
      listener.saved(folder.get().folder());
    }
  }

  private TrainingState state(int epoch, long batch) {
    return new TrainingState(
        recipe.model(),
        seed,
        epoch,
        batch,
        batchSize,
        data.countExamples(),
        sums.sums(),
        sums.examples(),
        train,
        validation,
        watch.best());
  }

  private BatchLoader loader(long epoch, long batch, long endEpoch) {
    BatchLoader.Options order =
        BatchLoader.Options.shuffled(batchSize, seed)
            .keepingPartial(!recipe.dropRemainder())
            .from(epoch, batch)
            .until(endEpoch);
    return BatchLoader.start(data, feed.loaderInputs(), order);
  }

  private GraphException failure(Batch batch, StepRunner.BadLoss bad) {
    long epoch = batch.epoch();
    long index = batch.index();
    NonFiniteSearch search = new NonFiniteSearch(session, runner);
    Optional<NonFinite> origin = search.inPlace(batch, bad);
    Optional<TrainingState> saved = Optional.empty();
    if (origin.isEmpty()) {
      // What lies in the folder may also be of an earlier run that this one has not replaced yet.
      saved = hasSaved ? folder.flatMap(TrainingFolder::load) : Optional.empty();
      if (saved.isEmpty()) {
        session.initialize(seed);
      }
      long fromEpoch = saved.map(TrainingState::epoch).orElse(0);
      long fromBatch = saved.map(TrainingState::batch).orElse(0L);
      for (long e = fromEpoch; e <= epoch && origin.isEmpty(); e++) {
        long first = e == fromEpoch ? fromBatch : 0;
        long last = e == epoch ? index : batchesPerEpoch - 1;
        try (BatchLoader loader = loader(e, first, e + 1)) {
          origin = search.byRepeating(loader, e, last);
        }
      }
    }
    return NonFiniteSearch.failure(bad, epoch, index, origin, kept());
  }

  private String kept() {
    return folder
        .filter(out -> hasSaved)
        .map(out -> "the weights last saved in '%s' are from before".formatted(out.folder()))
        .orElse("nothing was saved");
  }

  private TrainingResult result(TrainingResult.Outcome outcome, int epochsDone) {
    Optional<Path> weights = folder.map(TrainingFolder::weights);
    return new TrainingResult(outcome, epochsDone, train, validation, watch.best(), weights);
  }
}
