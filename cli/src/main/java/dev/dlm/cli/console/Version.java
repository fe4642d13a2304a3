package dev.dlm.cli.console;

/** The version that the command tells. */
public final class Version {
  public static final String LINE = "dlm 0.1.0-SNAPSHOT";

  private Version() {}
}
