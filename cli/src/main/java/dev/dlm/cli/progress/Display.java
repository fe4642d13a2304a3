package dev.dlm.cli.progress;

import java.util.Map;

/** Shows people how far an epoch has come. Used by one thread. */
interface Display extends AutoCloseable {
  /**
   * @param done batches so far
   * @param batches of the epoch
   * @param words what is worth knowing of the last batch
   */
  void show(String task, long done, long batches, Map<String, Double> words);

  /** Ends what {@link #show} began, before other messages. */
  @Override
  void close();
}
