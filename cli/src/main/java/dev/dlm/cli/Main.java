package dev.dlm.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code dlm} command. Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 an
 * internal error.
 */
@Command(
    name = "dlm",
    description = "Compiles, trains and runs .dlm models.",
    mixinStandardHelpOptions = true,
    version = "dlm 0.1.0-SNAPSHOT")
public final class Main implements Runnable {
  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
