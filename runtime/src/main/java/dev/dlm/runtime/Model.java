package dev.dlm.runtime;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Program;
import dev.dlm.runtime.artifact.Artifact;
import dev.dlm.runtime.device.Devices;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.InferenceStream;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A trained model, compiled ahead of time and ready to run.
 *
 * <pre>{@code
 * try (Model model = Model.load(Path.of("digits.dlmc"))) {
 *   Tensor image = Tensor.of(pixels, 1, 28, 28);
 *   Tensor probability = model.predict(Map.of("image", image)).get("probability");
 * }
 * }</pre>
 *
 * <p>Thread-safe: any number of threads may run it at once, each with sizes of its own; they share
 * the weights, which are mapped from the file, and the device's threads.
 */
public final class Model implements AutoCloseable {
  private final Artifact artifact;
  private final Session session;

  private Model(Artifact artifact, Session session) {
    this.artifact = artifact;
    this.session = session;
  }

  /**
   * Loads a model to run on the processor with all its threads.
   *
   * @throws GraphException as {@link #load(Path, SessionOptions)}
   */
  public static Model load(Path file) {
    return load(file, SessionOptions.defaults());
  }

  /**
   * Loads a model.
   *
   * @throws GraphException with code {@code file-read} if the file cannot be read, {@code
   *     artifact-invalid} if it is truncated, altered or something else, {@code artifact-version}
   *     if it is of another version of the format, and as {@link Session#open(dev.dlm.plan.Plan,
   *     SessionOptions)}
   */
  public static Model load(Path file, SessionOptions options) {
    Devices.preload(options.device());
    Artifact artifact = Artifact.open(file);
    boolean loaded = false;
    try {
      Model model = new Model(artifact, Session.open(artifact.plan(), options, artifact.weights()));
      loaded = true;
      return model;
    } finally {
      if (!loaded) {
        artifact.close();
      }
    }
  }

  public String name() {
    return artifact.plan().name();
  }

  /** What the file holds: plan, weights, and what it was made from. */
  public Artifact artifact() {
    return artifact;
  }

  /** What the model can compute, in the order of its declaration. */
  public List<ModelSignature> signatures() {
    List<ModelSignature> signatures = new ArrayList<>();
    for (Program program : artifact.plan().programs()) {
      signatures.add(
          new ModelSignature(
              program.name(),
              artifact.metadata().description(program.name()).orElse(""),
              parameters(program, program.inputs()),
              parameters(program, program.outputs())));
    }
    return signatures;
  }

  private List<ModelSignature.Parameter> parameters(Program program, List<Program.Port> ports) {
    return ports.stream()
        .map(port ->
            new ModelSignature.Parameter(
                port.name(),
                port.view().type(),
                artifact.metadata().description(program.name() + "." + port.name()).orElse("")))
        .toList();
  }

  /**
   * Computes the outputs of the model.
   *
   * @param inputs one tensor for each input
   * @return a new tensor for each output
   * @throws GraphException as {@link #run}
   */
  public Map<String, Tensor> predict(Map<String, Tensor> inputs) {
    return run(Graph.PREDICT, inputs);
  }

  /**
   * Computes the outputs of a signature.
   *
   * @param inputs one tensor for each input
   * @return a new tensor for each output
   * @throws GraphException as {@link Session#run}
   */
  public Map<String, Tensor> run(String signature, Map<String, Tensor> inputs) {
    return session.run(signature, inputs);
  }

  /**
   * A call that is made again and again with little overhead, for one thread at a time.
   *
   * @throws GraphException with code {@code unknown-signature}
   */
  public Call prepare(String signature) {
    return session.prepare(signature);
  }

  /**
   * Begins a stream of calls with a state of its own, for models that keep one.
   *
   * @throws GraphException as {@link Session#openStream}
   */
  public InferenceStream openStream() {
    return session.openStream();
  }

  /** The session that runs the model; closed with it. */
  public Session session() {
    return session;
  }

  /** One line about the device, for people. */
  public String deviceDescription() {
    return session.deviceDescription();
  }

  /** Waits for calls in flight, then frees all memory and unmaps the file. */
  @Override
  public void close() {
    session.close();
    artifact.close();
  }
}
