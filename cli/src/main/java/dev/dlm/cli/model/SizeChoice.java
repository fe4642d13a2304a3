package dev.dlm.cli.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that make up inputs. */
public final class SizeChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--size",
      paramLabel = "NAME=N",
      split = ",",
      hideParamSyntax = true,
      description = "A size that the model leaves free: B=64; several as B=64,T=128.")
  private Map<String, Long> sizes = new LinkedHashMap<>();

  @Option(
      names = "--input",
      paramLabel = "NAME=FILE",
      description = "The tensor of an input instead of one made up; may be repeated.")
  private Map<String, Path> files = new LinkedHashMap<>();

  /**
   * The sizes by name.
   *
   * @throws ParameterException if one is negative
   */
  public Map<String, Long> sizes() {
    sizes.forEach((name, size) -> {
      if (size < 0) {
        throw new ParameterException(
            command.commandLine(), "--size %s=%d: expected at least 0".formatted(name, size));
      }
    });
    return sizes;
  }

  /** The files of inputs by name. */
  public Map<String, Path> files() {
    return files;
  }
}
