package dev.dlm.cli.command;

import dev.dlm.cli.bench.BenchInputs;
import dev.dlm.cli.bench.BenchReport;
import dev.dlm.cli.bench.Measurement;
import dev.dlm.cli.bench.OpenedModel;
import dev.dlm.cli.bench.ProfileEvents;
import dev.dlm.cli.bench.StepMeasurement;
import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.cli.model.DeviceChoice;
import dev.dlm.cli.model.SizeChoice;
import dev.dlm.cli.show.ProfileListing;
import dev.dlm.ir.Graph;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.profile.StepProfile;
import dev.dlm.runtime.profile.Trace;
import dev.dlm.runtime.tensor.Tensor;
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

/** {@code dlm bench}: how fast a signature runs, and where its time goes. */
@Command(
    name = "bench",
    header = "Measure how fast a model runs, and where the time goes.",
    description = {
      "Runs a signature again and again, from inputs in memory to outputs in memory, with inputs"
          + " that are made up unless files are given. Floating-point numbers lie from 0 to 1,"
          + " integers are 0 and 1. The weights of a .dlm file have their first values unless"
          + " --weights is given.",
      "",
      "Operations and bytes follow from the plan. The limits are measured in the same run: of"
          + " arithmetic by multiply-adds in registers, of memory by copying."
    },
    footer = {
      "",
      "Examples:",
      "  dlm bench mlp.dlmc --size B=1",
      "  dlm bench digits.dlm --signature train --size B=128 --threads 1 --profile",
      "  dlm bench mlp.dlmc --size B=1 --callers 2 --seconds 10 --json",
      "  dlm bench digits.dlm --size B=64 --trace digits.trace.json",
    })
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec command = CommandSpec.create();

  @Mixin private final OutputOptions output;

  @Mixin private final DeviceChoice device = new DeviceChoice();

  @Mixin private final SizeChoice sizes = new SizeChoice();

  @Parameters(paramLabel = "FILE", description = "A .dlm or .dlmc file.")
  private Path file = Path.of("");

  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description = "What to run (default: predict).")
  private String signature = Graph.PREDICT;

  @Option(names = "--seconds", paramLabel = "N", description = "How long to measure (default: 3).")
  private double seconds = 3;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Seconds of runs before that, which do not count (default: 2).")
  private double warmUpSeconds = 2;

  @Option(
      names = "--callers",
      paramLabel = "N",
      description = "Threads that run it at the same time (default: 1).")
  private int callers = 1;

  @Option(
      names = "--profile",
      description = "Measure each step, too, in runs of their own that take as long again.")
  private boolean profile;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write when steps began and ended as a trace that ui.perfetto.dev opens.")
  private Optional<Path> trace = Optional.empty();

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "For a .dlm file: a checkpoint, or a folder of dlm train.")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "One of several models in the file.")
  private Optional<String> modelName = Optional.empty();

  BenchCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    requireUsage();
    try (OpenedModel model =
        OpenedModel.open(file, modelName, signature, weights, device.sessionOptions())) {
      Map<String, Tensor> inputs = BenchInputs.of(model.program(), sizes.sizes(), sizes.files());
      Measurement measured =
          Measurement.take(
              model.session(),
              signature,
              inputs,
              new Measurement.Plan(callers, warmUpSeconds, seconds));
      Optional<DeviceLimits> limits = model.session().measureLimits();
      BenchReport report =
          new BenchReport(
              model,
              Measurement.sizes(model.session(), signature, inputs),
              model.session().deviceDescription(),
              callers,
              measured,
              limits);
      console.print(report.text());
      console.emit(report.event());
      if (profile || trace.isPresent()) {
        measureSteps(model, inputs, limits);
      }
    }
    return ExitCode.DONE;
  }

  private void requireUsage() {
    device.sessionOptions();
    sizes.sizes();
    require(callers >= 1, "--callers " + callers + ": expected at least 1");
    require(seconds > 0, "--seconds " + seconds + ": expected more than 0");
    require(warmUpSeconds >= 0, "--warmup " + warmUpSeconds + ": expected at least 0");
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), message);
    }
  }

  private void measureSteps(
      OpenedModel model, Map<String, Tensor> inputs, Optional<DeviceLimits> limits) {
    Optional<Trace> into = trace.map(_ -> new Trace(Trace.STANDARD_EVENTS));
    List<StepProfile> steps =
        StepMeasurement.take(model.session(), signature, inputs, seconds, into).steps();
    if (profile) {
      console.print("\n" + ProfileListing.of(steps, limits));
      ProfileEvents.emit(console, steps, limits);
    }
    if (trace.isPresent() && into.isPresent()) {
      into.get().write(trace.get());
      console.println("trace: " + trace.get());
      console.emit(
          Event.of("traced")
              .with("file", trace.get().toString())
              .with("events", into.get().countEvents())
              .with("leftOut", into.get().countDropped()));
    }
  }
}
