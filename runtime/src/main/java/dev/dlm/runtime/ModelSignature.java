package dev.dlm.runtime;

import dev.dlm.ir.TensorType;
import java.util.List;

/**
 * One thing that a {@link Model} can compute. Immutable.
 *
 * @param description the model's own words; empty where it says nothing
 */
public record ModelSignature(
    String name, String description, List<Parameter> inputs, List<Parameter> outputs) {
  public ModelSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * An input or output.
   *
   * @param type sizes that are names are free: any size will do, equal ones where names are equal
   * @param description the model's own words; empty where it says nothing
   */
  public record Parameter(String name, TensorType type, String description) {}
}
