package dev.dlm.training.recipe;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.ir.ReaderSignature;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.TrainingRecipe.DataCall;
import dev.dlm.ir.TrainingRecipe.DataClause;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.ExampleReader;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens the data that the clauses of a {@code train} block name, by the readers of {@link
 * ReaderSignature}. A name of a file that ends in {@code .gz} also finds the file without it, and
 * the other way round.
 *
 * <p>Stateless and thread-safe.
 */
public final class RecipeData {
  private static final String COMPRESSED = ".gz";

  private final Optional<Path> folder;
  private final Path modelFolder;

  /**
   * The data of a recipe.
   *
   * @param training one column for each input of the data clause, in order
   * @param validation likewise for the validation clause; empty where there is none
   * @param fitted what was learned from the training data, to be kept with the weights
   */
  public record Sources(DataSource training, Optional<DataSource> validation, Fitted fitted) {}

  /**
   * @param folder where the user says that the files are. A clause that names files then takes them
   *     from there and falls back to nothing else
   * @param modelFolder where files are looked for otherwise: the folder of the model's file
   */
  public RecipeData(Optional<Path> folder, Path modelFolder) {
    this.folder = folder;
    this.modelFolder = modelFolder;
  }

  /**
   * The data of a recipe. Of several alternatives the first is taken whose files are there.
   * Integers that the graph takes for class numbers or indices are checked to be such.
   *
   * @throws GraphException at the place of the clause or call, or of the mistake in the data:
   *     {@code data-missing} if there are no data, {@code file-read}, {@code data-invalid} or
   *     {@code data-mismatch} if they are at fault
   */
  public Sources open(TrainingRecipe recipe, Graph graph) {
    Map<Object, ExampleReader> readers = new HashMap<>();
    Choice choice = choose(recipe.data());
    Fitted fitted = at(choice.call, () -> reader(choice, readers).fit());
    DataSource training = open(choice, Part.TRAINING, fitted, graph, readers);
    Optional<DataSource> validation =
        recipe
            .validation()
            .map(clause -> open(choose(clause), Part.VALIDATION, fitted, graph, readers));
    return new Sources(training, validation, fitted);
  }

  /**
   * The validation data of a recipe, or all of its data where it names none.
   *
   * @param fitted what was learned from the training data; where empty it is learned again, which
   *     needs these
   * @throws GraphException as {@link #open}
   */
  public DataSource openValidation(TrainingRecipe recipe, Graph graph, Optional<Fitted> fitted) {
    Map<Object, ExampleReader> readers = new HashMap<>();
    Choice choice = choose(recipe.validation().orElse(recipe.data()));
    Fitted known = Fitted.NOTHING;
    if (fitted.isPresent()) {
      known = fitted.get();
    } else if (Readers.areFitted(choice.call)) {
      Choice training = choose(recipe.data());
      known = at(training.call, () -> reader(training, readers).fit());
    }
    return open(choice, Part.VALIDATION, known, graph, readers);
  }

  /** What feeds a clause, in a few words: the folder of the files, or what is built in. */
  public String describe(DataClause clause) {
    DataCall call = choose(clause).call;
    return call.files().isEmpty()
        ? call.reader().replace('_', ' ')
        : "%s: %s in %s"
            .formatted(call.reader(), String.join(", ", call.files()), folder.orElse(modelFolder));
  }

  /** A call, and the inputs that it feeds. */
  private record Choice(DataClause clause, DataCall call) {
    /** What makes two calls read the same. */
    Object key() {
      return List.of(clause.inputs(), call.reader(), call.files(), call.options());
    }
  }

  private ExampleReader reader(Choice choice, Map<Object, ExampleReader> readers) {
    return readers.computeIfAbsent(
        choice.key(), _ -> Readers.read(choice.call, choice.clause.inputs(), this::file));
  }

  private DataSource open(
      Choice choice, Part part, Fitted fitted, Graph graph, Map<Object, ExampleReader> readers) {
    return at(
        choice.call,
        () -> {
          DataSource source = reader(choice, readers).open(part, fitted);
          Map<String, Long> counts = ClassCounts.of(graph);
          for (int i = 0; i < choice.clause.inputs().size(); i++) {
            Long bound = counts.get(choice.clause.inputs().get(i));
            if (bound != null && source.columns().get(i).dtype().isInteger()) {
              source.requireBelow(i, bound);
            }
          }
          return source;
        });
  }

  /** Has mistakes say which call they concern. */
  private static <T> T at(DataCall call, Supplier<T> action) {
    try {
      return action.get();
    } catch (GraphException e) {
      throw new GraphException(
          e.diagnostics().stream().map(diagnostic -> placed(diagnostic, call)).toList());
    }
  }

  private static Diagnostic placed(Diagnostic diagnostic, DataCall call) {
    return switch (diagnostic.location()) {
      case Location.Unknown _ -> diagnostic.at(call.location());
      case Location.Source _, Location.Called _, Location.Fused _, Location.Derived _ ->
          call.location() instanceof Location.Unknown
              ? diagnostic
              : diagnostic.note("these data are named here", call.location());
    };
  }

  private Choice choose(DataClause clause) {
    List<DataCall> ofFiles =
        clause.alternatives().stream().filter(call -> !call.files().isEmpty()).toList();
    if (folder.isPresent() && !ofFiles.isEmpty()) {
      if (!Files.isDirectory(folder.get())) {
        throw new GraphException(
            Diagnostic.error(
                "data-missing",
                "there is no folder '%s' to take the data from".formatted(folder.get()),
                clause.location()));
      }
      return new Choice(clause, firstPresent(ofFiles).orElse(ofFiles.getFirst()));
    }
    return new Choice(
        clause,
        firstPresent(clause.alternatives())
            .orElseThrow(() ->
                new GraphException(
                    Diagnostic.error(
                            "data-missing",
                            "none of the data named here are in '%s'".formatted(modelFolder),
                            clause.location())
                        .withHelp("--data DIR names the folder that holds them"))));
  }

  private Optional<DataCall> firstPresent(List<DataCall> calls) {
    return calls.stream().filter(this::isPresent).findFirst();
  }

  private boolean isPresent(DataCall call) {
    return call.files().isEmpty()
        || call.files().stream().anyMatch(name -> Files.exists(file(name)));
  }

  private Path file(String name) {
    Path named = folder.orElse(modelFolder).resolve(name);
    Path other =
        name.endsWith(COMPRESSED)
            ? named.resolveSibling(
                name.substring(name.lastIndexOf('/') + 1, name.length() - COMPRESSED.length()))
            : named.resolveSibling(named.getFileName() + COMPRESSED);
    return !Files.exists(named) && Files.exists(other) ? other : named;
  }
}
