package dev.dlm.benchmarks.peer.onednn;

import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Workload;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Matrix products in oneDNN. The thread that prepares a job must also run it: threads are counted
 * by caller.
 */
public final class OneDnnEngine implements Engine {
  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public String version() {
    dnnl_version_t version = dnnl.dnnl_version();
    return version.major() + "." + version.minor() + "." + version.patch();
  }

  @Override
  public Optional<Job> prepare(Workload work, int threads) {
    Threads.set(threads);
    return work instanceof Workload.Product product
        ? Optional.of(new ProductJob(product))
        : Optional.empty();
  }
}
