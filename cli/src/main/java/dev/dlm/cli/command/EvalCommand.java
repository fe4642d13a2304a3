package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.DataFolder;
import dev.dlm.cli.model.DeviceChoice;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.model.WeightsFile;
import dev.dlm.cli.progress.Metrics;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.training.Evaluator;
import dev.dlm.training.TrainingFolder;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlm eval}: losses and metrics of a trained model on data. */
@Command(
    name = "eval",
    header = "Measure a trained model on its validation data.",
    description = {
      "Losses and metrics are means over all examples of the data that the model's validate line"
          + " names, or its data line where there is none."
    },
    footer = {
      "",
      "Examples:",
      "  dlm eval digits.dlm                    with the weights that dlm train left here",
      "  dlm eval digits.dlm --weights best.safetensors --data mnist --json",
    })
final class EvalCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  @Mixin private final DeviceChoice device = new DeviceChoice();

  @Mixin private final DataFolder data = new DataFolder();

  @Parameters(paramLabel = "FILE", description = "A .dlm file.")
  private Path file = Path.of("");

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A checkpoint, or a folder of dlm train (default: FILE's name with .out).")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> modelName = Optional.empty();

  EvalCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    ModelFile model = ModelFile.load(file, modelName);
    TrainingRecipe recipe = model.recipe();
    TrainingRecipe.DataClause clause = recipe.validation().orElse(recipe.data());
    Plan plan = model.plan().restrictedTo(List.of(Graph.EVALUATE));
    Path checkpointFile = WeightsFile.choose(weights, model);
    Optional<Fitted> fitted = Fitted.load(checkpointFile.resolveSibling(Fitted.FILE));
    DataSource source = data.of(model).openValidation(recipe, model.graph(), fitted);
    try (Checkpoint checkpoint = Checkpoint.open(checkpointFile);
        Session session = Session.open(plan, device.sessionOptions())) {
      TrainingFolder.loadWeights(session.variables(), checkpoint);
      Evaluator evaluator =
          new Evaluator(session, clause, source, recipe.batch(), OptionalLong.empty());
      Map<String, Double> metrics = evaluator.evaluate((index, batches) -> {});
      console.println(
          "%s  (%,d examples)".formatted(Metrics.describe(metrics), source.countExamples()));
      console.emit(
          Event.of("done")
              .with("model", model.model().name())
              .with("weights", checkpointFile.toString())
              .with("examples", source.countExamples())
              .with("metrics", Map.of("validate", metrics)));
    }
    return ExitCode.DONE;
  }
}
