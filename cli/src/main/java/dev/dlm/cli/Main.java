package dev.dlm.cli;

import dev.dlm.cli.command.Commands;
import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.Version;
import dev.dlm.diagnostic.GraphException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code dlm} command. Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 an
 * internal error; 130 where an interrupt from the keyboard ended it.
 */
@Command(
    name = "dlm",
    header = "Compiles, trains and runs .dlm models.",
    mixinStandardHelpOptions = true,
    version = Version.LINE,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  dlm train samples/digits/digits.dlm     train on generated digits",
      "  dlm check model.dlm                     find mistakes; nothing runs",
      "  dlm train --help                        what a command takes, with examples",
      "",
      "Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 an internal error.",
    })
public final class Main implements Runnable {
  private final Console console;

  @Spec private CommandSpec command = CommandSpec.create();

  private Main(Console console) {
    this.console = console;
  }

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, false, StandardCharsets.UTF_8);
    int exitCode = run(arguments, new Console(out, err, Integer.getInteger("dlm.terminal", 0)));
    System.exit(exitCode);
  }

  /**
   * Runs the command line inside this process.
   *
   * @return the exit code
   */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    return run(arguments, new Console(out, err, 0));
  }

  private static int run(String[] arguments, Console console) {
    CommandLine commandLine = new CommandLine(new Main(console));
    Commands.addTo(commandLine, console);
    commandLine
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(100)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setOut(console.resultWriter())
        .setErr(console.messageWriter())
        .setParameterExceptionHandler((exception, _) -> wrongUsage(exception))
        .setExecutionExceptionHandler((exception, _, _) -> failure(exception, arguments, console));
    try {
      return commandLine.execute(arguments);
    } catch (VirtualMachineError e) {
      return InternalErrorReport.write(e, arguments, console);
    }
  }

  private static int wrongUsage(ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    var err = command.getErr();
    err.println("dlm: " + exception.getMessage());
    UnmatchedArgumentException.printSuggestions(exception, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.WRONG_USAGE;
  }

  private static int failure(Exception exception, String[] arguments, Console console) {
    if (exception instanceof GraphException mistake) {
      console.report(mistake.diagnostics());
      return ExitCode.INPUT_AT_FAULT;
    }
    return InternalErrorReport.write(exception, arguments, console);
  }

  @Override
  public void run() {
    console.print(command.commandLine().getUsageMessage());
  }
}
