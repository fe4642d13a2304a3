package dev.dlm.cli.bench;

import dev.dlm.cli.model.ModelFile;
import dev.dlm.cli.model.WeightsFile;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.Model;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.training.TrainingFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** A signature of a model, ready to run. */
public final class OpenedModel implements AutoCloseable {
  private static final String COMPILED = ".dlmc";

  private final String name;
  private final Program program;
  private final Session session;
  private final Runnable closing;

  private OpenedModel(String name, Program program, Session session, Runnable closing) {
    this.name = name;
    this.program = program;
    this.session = session;
    this.closing = closing;
  }

  /**
   * Opens a {@code .dlm} or {@code .dlmc} file.
   *
   * @param modelName one of several models of a {@code .dlm} file
   * @param weights for a {@code .dlm} file; where empty, weights have their first values
   * @throws dev.dlm.diagnostic.GraphException with all mistakes in the file, with code {@code
   *     unknown-signature}, or as {@link Session#open(Plan, SessionOptions)}
   */
  public static OpenedModel open(
      Path file,
      Optional<String> modelName,
      String signature,
      Optional<Path> weights,
      SessionOptions options) {
    if (file.toString().endsWith(COMPILED)) {
      Model model = Model.load(file, options);
      return opening(
          model::close,
          () ->
              new OpenedModel(
                  model.name(),
                  model.artifact().plan().program(signature),
                  model.session(),
                  model::close));
    }
    ModelFile model = ModelFile.load(file, modelName);
    return open(model, model.plan(), signature, weights, options);
  }

  /**
   * Opens a model that is compiled already.
   *
   * @param plan of the model
   * @param weights where empty, weights have their first values
   * @throws dev.dlm.diagnostic.GraphException as {@link #open(Path, Optional, String, Optional,
   *     SessionOptions)}
   */
  public static OpenedModel open(
      ModelFile model,
      Plan plan,
      String signature,
      Optional<Path> weights,
      SessionOptions options) {
    Program program = plan.program(signature);
    Session session = Session.open(plan, options);
    return opening(
        session::close,
        () -> {
          if (plan.findProgram(Graph.INITIALIZE).isPresent()) {
            session.initialize(1);
          }
          if (weights.isPresent()) {
            try (Checkpoint checkpoint = Checkpoint.open(WeightsFile.choose(weights, model))) {
              TrainingFolder.loadWeights(session.variables(), checkpoint);
            }
          }
          return new OpenedModel(plan.name(), program, session, session::close);
        });
  }

  /** Closes what was opened for a model that then could not be. */
  private static OpenedModel opening(Runnable closing, Supplier<OpenedModel> rest) {
    boolean done = false;
    try {
      OpenedModel model = rest.get();
      done = true;
      return model;
    } finally {
      if (!done) {
        closing.run();
      }
    }
  }

  public String name() {
    return name;
  }

  /** The signature. */
  public Program program() {
    return program;
  }

  /** Runs it; closed with this. */
  public Session session() {
    return session;
  }

  @Override
  public void close() {
    closing.run();
  }
}
