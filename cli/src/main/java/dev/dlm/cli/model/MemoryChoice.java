package dev.dlm.cli.model;

import dev.dlm.cli.console.Console;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Plan;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that compile a model without running it. */
public final class MemoryChoice {
  private static final int STANDARD_EXAMPLES = 64;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = MemorySize.class,
      description = "Compute values again rather than take more memory: 512M, 2G.")
  private long maxMemoryBytes = Long.MAX_VALUE;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples that --max-memory is meant for (default: the recipe's, or 64).")
  private Optional<Integer> batch = Optional.empty();

  /**
   * The compiled model.
   *
   * @throws ParameterException if a number makes no sense
   */
  public Plan plan(ModelFile model, Console console) {
    int examples =
        batch.orElse(model.model().recipe().map(TrainingRecipe::batch).orElse(STANDARD_EXAMPLES));
    if (examples < 1) {
      throw new ParameterException(
          command.commandLine(), "--batch " + examples + ": expected at least 1");
    }
    return FittedPlan.of(model.graph(), maxMemoryBytes, examples, console);
  }
}
