package dev.dlm.plan;

import dev.dlm.diagnostic.Location;
import java.util.List;

/**
 * One kernel applied to buffers. Operand {@code i} of the step is {@code reads[i]}, then {@code
 * writes[i - reads.size()]}. A buffer that stands in both is changed in place; the compiler does
 * that only where each element is read before it is written.
 *
 * @param location the model's lines that this step came from
 */
public record Step(Kernel kernel, List<View> reads, List<View> writes, Location location) {
  public Step {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }

  /** An operand by its number. */
  public View operand(int index) {
    return index < reads.size() ? reads.get(index) : writes.get(index - reads.size());
  }

  /** The number of operands. */
  public int countOperands() {
    return reads.size() + writes.size();
  }
}
