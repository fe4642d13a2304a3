package dev.dlm.cli.model;

import dev.dlm.training.recipe.RecipeData;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of commands that read data. */
public final class DataFolder {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the data files are (default: beside FILE; where there are none, what FILE names"
              + " instead).")
  private Optional<Path> folder = Optional.empty();

  /** What opens the data of a model. */
  public RecipeData of(ModelFile model) {
    return new RecipeData(folder, model.folder());
  }
}
