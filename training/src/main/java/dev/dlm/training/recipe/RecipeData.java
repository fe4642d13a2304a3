package dev.dlm.training.recipe;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TrainingRecipe.DataCall;
import dev.dlm.ir.TrainingRecipe.DataClause;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.GeneratedDigits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the data that a clause of a {@code train} block names. Readers:
 *
 * <ul>
 *   <li>{@code idx(file, …)}: IDX files, one for each input, plain or compressed; a name that ends
 *       in {@code .gz} also finds the file without it, and the other way round.
 *   <li>{@code generated_digits(part, count)}: the built-in digits, {@code "train"} or {@code
 *       "validate"}.
 * </ul>
 *
 * Stateless and thread-safe.
 */
public final class RecipeData {
  private static final String IDX = "idx";
  private static final String GENERATED_DIGITS = "generated_digits";
  private static final String COMPRESSED = ".gz";

  private final Optional<Path> folder;
  private final Path modelFolder;

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
   * The data of a clause: one column for each of its inputs, in order. Of several alternatives the
   * first is taken whose files are there. Integers that the graph compares with class numbers are
   * checked to be such.
   *
   * @throws GraphException at the place of the clause or call: {@code data-missing} if there are no
   *     data, {@code file-read}, {@code data-invalid} or {@code data-mismatch} if they are at fault
   */
  public ArrayDataSource open(DataClause clause, Graph graph) {
    DataCall call = choose(clause);
    try {
      ArrayDataSource source = read(call, clause);
      Map<String, Long> counts = ClassCounts.of(graph);
      for (int i = 0; i < clause.inputs().size(); i++) {
        Long bound = counts.get(clause.inputs().get(i));
        if (bound != null && source.columns().get(i).dtype().isInteger()) {
          source.requireLabelsBelow(i, bound);
        }
      }
      return source;
    } catch (GraphException e) {
      throw new GraphException(
          e.diagnostics().stream().map(diagnostic -> placed(diagnostic, call)).toList());
    }
  }

  /** What feeds a clause, in a few words: the folder of the files, or what is built in. */
  public String describe(DataClause clause) {
    DataCall call = choose(clause);
    return call.reader().equals(IDX)
        ? call.reader() + " files in " + folder.orElse(modelFolder)
        : call.reader().replace('_', ' ');
  }

  private static Diagnostic placed(Diagnostic diagnostic, DataCall call) {
    return diagnostic.location() instanceof Location.Unknown
        ? diagnostic.at(call.location())
        : diagnostic;
  }

  private DataCall choose(DataClause clause) {
    List<DataCall> ofFiles =
        clause.alternatives().stream().filter(call -> call.reader().equals(IDX)).toList();
    if (folder.isPresent() && !ofFiles.isEmpty()) {
      if (!Files.isDirectory(folder.get())) {
        throw new GraphException(
            Diagnostic.error(
                "data-missing",
                "there is no folder '%s' to take the data from".formatted(folder.get()),
                clause.location()));
      }
      return firstPresent(ofFiles).orElse(ofFiles.getFirst());
    }
    return firstPresent(clause.alternatives())
        .orElseThrow(() ->
            new GraphException(
                Diagnostic.error(
                        "data-missing",
                        "none of the data named here are in '%s'".formatted(modelFolder),
                        clause.location())
                    .withHelp("--data DIR names the folder that holds them")));
  }

  private Optional<DataCall> firstPresent(List<DataCall> calls) {
    return calls.stream().filter(this::isPresent).findFirst();
  }

  private boolean isPresent(DataCall call) {
    return !call.reader().equals(IDX)
        || call.arguments().stream().anyMatch(name -> Files.exists(file(String.valueOf(name))));
  }

  private ArrayDataSource read(DataCall call, DataClause clause) {
    return switch (call.reader()) {
      case IDX ->
          ArrayDataSource.idx(
              clause.inputs(),
              call.arguments().stream().map(name -> file(String.valueOf(name))).toList());
      case GENERATED_DIGITS -> digits(call);
      default ->
          throw new GraphException(
              Diagnostic.error(
                      "unknown-reader",
                      "there is no data reader '" + call.reader() + "'",
                      call.location())
                  .withHelp("readers: " + IDX + ", " + GENERATED_DIGITS));
    };
  }

  private static ArrayDataSource digits(DataCall call) {
    GeneratedDigits.Part part =
        call.arguments().getFirst().equals("validate")
            ? GeneratedDigits.Part.VALIDATE
            : GeneratedDigits.Part.TRAIN;
    return call.arguments().size() > 1 && call.arguments().get(1) instanceof Long count
        ? GeneratedDigits.of(part, Math.toIntExact(count), GeneratedDigits.DEFAULT_SEED)
        : GeneratedDigits.of(part);
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
