package dev.dlm.dsl;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs work that recurses over syntax trees on a thread with room for the deepest ones allowed. */
final class DeepStack {
  private static final long STACK_BYTES = 512L << 20;

  private DeepStack() {}

  /** The result of {@code work}; its exceptions are thrown here. */
  static <T> T call(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(null, task, "dlm-elaborate", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case GraphException fault -> throw new GraphException(fault.diagnostics());
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new InternalException("elaboration failed", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InternalException("elaboration was interrupted", e);
    }
  }
}
