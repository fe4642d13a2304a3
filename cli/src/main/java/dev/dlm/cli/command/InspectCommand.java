package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.show.PlanListing;
import dev.dlm.cli.show.Table;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.cost.Cost;
import dev.dlm.plan.cost.CostModel;
import dev.dlm.runtime.artifact.Artifact;
import dev.dlm.runtime.artifact.ArtifactMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dlm inspect}: what a compiled model holds. */
@Command(
    name = "inspect",
    header = "Show what a compiled model holds.",
    description = {
      "Signatures, memory as a formula of the sizes, steps, weights, and what the file was made"
          + " from. All checksums are verified."
    },
    footer = {
      "",
      "Examples:",
      "  dlm inspect mlp.dlmc",
      "  dlm inspect mlp.dlmc --json",
    })
final class InspectCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  @Parameters(paramLabel = "MODEL", description = "A .dlmc file.")
  private Path file = Path.of("");

  InspectCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    try (Artifact artifact = Artifact.open(file)) {
      console.print(describe(artifact));
      console.emit(event(artifact));
    }
    return ExitCode.DONE;
  }

  private static String weightsFrom(ArtifactMetadata metadata) {
    return metadata.weightsSha256().isEmpty() ? "none" : "sha256 " + metadata.weightsSha256();
  }

  private static String describe(Artifact artifact) {
    Plan plan = artifact.plan();
    ArtifactMetadata metadata = artifact.metadata();
    StringBuilder text = new StringBuilder();
    text.append("model ").append(plan.name()).append('\n');
    metadata.description("").ifPresent(words -> text.append("  ").append(words).append('\n'));
    text.append(
        new Table()
            .row("format version", Integer.toString(artifact.formatVersion()))
            .row("made by", metadata.compilerVersion())
            .row("made from", metadata.sourceFile() + ", sha256 " + metadata.sourceSha256())
            .row("weights from", weightsFrom(metadata))
            .row("bytes", "%,d".formatted(artifact.fileBytes()))
            .row("weights", "%,d bytes".formatted(artifact.weightBytes()))
            .row("plan", "%,d bytes".formatted(artifact.planBytes()))
            .print("  "));
    for (Program program : plan.programs()) {
      text.append('\n').append(PlanListing.of(program));
      appendDescriptions(text, metadata, program);
    }
    text.append("\nweights\n");
    Table weights = new Table();
    for (Variable variable : plan.sharedVariables()) {
      weights.row(variable.name(), variable.type().toString());
    }
    text.append(weights.print("  "));
    if (!plan.streamVariables().isEmpty()) {
      text.append("\nstate of a stream\n");
      Table state = new Table();
      for (Variable variable : plan.streamVariables()) {
        state.row(variable.name(), variable.type().toString());
      }
      text.append(state.print("  "));
    }
    return text.toString();
  }

  private static void appendDescriptions(
      StringBuilder text, ArtifactMetadata metadata, Program program) {
    List<Program.Port> ports = new ArrayList<>(program.inputs());
    ports.addAll(program.outputs());
    for (Program.Port port : ports) {
      metadata
          .description(program.name() + "." + port.name())
          .ifPresent(words ->
              text.append("  ").append(port.name()).append(": ").append(words).append('\n'));
    }
  }

  private static Event event(Artifact artifact) {
    ArtifactMetadata metadata = artifact.metadata();
    List<Map<String, Object>> signatures = new ArrayList<>();
    for (Program program : artifact.plan().programs()) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("name", program.name());
      members.put("inputs", types(program.inputs()));
      members.put("outputs", types(program.outputs()));
      members.put("peakBytes", program.arenaBytes().toString());
      Cost cost = CostModel.symbolic().of(program);
      members.put("operations", cost.operations().toString());
      members.put("movedBytes", cost.bytes().toString());
      members.put("exact", cost.isExact());
      members.put("steps", program.steps().size());
      signatures.add(members);
    }
    Map<String, Object> weights = new LinkedHashMap<>();
    artifact
        .plan()
        .sharedVariables()
        .forEach(variable -> weights.put(variable.name(), variable.type().toString()));
    Map<String, Object> stream = new LinkedHashMap<>();
    artifact
        .plan()
        .streamVariables()
        .forEach(variable -> stream.put(variable.name(), variable.type().toString()));
    return Event.of("artifact")
        .with("model", artifact.plan().name())
        .with("formatVersion", artifact.formatVersion())
        .with("compiler", metadata.compilerVersion())
        .with("source", metadata.sourceFile())
        .with("sourceSha256", metadata.sourceSha256())
        .with("weightsSha256", metadata.weightsSha256())
        .with("bytes", artifact.fileBytes())
        .with("weightBytes", artifact.weightBytes())
        .with("planBytes", artifact.planBytes())
        .with("signatures", signatures)
        .with("weights", weights)
        .with("stream", stream);
  }

  private static Map<String, Object> types(List<Program.Port> ports) {
    Map<String, Object> types = new LinkedHashMap<>();
    ports.forEach(port -> types.put(port.name(), port.view().type().toString()));
    return types;
  }
}
