package dev.dlm.cli.console;

/** What the command's exit codes mean. */
public final class ExitCode {
  public static final int DONE = 0;

  /** Diagnostics say what is wrong with the input. */
  public static final int INPUT_AT_FAULT = 1;

  public static final int WRONG_USAGE = 2;

  /** The command itself is at fault. */
  public static final int INTERNAL_ERROR = 3;

  /** An interrupt from the keyboard ended the work, as shells count it. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
