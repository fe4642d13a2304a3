package dev.dlm.cli.command;

import dev.dlm.cli.bench.BenchInputs;
import dev.dlm.cli.bench.OpenedModel;
import dev.dlm.cli.bench.ProfileEvents;
import dev.dlm.cli.bench.StepMeasurement;
import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.MemoryChoice;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.model.SizeChoice;
import dev.dlm.cli.show.GraphDrawing;
import dev.dlm.cli.show.PlanDrawing;
import dev.dlm.cli.show.PlanListing;
import dev.dlm.cli.show.ProfileListing;
import dev.dlm.compiler.Passes;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.profile.StepProfile;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.text.GraphPrinter;
import java.nio.file.Path;
import java.util.List;
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

/** {@code dlm show}: the graph of a model at any stage of its compilation. */
@Command(
    name = "show",
    header = "Show the graph of a model at any stage.",
    description = {
      "Without --after, the graph is shown as the file says it. --after=plan shows what runs: the"
          + " steps with the lines that they came from, and the memory as a formula of the sizes."
    },
    footer = {
      "",
      "Examples:",
      "  dlm show digits.dlm",
      "  dlm show digits.dlm --after=expand-gradients --signature train",
      "  dlm show digits.dlm --after=plan",
      "  dlm show digits.dlm --after=plan --signature train --profile --size B=128",
      "  dlm show digits.dlm --format=dot --signature predict | dot -Tsvg > digits.svg",
    })
final class ShowCommand implements Callable<Integer> {
  private static final String PLAN = "plan";
  private static final double PROFILE_SECONDS = 4;

  private enum Format {
    text,
    dot
  }

  private final Console console;

  @Spec private CommandSpec command = CommandSpec.create();

  @Mixin private final OutputOptions output;

  @Mixin private final MemoryChoice memory = new MemoryChoice();

  @Parameters(paramLabel = "FILE", description = "A .dlm file.")
  private Path file = Path.of("");

  @Option(
      names = "--after",
      paramLabel = "STAGE",
      description = "The name of a pass, or plan. An unknown name lists those that there are.")
  private Optional<String> after = Optional.empty();

  @Option(names = "--format", paramLabel = "text|dot", description = "The form (default: text).")
  private Format format = Format.text;

  @Option(names = "--signature", paramLabel = "NAME", description = "Show this signature alone.")
  private Optional<String> signature = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--complete",
      description = "Leave nothing out of a text: places, and all elements of constants.")
  private boolean complete;

  @Option(
      names = "--profile",
      description =
          "With --after=plan: run the signature on the processor, and show of each step what was"
              + " measured (default signature: predict).")
  private boolean profile;

  @Mixin private final SizeChoice sizes = new SizeChoice();

  ShowCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    ModelFile loaded = ModelFile.load(file, model);
    if (profile) {
      return profile(loaded);
    }
    String text =
        after.equals(Optional.of(PLAN))
            ? plan(memory.plan(loaded, console))
            : graph(loaded.graph());
    print(text);
    return ExitCode.DONE;
  }

  private void print(String text) {
    console.print(text);
    console.emit(
        Event.of("shown")
            .with("file", file.toString())
            .with("stage", after.orElse(""))
            .with("format", format.name())
            .with("text", text));
  }

  /** The plan of one signature with measured columns. */
  private int profile(ModelFile loaded) {
    if (!after.equals(Optional.of(PLAN)) || format != Format.text) {
      throw new ParameterException(
          command.commandLine(), "--profile: shows --after=plan, and that as text");
    }
    String name = signature.orElse(Graph.PREDICT);
    Plan plan = memory.plan(loaded, console);
    try (OpenedModel opened =
        OpenedModel.open(loaded, plan, name, Optional.empty(), SessionOptions.defaults())) {
      Map<String, Tensor> inputs = BenchInputs.of(opened.program(), sizes.sizes(), sizes.files());
      Optional<DeviceLimits> limits = opened.session().measureLimits();
      List<StepProfile> steps =
          StepMeasurement.take(opened.session(), name, inputs, PROFILE_SECONDS, Optional.empty())
              .steps();
      print(PlanListing.border(opened.program()) + ProfileListing.of(steps, limits));
      ProfileEvents.emit(console, steps, limits);
    }
    return ExitCode.DONE;
  }

  private String plan(Plan plan) {
    Plan shown =
        signature
            .map(name -> new Plan(plan.name(), plan.variables(), List.of(plan.program(name))))
            .orElse(plan);
    return switch (format) {
      case text -> PlanListing.of(shown);
      case dot -> PlanDrawing.of(shown);
    };
  }

  private String graph(Graph graph) {
    Graph changed = after.map(pass -> Passes.standard().until(pass).run(graph)).orElse(graph);
    Graph shown =
        signature
            .map(name ->
                new Graph(changed.name(), changed.variables(), List.of(changed.signature(name))))
            .orElse(changed);
    return switch (format) {
      case text ->
          GraphPrinter.print(
              shown, complete ? GraphPrinter.Options.COMPLETE : GraphPrinter.Options.BRIEF);
      case dot -> GraphDrawing.of(shown);
    };
  }
}
