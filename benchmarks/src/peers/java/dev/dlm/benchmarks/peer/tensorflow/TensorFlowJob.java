package dev.dlm.benchmarks.peer.tensorflow;

import dev.dlm.benchmarks.engine.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operation;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunOptions;

/** A session that runs a graph again and again. */
final class TensorFlowJob implements Job {
  /**
   * Ops run on the thread that calls: one after the other, without the cost of handing them over.
   */
  private static final int CALLERS_THREAD = -1;

  private final ModelGraph model;
  private final Session session;
  private final boolean ownsSession;
  private final List<Tensor> fed;
  private final RunOptions options =
      RunOptions.newBuilder().setInterOpThreadPool(CALLERS_THREAD).build();
  private @Nullable Result fetched;
  private float[] array = {};

  TensorFlowJob(ModelGraph model, int threads) {
    this.model = model;
    ownsSession = true;
    fed = model.feeds().stream().map(ModelGraph.Feed::tensor).toList();
    session =
        new Session(
            model.graph(),
            ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1)
                .build());
    if (!model.initializers().isEmpty()) {
      Session.Runner runner = session.runner();
      model.initializers().forEach(runner::addTarget);
      runner.run().close();
    }
  }

  /** One more caller of another's session. */
  private TensorFlowJob(TensorFlowJob other) {
    model = other.model;
    session = other.session;
    ownsSession = false;
    fed = model.feeds().stream().map(ModelGraph.Feed::tensor).toList();
  }

  @Override
  public void run() {
    Session.Runner runner = session.runner().setOptions(options).fetch(model.fetched());
    for (int i = 0; i < fed.size(); i++) {
      ModelGraph.Feed feed = model.feeds().get(i);
      if (model.takesArrays() && feed.elements() instanceof float[] elements) {
        fed.get(i).asRawTensor().data().asFloats().write(elements);
      }
      runner.feed(feed.placeholder(), fed.get(i));
    }
    for (Operation target : model.targets()) {
      runner.addTarget(target);
    }
    if (fetched != null) {
      fetched.close();
    }
    fetched = runner.run();
    if (model.takesArrays()) {
      read(fetched);
    }
  }

  private void read(Result outputs) {
    RawTensor tensor = outputs.get(0).asRawTensor();
    int count = (int) tensor.shape().size();
    if (array.length != count) {
      array = new float[count];
    }
    tensor.data().asFloats().read(array);
  }

  @Override
  public float[] result() {
    if (fetched != null) {
      read(fetched);
    }
    return array.clone();
  }

  @Override
  public Job anotherCaller() {
    return new TensorFlowJob(this);
  }

  @Override
  public void close() {
    if (fetched != null) {
      fetched.close();
    }
    fed.forEach(Tensor::close);
    if (ownsSession) {
      session.close();
      model.graph().close();
    }
  }
}
