package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.DeviceChoice;
import dev.dlm.cli.model.TestRun;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.elaborate.ElaboratedTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlm test}: runs the tests that stand in files. */
@Command(
    name = "test",
    header = "Run the tests in files.",
    description = {
      "Each test's models are made anew with first weights from the seed. Inputs that a test does"
          + " not give are random: numbers from -0.5 to 0.5, integers 0 or 1, with 8 for each size"
          + " that is free."
    },
    footer = {
      "",
      "Examples:",
      "  dlm test digits.dlm",
      "  dlm test --seed 7 --json *.dlm",
    })
final class TestCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  @Mixin private final DeviceChoice device = new DeviceChoice();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "For first weights and random inputs (default: 1).")
  private long seed = 1;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "A .dlm file.")
  private List<Path> files = List.of();

  TestCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    int passed = 0;
    int failed = 0;
    List<Diagnostic> mistakes = new ArrayList<>();
    for (Path file : files) {
      List<ElaboratedTest> tests = List.of();
      try {
        tests = Dsl.elaborate(file).tests();
      } catch (GraphException e) {
        mistakes.addAll(e.diagnostics());
      }
      for (ElaboratedTest test : tests) {
        List<Diagnostic> failures = run(test);
        console.println(
            "%s: %s: %s".formatted(file, test.title(), failures.isEmpty() ? "passed" : "failed"));
        console.emit(
            Event.of("test")
                .with("file", file.toString())
                .with("title", test.title())
                .with("passed", failures.isEmpty()));
        console.report(failures);
        if (failures.isEmpty()) {
          passed++;
        } else {
          failed++;
        }
      }
    }
    console.report(mistakes);
    console.println("%d passed, %d failed".formatted(passed, failed));
    console.emit(Event.of("done").with("passed", passed).with("failed", failed));
    return failed == 0 && mistakes.isEmpty() ? ExitCode.DONE : ExitCode.INPUT_AT_FAULT;
  }

  private List<Diagnostic> run(ElaboratedTest test) {
    try {
      return TestRun.of(test, device.sessionOptions(), seed);
    } catch (GraphException e) {
      return e.diagnostics();
    }
  }
}
