package dev.dlm.plan;

import dev.dlm.ir.TensorType;

/**
 * A buffer read or written as a dense row-major tensor from its first byte on. One buffer may be
 * viewed under several shapes of as many elements.
 *
 * @param buffer its place in {@link Program#buffers}
 */
public record View(int buffer, TensorType type) {
  @Override
  public String toString() {
    return "#" + buffer + ": " + type;
  }
}
