package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;

/**
 * Data that are read in two steps: what follows from the training examples, say a vocabulary, is
 * fitted first, and both parts are opened with it. Thread-safe.
 */
public interface ExampleReader {
  /**
   * What follows from the training examples of these data.
   *
   * @throws GraphException with code {@code data-invalid} or {@code data-mismatch}
   */
  Fitted fit();

  /**
   * The examples of a part.
   *
   * @param fitted what {@link #fit} gave, here or for other data of the same form
   * @throws GraphException with code {@code data-invalid} or {@code data-mismatch}
   */
  DataSource open(Part part, Fitted fitted);
}
