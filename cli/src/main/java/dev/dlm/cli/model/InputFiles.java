package dev.dlm.cli.model;

import dev.dlm.cli.io.TensorFile;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.plan.Program;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inputs of a signature that lie in files. */
public final class InputFiles {
  private InputFiles() {}

  /**
   * Reads tensors of the types that a program's inputs have.
   *
   * @param files by the name of the input
   * @throws GraphException with code {@code unknown-input} if the program has no such input, and
   *     for files that do not hold one
   */
  public static Map<String, Tensor> read(Map<String, Path> files, Program program) {
    List<String> known = program.inputs().stream().map(Program.Port::name).toList();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    files.forEach((name, path) -> {
      int index = known.indexOf(name);
      if (index < 0) {
        throw new GraphException(
            Diagnostic.error(
                    "unknown-input",
                    "'%s' has no input '%s'".formatted(program.name(), name),
                    Location.UNKNOWN)
                .withHelp(Suggestion.help(name, "inputs", known)));
      }
      tensors.put(name, TensorFile.read(path, program.inputs().get(index).view().type()));
    });
    return tensors;
  }
}
