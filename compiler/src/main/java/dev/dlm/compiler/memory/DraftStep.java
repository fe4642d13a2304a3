package dev.dlm.compiler.memory;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Value;
import dev.dlm.plan.Kernel;
import java.util.List;

/** A step whose operands are still values of a body, before they have buffers. */
public record DraftStep(Kernel kernel, List<Value> reads, List<Value> writes, Location location) {
  public DraftStep {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }
}
