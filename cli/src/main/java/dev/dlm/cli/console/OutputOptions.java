package dev.dlm.cli.console;

import picocli.CommandLine.Option;

/** The options that every command has. */
public final class OutputOptions {
  private final Console console;

  public OutputOptions(Console console) {
    this.console = console;
  }

  @Option(
      names = "--json",
      description = "Print one JSON object a line on standard output, and nothing else there.")
  void json(boolean asked) {
    if (asked) {
      console.useJson();
    }
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  /** Whether the help was asked for. */
  public boolean isHelp() {
    return help;
  }
}
