package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.compiler.Passes;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Variable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dlm check}: finds mistakes without running anything. */
@Command(
    name = "check",
    header = "Find mistakes in files; nothing runs.",
    description = {
      "Parses the files, makes their models, checks every type and shape, and differentiates what"
          + " is trained. Each mistake is shown with its line."
    },
    footer = {
      "",
      "Examples:",
      "  dlm check digits.dlm",
      "  dlm check --json *.dlm         one JSON object a mistake, and one a file",
    })
final class CheckCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "A .dlm file.")
  private List<Path> files = List.of();

  CheckCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    boolean sound = true;
    for (Path file : files) {
      List<Diagnostic> mistakes = check(file);
      console.report(mistakes);
      console.emit(
          Event.of("checked").with("file", file.toString()).with("mistakes", mistakes.size()));
      sound &= mistakes.isEmpty();
    }
    return sound ? ExitCode.DONE : ExitCode.INPUT_AT_FAULT;
  }

  private List<Diagnostic> check(Path file) {
    Elaborated elaborated;
    try {
      elaborated = Dsl.elaborate(file);
    } catch (GraphException e) {
      return e.diagnostics();
    }
    List<Diagnostic> mistakes = new ArrayList<>();
    for (ElaboratedModel model : elaborated.models()) {
      try {
        Passes.standard().run(model.graph());
        console.println(describe(file, model));
      } catch (GraphException e) {
        mistakes.addAll(e.diagnostics());
      }
    }
    if (elaborated.models().isEmpty()) {
      console.println(file + ": sound, with no model that can be made without arguments");
    }
    return mistakes;
  }

  private static String describe(Path file, ElaboratedModel model) {
    List<Variable> weights =
        model.graph().variables().stream()
            .filter(variable -> variable.role() == Variable.Role.WEIGHT)
            .toList();
    long numbers =
        weights.stream().mapToLong(weight -> weight.type().shape().count().asLong()).sum();
    return "%s: model %s, %d weights of %,d numbers; %s"
        .formatted(
            file,
            model.name(),
            weights.size(),
            numbers,
            String.join(", ", model.graph().signatures().stream().map(Signature::name).toList()));
  }
}
