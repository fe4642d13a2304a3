package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.DataFolder;
import dev.dlm.cli.model.DeviceChoice;
import dev.dlm.cli.model.FittedPlan;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.plot.TrainingPlot;
import dev.dlm.cli.progress.Metrics;
import dev.dlm.cli.progress.TrainingReporter;
import dev.dlm.cli.progress.TrainingTrace;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.profile.Trace;
import dev.dlm.runtime.session.Session;
import dev.dlm.training.Trainer;
import dev.dlm.training.TrainingFolder;
import dev.dlm.training.TrainingListener;
import dev.dlm.training.TrainingOptions;
import dev.dlm.training.TrainingResult;
import dev.dlm.training.recipe.RecipeData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dlm train}: trains a model as its train block says. */
@Command(
    name = "train",
    header = "Train a model as its train block says.",
    description = {
      "After each epoch, and every 30 seconds, the folder given with --out holds"
          + " weights.safetensors, the weights; best.safetensors, those of the best epoch; and"
          + " training.safetensors, from which --resume goes on, bit for bit. Ctrl-C saves and"
          + " ends with exit code 130.",
      "",
      "The same file, data and seed give the same weights, on any number of threads."
    },
    footer = {
      "",
      "Examples:",
      "  dlm train samples/digits/digits.dlm               on generated digits",
      "  dlm train digits.dlm --data mnist --epochs 5      on the files in mnist",
      "  dlm train digits.dlm --resume                     go on after an interruption",
      "  dlm train digits.dlm --plot digits.svg            draw losses and metrics",
      "  dlm train digits.dlm --device opencl --json",
    })
final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec command = CommandSpec.create();

  @Mixin private final OutputOptions output;

  @Mixin private final DeviceChoice device = new DeviceChoice();

  @Mixin private final DataFolder data = new DataFolder();

  @Parameters(paramLabel = "FILE", description = "A .dlm file.")
  private Path file = Path.of("");

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs, instead of the recipe's.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples a step, instead of the recipe's.")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "For first weights, shuffling and random numbers (default: 1).")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where to leave the results (default: FILE's name with .out, in the current folder).")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--resume", description = "Go on with the run that DIR holds.")
  private boolean resume;

  @Option(names = "--save-steps", paramLabel = "N", description = "Also save after every N steps.")
  private Optional<Long> saveSteps = Optional.empty();

  @Option(
      names = "--max-batches",
      paramLabel = "N",
      description = "Cut epochs and validations short, for a quick try.")
  private Optional<Long> maxBatches = Optional.empty();

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw losses and metrics as an .svg image, anew after each epoch.")
  private Optional<Path> plot = Optional.empty();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write a trace of the first batches, which ui.perfetto.dev opens.")
  private Optional<Path> trace = Optional.empty();

  @Option(
      names = "--trace-batches",
      paramLabel = "N",
      description = "How many batches --trace takes (default: 20).")
  private long traceBatches = 20;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> modelName = Optional.empty();

  TrainCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    requirePositive("--epochs", epochs.orElse(1));
    requirePositive("--batch", batch.orElse(1));
    requirePositive("--save-steps", saveSteps.orElse(1L));
    requirePositive("--max-batches", maxBatches.orElse(1L));
    requirePositive("--trace-batches", traceBatches);
    ModelFile model = ModelFile.load(file, modelName);
    TrainingRecipe recipe = model.recipe();
    RecipeData readers = data.of(model);
    console.say("data: " + readers.describe(recipe.data()));
    RecipeData.Sources sources = readers.open(recipe, model.graph());
    Path folder = out.orElse(model.standardOutput());
    tellOfFolder(folder);
    Plan plan =
        FittedPlan.of(
            model.graph(), device.maxMemoryBytes(), batch.orElse(recipe.batch()), console);
    try (Session session = Session.open(plan, device.sessionOptions())) {
      Trainer trainer =
          new Trainer(session, recipe, sources.training(), sources.validation(), options(folder));
      TrainingFolder.keep(folder, sources.fitted(), resume && hasState(folder));
      try (Interruption interruption = new Interruption(trainer::requestStop);
          TrainingReporter reporter = new TrainingReporter(console)) {
        TrainingListener listener =
            plot.isPresent() ? reporter.and(new TrainingPlot(plot.get())) : reporter;
        if (trace.isPresent()) {
          Trace steps = new Trace(Trace.STANDARD_EVENTS);
          trainer.trace(steps, traceBatches);
          listener = listener.and(new TrainingTrace(steps, traceBatches, trace.get()));
        }
        return finish(trainer.run(listener), folder);
      }
    }
  }

  private void requirePositive(String option, long count) {
    if (count < 1) {
      throw new ParameterException(
          command.commandLine(), "%s %d: expected at least 1".formatted(option, count));
    }
  }

  private void tellOfFolder(Path folder) {
    boolean hasState = hasState(folder);
    if (resume && !hasState) {
      console.say("'%s' holds no run to go on with; beginning anew".formatted(folder));
    } else if (hasState && !resume) {
      console.say("the run that '%s' holds will be replaced".formatted(folder));
    }
  }

  private static boolean hasState(Path folder) {
    return Files.exists(folder.resolve(TrainingFolder.STATE));
  }

  private TrainingOptions options(Path folder) {
    TrainingOptions options = TrainingOptions.defaults().withOut(folder).withResume(resume);
    options = epochs.isPresent() ? options.withEpochs(epochs.get()) : options;
    options = batch.isPresent() ? options.withBatch(batch.get()) : options;
    options = seed.isPresent() ? options.withSeed(seed.get()) : options;
    options = saveSteps.isPresent() ? options.withSaveSteps(saveSteps.get()) : options;
    return maxBatches.isPresent() ? options.withMaxBatches(maxBatches.get()) : options;
  }

  private int finish(TrainingResult result, Path folder) {
    Event event =
        Event.of(result.outcome() == TrainingResult.Outcome.INTERRUPTED ? "interrupted" : "done")
            .with("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
            .with("epochs", result.epochs())
            .with("metrics", Metrics.members(result.train(), result.validation()))
            .with("folder", folder.toString());
    result.weights().ifPresent(weights -> event.with("weights", weights.toString()));
    result.best().ifPresent(best -> event.with("best", members(best)));
    console.emit(event);
    return switch (result.outcome()) {
      case INTERRUPTED -> {
        console.say("interrupted; saved in '%s', --resume goes on".formatted(folder));
        yield ExitCode.INTERRUPTED;
      }
      case STALLED, COMPLETED -> {
        if (result.outcome() == TrainingResult.Outcome.STALLED) {
          console.say(
              "stopped: " + result.best().map(best -> best.metric() + " stalls").orElse(""));
        }
        Map<String, Double> shown =
            result.validation().isEmpty() ? result.train() : result.validation();
        console.println(Metrics.describe(shown));
        result.weights().ifPresent(weights -> console.println("weights: " + weights));
        yield ExitCode.DONE;
      }
    };
  }

  private static Map<String, Object> members(TrainingResult.Best best) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("metric", best.metric());
    members.put("value", best.value());
    members.put("epoch", best.epoch() + 1);
    return members;
  }
}
