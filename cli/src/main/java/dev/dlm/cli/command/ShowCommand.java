package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.MemoryChoice;
import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.show.GraphDrawing;
import dev.dlm.cli.show.PlanDrawing;
import dev.dlm.cli.show.PlanListing;
import dev.dlm.compiler.Passes;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.text.GraphPrinter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
      "  dlm show digits.dlm --format=dot --signature predict | dot -Tsvg > digits.svg",
    })
final class ShowCommand implements Callable<Integer> {
  private static final String PLAN = "plan";

  private enum Format {
    text,
    dot
  }

  private final Console console;

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

  ShowCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    ModelFile loaded = ModelFile.load(file, model);
    String text =
        after.equals(Optional.of(PLAN))
            ? plan(memory.plan(loaded, console))
            : graph(loaded.graph());
    console.print(text);
    console.emit(
        Event.of("shown")
            .with("file", file.toString())
            .with("stage", after.orElse(""))
            .with("format", format.name())
            .with("text", text));
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
