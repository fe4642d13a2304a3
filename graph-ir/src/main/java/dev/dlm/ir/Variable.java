package dev.dlm.ir;

import dev.dlm.diagnostic.Location;

/**
 * State that lives across runs and is shared by the signatures of a graph: weights, optimizer
 * state, running statistics, counters; or the state of one stream of calls. Its first value is what
 * the signature {@link Graph#INITIALIZE} computes, or zeros for a stream's.
 *
 * @param name the path, stable under edits elsewhere, for example {@code
 *     encoder.block[3].attention.query.w}; the name in checkpoints
 * @param type of constant shape
 * @param role what it is for
 */
public record Variable(String name, TensorType type, Role role, Location location) {
  /** What a variable is for; decides where it is saved and what is trained. */
  public enum Role {
    /** Found by training; part of the model. */
    WEIGHT,
    /** Part of the model but not found by gradients, for example running statistics. */
    STATE,
    /** Needed by training alone: optimizer moments, step counters. Saved beside the model. */
    TRAINING,
    /**
     * Belongs to one stream of calls, not to the model: zeros when the stream begins, then what the
     * last call of the stream left. Never saved; {@link Graph#INITIALIZE} does not give it a value.
     */
    STREAM
  }

  public Variable {
    if (!type.shape().isConstant()) {
      throw new IllegalArgumentException("variable " + name + " has the symbolic type " + type);
    }
  }
}
