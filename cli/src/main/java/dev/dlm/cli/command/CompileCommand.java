package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.console.Version;
import dev.dlm.cli.model.MemoryChoice;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.model.WeightsFile;
import dev.dlm.cli.show.PlanListing;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.artifact.Artifact;
import dev.dlm.runtime.artifact.ArtifactMetadata;
import dev.dlm.runtime.artifact.ArtifactWriter;
import dev.dlm.runtime.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlm compile}: a trained model in one file, compiled ahead of time. */
@Command(
    name = "compile",
    header = "Compile a trained model to one file that runs without the compiler.",
    description = {
      "The file holds the plan of the prediction, the weights, and hashes of what it was made from."
          + " It serves any batch size. The same input gives the same bytes."
    },
    footer = {
      "",
      "Examples:",
      "  dlm compile mlp.dlm                        with the weights that dlm train left here",
      "  dlm compile mlp.dlm --weights best.safetensors -o mlp.dlmc",
    })
final class CompileCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  @Mixin private final MemoryChoice memory = new MemoryChoice();

  @Parameters(paramLabel = "FILE", description = "A .dlm file.")
  private Path file = Path.of("");

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A checkpoint, or a folder of dlm train (default: FILE's name with .out).")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "MODEL",
      description = "Where to write (default: FILE's name with .dlmc, in the current folder).")
  private Optional<Path> target = Optional.empty();

  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description = "What the file can compute; may be repeated (default: predict).")
  private List<String> signatures = List.of(Graph.PREDICT);

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> modelName = Optional.empty();

  CompileCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    ModelFile model = ModelFile.load(file, modelName);
    Path written = target.orElse(Path.of(model.stem() + ".dlmc"));
    Plan plan = memory.plan(model, console).restrictedTo(signatures);
    plan.programs().forEach(CompileCommand::requireUnchanging);
    if (plan.sharedVariables().isEmpty()) {
      ArtifactWriter.write(written, plan, metadata(model, plan, ""));
    } else {
      Path checkpointFile = WeightsFile.choose(weights, model);
      try (Checkpoint checkpoint = Checkpoint.open(checkpointFile)) {
        String sha256 = ArtifactMetadata.sha256(checkpointFile);
        ArtifactWriter.write(written, plan, checkpoint, metadata(model, plan, sha256));
      }
    }
    try (Artifact artifact = Artifact.open(written)) {
      console.println(
          "%s: model %s, %,d bytes, %,d of them weights"
              .formatted(written, plan.name(), artifact.fileBytes(), artifact.weightBytes()));
      console.emit(
          Event.of("compiled")
              .with("file", written.toString())
              .with("model", plan.name())
              .with("signatures", signatures)
              .with("bytes", artifact.fileBytes())
              .with("weightBytes", PlanListing.variableBytes(plan)));
    }
    return ExitCode.DONE;
  }

  private ArtifactMetadata metadata(ModelFile model, Plan plan, String weightsSha256) {
    return new ArtifactMetadata(
        String.valueOf(file.getFileName()),
        ArtifactMetadata.sha256(file),
        weightsSha256,
        Version.LINE,
        descriptions(model.model(), plan));
  }

  private static void requireUnchanging(Program program) {
    if (!program.updates().isEmpty()) {
      throw new GraphException(
          Diagnostic.error(
                  "signature-trains",
                  "the signature '%s' changes weights, and a compiled model's are fixed"
                      .formatted(program.name()),
                  Location.UNKNOWN)
              .withHelp("compile predict or evaluate"));
    }
  }

  private static SortedMap<String, String> descriptions(ElaboratedModel model, Plan plan) {
    SortedMap<String, String> descriptions = new TreeMap<>();
    put(descriptions, "", model.documentation());
    for (Program program : plan.programs()) {
      for (ElaboratedModel.Role role : model.inputs()) {
        putPort(descriptions, program, program.inputs(), role);
      }
      for (List<ElaboratedModel.Role> roles :
          List.of(model.outputs(), model.losses(), model.metrics())) {
        roles.forEach(role -> putPort(descriptions, program, program.outputs(), role));
      }
    }
    return descriptions;
  }

  private static void putPort(
      SortedMap<String, String> descriptions,
      Program program,
      List<Program.Port> ports,
      ElaboratedModel.Role role) {
    if (ports.stream().anyMatch(port -> port.name().equals(role.name()))) {
      put(descriptions, program.name() + "." + role.name(), role.documentation());
    }
  }

  private static void put(SortedMap<String, String> descriptions, String name, String text) {
    if (!text.isBlank()) {
      descriptions.put(name, text);
    }
  }
}
