package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.DeviceChoice;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.model.WeightsFile;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.training.TrainingFolder;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.generate.TokenChoice;
import dev.dlm.training.generate.TokenModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dlm generate}: text from a trained model. */
@Command(
    name = "generate",
    header = "Continue a text, or translate a sentence.",
    description = {
      "A model that was trained on text continues the prompt character by character; one that was"
          + " trained on sentence pairs translates it. The model's output 'next' holds the"
          + " probabilities of what comes next."
    },
    footer = {
      "",
      "Examples:",
      "  dlm generate gpt.dlm --prompt 'ROMEO:' --count 300 --temperature 0.8",
      "  dlm generate translation.dlm --prompt 'I am hungry.'",
    })
final class GenerateCommand implements Callable<Integer> {
  private static final double STANDARD_TEMPERATURE = 0.8;

  private final Console console;

  @Mixin private final OutputOptions output;

  @Mixin private final DeviceChoice device = new DeviceChoice();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "A .dlm file.")
  private Path file = Path.of("");

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A checkpoint, or a folder of dlm train (default: FILE's name with .out).")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What is continued or translated (default for a text: a line end).")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Characters to continue a text by (default: ${DEFAULT-VALUE}).")
  private int count = 500;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "0 takes the most probable token, 1 the model's probabilities (default: 0.8 for a text, 0"
              + " for a translation).")
  private Optional<Double> temperature = Optional.empty();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Choose from the N most probable tokens alone (default: from all).")
  private int top = 0;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the random choice (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> modelName = Optional.empty();

  GenerateCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    require(count >= 0, "--count must not be negative");
    require(top >= 0, "--top must not be negative");
    require(temperature.orElse(0.0) >= 0, "--temperature must not be negative");
    ModelFile model = ModelFile.load(file, modelName);
    Plan plan = model.plan().restrictedTo(List.of(Graph.PREDICT));
    Path checkpointFile = WeightsFile.choose(weights, model);
    Path fittedFile = checkpointFile.resolveSibling(Fitted.FILE);
    Fitted fitted = Fitted.load(fittedFile).orElseThrow(() -> missing(fittedFile));
    try (Checkpoint checkpoint = Checkpoint.open(checkpointFile);
        Session session = Session.open(plan, device.sessionOptions())) {
      TrainingFolder.loadWeights(session.variables(), checkpoint);
      generate(new TokenModel(session, model.recipe(), fitted));
    }
    return ExitCode.DONE;
  }

  private void generate(TokenModel model) {
    StringBuilder text = new StringBuilder();
    if (model.translates()) {
      require(prompt.isPresent(), "--prompt gives the sentence to translate");
      TokenChoice choice = new TokenChoice(temperature.orElse(0.0), top, seed);
      text.append(String.join(" ", model.translate(prompt.orElseThrow(), choice)));
      console.println(text.toString());
    } else {
      String begin = prompt.filter(given -> !given.isEmpty()).orElse("\n");
      TokenChoice choice = new TokenChoice(temperature.orElse(STANDARD_TEMPERATURE), top, seed);
      console.print(begin);
      model.continueText(
          begin,
          count,
          choice,
          character -> {
            text.append(character);
            console.print(character);
          });
      console.print("\n");
    }
    console.emit(Event.of("generated").with("text", text.toString()));
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static GraphException missing(Path file) {
    return new GraphException(
        Diagnostic.error(
                "file-read",
                "there is no '%s' beside the weights: it holds the vocabulary".formatted(file),
                Location.UNKNOWN)
            .withHelp("dlm train writes it; keep the two together"));
  }
}
