package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.io.JsonTensors;
import dev.dlm.cli.io.TensorFile;
import dev.dlm.cli.model.DeviceChoice;
import dev.dlm.cli.model.InputFiles;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.model.WeightsFile;
import dev.dlm.cli.show.TensorText;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.Model;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.training.TrainingFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlm run}: outputs of a model for given inputs. */
@Command(
    name = "run",
    header = "Compute a model's outputs for given inputs.",
    description = {
      "Inputs and outputs are tensors in .npy or .json files, and images in .png files. JSON takes"
          + " its element type from the model; an .npy file must hold the model's own."
    },
    footer = {
      "",
      "Examples:",
      "  dlm run mlp.dlm --input image=images.npy",
      "  dlm run mlp.dlmc --input image=images.npy --output probability=p.npy",
      "  dlm run mlp.dlmc --input image=one.json --json",
      "  dlm run digits.dlm --input image=seven.png",
      "  dlm run painter.dlm --input seed=1.json --output image=grid.png",
    })
final class RunCommand implements Callable<Integer> {
  private static final String COMPILED = ".dlmc";

  private final Console console;

  @Mixin private final OutputOptions output;

  @Mixin private final DeviceChoice device = new DeviceChoice();

  @Parameters(paramLabel = "FILE", description = "A .dlm or .dlmc file.")
  private Path file = Path.of("");

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "For a .dlm file: a checkpoint, or a folder of dlm train (default: FILE's name with"
              + " .out).")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--input",
      paramLabel = "NAME=FILE",
      description = "The tensor of an input; once for each.")
  private Map<String, Path> inputs = new LinkedHashMap<>();

  @Option(
      names = "--output",
      paramLabel = "NAME=FILE",
      description = "Write this output to a file instead of showing it; may be repeated.")
  private Map<String, Path> outputs = new LinkedHashMap<>();

  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description = "What to compute (default: predict).")
  private String signature = Graph.PREDICT;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> modelName = Optional.empty();

  RunCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    Map<String, Tensor> results = file.toString().endsWith(COMPILED) ? runCompiled() : runSource();
    results.forEach(this::show);
    return ExitCode.DONE;
  }

  private Map<String, Tensor> runCompiled() {
    try (Model model = Model.load(file, device.sessionOptions())) {
      Program program = model.artifact().plan().program(signature);
      requireOutputs(program);
      return model.run(signature, InputFiles.read(inputs, program));
    }
  }

  private Map<String, Tensor> runSource() {
    ModelFile model = ModelFile.load(file, modelName);
    Plan plan = model.plan().restrictedTo(List.of(signature));
    Program program = plan.program(signature);
    requireOutputs(program);
    Map<String, Tensor> tensors = InputFiles.read(inputs, program);
    try (Session session = Session.open(plan, device.sessionOptions())) {
      if (!plan.sharedVariables().isEmpty()) {
        try (Checkpoint checkpoint = Checkpoint.open(WeightsFile.choose(weights, model))) {
          TrainingFolder.loadWeights(session.variables(), checkpoint);
        }
      }
      return session.run(signature, tensors);
    }
  }

  private void requireOutputs(Program program) {
    List<String> known = program.outputs().stream().map(Program.Port::name).toList();
    for (String name : outputs.keySet()) {
      if (!known.contains(name)) {
        throw unknown(name, known);
      }
    }
  }

  private GraphException unknown(String name, List<String> known) {
    return new GraphException(
        Diagnostic.error(
                "unknown-output",
                "'%s' has no output '%s'".formatted(signature, name),
                Location.UNKNOWN)
            .withHelp(Suggestion.help(name, "outputs", known)));
  }

  private void show(String name, Tensor tensor) {
    String type = Tensor.describe(tensor.dtype(), tensor.sizes());
    Event event = Event.of("output").with("name", name).with("type", type);
    Path target = outputs.get(name);
    if (target == null) {
      console.print(name + ": " + type + "\n" + TensorText.of(tensor));
      if (console.isJson()) {
        event.with("values", JsonTensors.nested(tensor));
      }
    } else {
      TensorFile.write(target, tensor);
      console.println(name + ": " + type + ", written to " + target);
      event.with("file", target.toString());
    }
    console.emit(event);
  }
}
