package dev.dlm.training.data;

import dev.dlm.ir.DType;
import java.util.List;

/**
 * One column of a {@link DataSource}.
 *
 * @param name for messages and for matching with the inputs of a model
 * @param dtype the element type as it is stored
 * @param exampleShape the shape of one example as it is stored; empty for a scalar
 */
public record DataColumn(String name, DType dtype, List<Long> exampleShape) {
  public DataColumn {
    exampleShape = List.copyOf(exampleShape);
  }

  /** The number of elements of one example. */
  public long countElements() {
    return exampleShape.stream().reduce(1L, Math::multiplyExact);
  }
}
