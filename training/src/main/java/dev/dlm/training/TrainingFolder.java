package dev.dlm.training;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Variable;
import dev.dlm.ir.Variable.Role;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.checkpoint.CheckpointTensor;
import dev.dlm.runtime.checkpoint.CheckpointWriter;
import dev.dlm.runtime.session.Variables;
import dev.dlm.training.data.Fitted;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files of a training run.
 *
 * <ul>
 *   <li>{@code training.safetensors}: all variables, weights among them, and where the run stands.
 *       A resumed run reads this file alone, so a crash between two writes cannot mix two moments.
 *   <li>{@code weights.safetensors}: weights and running statistics of the same moment, or of the
 *       one before if a crash fell between: what other commands read.
 *   <li>{@code best.safetensors}: the same of the epoch whose validation was best.
 *   <li>{@code fitted.txt}: what was learned from the training data before, such as a vocabulary
 *       ({@link Fitted}), where that is anything.
 * </ul>
 *
 * <p>Each is replaced as a whole or not at all.
 */
public final class TrainingFolder {
  /** The name of the file with weights and running statistics. */
  public static final String WEIGHTS = "weights.safetensors";

  /** The name of the file with the weights of the best epoch. */
  public static final String BEST = "best.safetensors";

  /** The name of the file from which a run goes on. */
  public static final String STATE = "training.safetensors";

  private static final Set<Role> MODEL = EnumSet.of(Role.WEIGHT, Role.STATE);

  private final Path folder;
  private final Variables variables;

  TrainingFolder(Path folder, Variables variables) {
    this.folder = folder;
    this.variables = variables;
  }

  /**
   * Saves what was learned from the training data, where that is anything, beside the weights to
   * come.
   *
   * @param resuming whether the run goes on with what lies there, which then is to be the same
   * @throws GraphException with code {@code file-write} or {@code resume-mismatch}
   */
  public static void keep(Path folder, Fitted fitted, boolean resuming) {
    create(folder);
    Path file = folder.resolve(Fitted.FILE);
    if (resuming) {
      fitted.requireSame(Fitted.load(file).orElse(Fitted.NOTHING));
    } else if (!fitted.isEmpty() || Files.exists(file)) {
      fitted.save(file);
    }
  }

  /**
   * Makes the folder where it is missing.
   *
   * @throws GraphException with code {@code file-write}
   */
  void create() {
    create(folder);
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new GraphException(
          Diagnostic.error(
              "file-write",
              "cannot make the folder '%s': %s".formatted(folder, e),
              Location.UNKNOWN),
          e);
    }
  }

  Path folder() {
    return folder;
  }

  Path weights() {
    return folder.resolve(WEIGHTS);
  }

  /**
   * Saves variables and state.
   *
   * @throws GraphException with code {@code file-write}; the files are those of before
   */
  void save(TrainingState state) {
    try (Arena arena = Arena.ofConfined()) {
      List<CheckpointTensor> all = variables.snapshot(EnumSet.allOf(Role.class), arena);
      CheckpointWriter.write(folder.resolve(STATE), state.toMetadata(), all);
      CheckpointWriter.write(weights(), metadata(state), ofModel(all));
    }
  }

  /** Saves the weights as the best so far. */
  void saveBest(TrainingState state) {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointWriter.write(
          folder.resolve(BEST), metadata(state), variables.snapshot(MODEL, arena));
    }
  }

  private List<CheckpointTensor> ofModel(List<CheckpointTensor> all) {
    Set<String> names =
        variables.declared().stream()
            .filter(variable -> MODEL.contains(variable.role()))
            .map(Variable::name)
            .collect(Collectors.toSet());
    return all.stream().filter(tensor -> names.contains(tensor.name())).toList();
  }

  private static Map<String, String> metadata(TrainingState state) {
    return Map.of(
        "format", "dlm weights 1",
        "model", state.model(),
        "epoch", Integer.toString(state.epoch()),
        "batch", Long.toString(state.batch()));
  }

  /**
   * Loads variables and state, if any were saved.
   *
   * @throws GraphException with code {@code file-read}, {@code checkpoint-invalid} or {@code
   *     checkpoint-mismatch}; no variable has changed then
   */
  Optional<TrainingState> load() {
    Path file = folder.resolve(STATE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      TrainingState state = state(file, checkpoint.metadata());
      variables.load(checkpoint, EnumSet.allOf(Role.class), Checkpoint.Unused.REJECT);
      return Optional.of(state);
    }
  }

  private static TrainingState state(Path file, Map<String, String> metadata) {
    try {
      return TrainingState.fromMetadata(metadata);
    } catch (IllegalArgumentException | ArithmeticException | NoSuchElementException e) {
      throw new GraphException(
          Diagnostic.error(
              "checkpoint-invalid",
              "'%s' is not a saved state of training: %s".formatted(file, e.getMessage()),
              Location.UNKNOWN),
          e);
    }
  }

  /**
   * Loads the weights and running statistics of a checkpoint into variables, for evaluation,
   * prediction, or as the start of a training.
   *
   * @throws GraphException with code {@code checkpoint-mismatch} if it is of another model
   */
  public static void loadWeights(Variables variables, Checkpoint checkpoint) {
    variables.load(checkpoint, MODEL, Checkpoint.Unused.IGNORE);
  }
}
