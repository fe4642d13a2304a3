package dev.dlm.cli.model;

import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.session.SessionOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that run a model. */
public final class DeviceChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Where to run: cpu, opencl (default: cpu).")
  private String device = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute (default: one for each processor).")
  private int threads = DeviceOptions.defaults().threads();

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = MemorySize.class,
      description = "Refuse to run what takes more memory: 512M, 2G.")
  private long maxMemoryBytes = Long.MAX_VALUE;

  /** The bytes that variables and a call may take; {@link Long#MAX_VALUE} without a limit. */
  public long maxMemoryBytes() {
    return maxMemoryBytes;
  }

  /**
   * How to open a session.
   *
   * @throws ParameterException if a number makes no sense
   */
  public SessionOptions sessionOptions() {
    if (threads < 1) {
      throw new ParameterException(
          command.commandLine(), "--threads " + threads + ": expected at least 1");
    }
    return SessionOptions.defaults()
        .withDevice(device)
        .withThreads(threads)
        .withMaxMemoryBytes(maxMemoryBytes);
  }
}
