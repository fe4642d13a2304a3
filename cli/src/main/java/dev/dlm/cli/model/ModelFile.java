package dev.dlm.cli.model;

import dev.dlm.compiler.Compiler;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A {@code .dlm} file and the model in it that a command is about. Immutable. */
public final class ModelFile {
  private final Path file;
  private final ElaboratedModel model;

  private ModelFile(Path file, ElaboratedModel model) {
    this.file = file;
    this.model = model;
  }

  /**
   * Reads a file.
   *
   * @param name the model that is meant; otherwise the first that is trained, or else the first
   * @throws GraphException with all mistakes in the file, or with code {@code unknown-model} if it
   *     has no such model
   */
  public static ModelFile load(Path file, Optional<String> name) {
    Elaborated elaborated = Dsl.elaborate(file);
    Optional<ElaboratedModel> found =
        name.isEmpty()
            ? elaborated.mainModel()
            : elaborated.models().stream()
                .filter(model -> model.name().equals(name.get()))
                .findFirst();
    return new ModelFile(file, found.orElseThrow(() -> unknown(file, name, elaborated)));
  }

  private static GraphException unknown(Path file, Optional<String> name, Elaborated elaborated) {
    if (name.isEmpty()) {
      return new GraphException(
          Diagnostic.error(
                  "unknown-model",
                  "'%s' holds no model that can be made".formatted(file),
                  Location.UNKNOWN)
              .withHelp(
                  "a model needs standard values for its parameters, or a train block that gives"
                      + " them"));
    }
    List<String> names = elaborated.models().stream().map(ElaboratedModel::name).toList();
    return new GraphException(
        Diagnostic.error(
                "unknown-model",
                "'%s' holds no model '%s' that can be made".formatted(file, name.get()),
                Location.UNKNOWN)
            .withHelp(Suggestion.help(name.get(), "models", names)));
  }

  /** The file as the user named it. */
  public Path file() {
    return file;
  }

  /** The file's name without folder and ending. */
  public String stem() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  public ElaboratedModel model() {
    return model;
  }

  public Graph graph() {
    return model.graph();
  }

  /** The compiled model. */
  public Plan plan() {
    return Compiler.compile(graph());
  }

  /**
   * The model's {@code train} block.
   *
   * @throws GraphException with code {@code incomplete-training} if it has none
   */
  public TrainingRecipe recipe() {
    return model
        .recipe()
        .orElseThrow(() ->
            new GraphException(
                Diagnostic.error(
                        "incomplete-training",
                        "'%s' has no train block for the model '%s'".formatted(file, model.name()),
                        Location.UNKNOWN)
                    .withHelp(
                        "say what to minimize, with what, on what data: train "
                            + model.name()
                            + " { … }")));
  }

  /** The folder in which the file stands. */
  public Path folder() {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Where training leaves its results unless another folder is named: beside nobody's files. */
  public Path standardOutput() {
    return Path.of(stem() + ".out");
  }
}
