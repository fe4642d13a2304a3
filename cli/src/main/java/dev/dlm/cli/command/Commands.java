package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;

/** The list of subcommands, in the order of the help. */
public final class Commands {
  private static final List<Function<Console, Object>> ALL =
      List.of(
          CheckCommand::new,
          FmtCommand::new,
          ShowCommand::new,
          TestCommand::new,
          TrainCommand::new,
          EvalCommand::new,
          RunCommand::new,
          GenerateCommand::new,
          CompileCommand::new,
          InspectCommand::new,
          BenchCommand::new,
          DevicesCommand::new);

  private Commands() {}

  /** Adds all subcommands, which speak through the given console. */
  public static void addTo(CommandLine commandLine, Console console) {
    ALL.forEach(make -> commandLine.addSubcommand(make.apply(console)));
    for (CommandLine command : commandLine.getSubcommands().values()) {
      command
          .getCommandSpec()
          .usageMessage()
          .descriptionHeading("%n")
          .parameterListHeading("%nParameters:%n")
          .optionListHeading("%nOptions:%n");
    }
  }
}
