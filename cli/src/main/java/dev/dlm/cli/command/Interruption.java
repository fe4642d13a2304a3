package dev.dlm.cli.command;

import java.util.concurrent.CountDownLatch;

/**
 * Lets work that is under way come to a good end when the process is told to end, as by Ctrl-C: the
 * request is passed on, and the process waits until this is closed.
 */
final class Interruption implements AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  /**
   * @param request asks the work to end soon; called on another thread
   */
  Interruption(Runnable request) {
    this.hook =
        new Thread(
            () -> {
              request.run();
              awaitEnd();
            },
            "dlm-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void awaitEnd() {
    try {
      finished.await();
    } catch (InterruptedException e) {
      // Somebody wants the process gone at once.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, which is what the hook was for.
    }
  }
}
