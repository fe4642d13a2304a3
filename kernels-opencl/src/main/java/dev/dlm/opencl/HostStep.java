package dev.dlm.opencl;

import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An op without OpenCL C: the host reads its operands, evaluates it as it is defined, and writes
 * the results. Slow, and a run waits for it, but right for every op there is.
 *
 * @param op its sizes are constant
 */
record HostStep(Op op, List<Operand> reads, List<Operand> writes) implements FrameStep {
  /** A tensor on the device, of constant shape. */
  record Operand(OpenClFrame.Place place, TensorType type) {
    private HostTensor read() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(Math.max(1, place.sizeBytes()), 8);
        if (place.sizeBytes() > 0) {
          place.memory().read(place.offsetBytes(), bytes.asSlice(0, place.sizeBytes()));
        }
        return HostTensor.fromMemory(type, bytes);
      }
    }

    private void write(HostTensor value) {
      if (place.sizeBytes() == 0) {
        return;
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(place.sizeBytes(), 8);
        value.toMemory(bytes);
        place.memory().write(place.offsetBytes(), bytes);
      }
    }
  }

  HostStep {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }

  @Override
  public void enqueue() {
    List<HostTensor> operands = new ArrayList<>();
    reads.forEach(read -> operands.add(read.read()));
    EvalContext context = new EvalContext(operands, writes.stream().map(Operand::type).toList());
    List<HostTensor> results = op.evaluate(context);
    for (int i = 0; i < results.size(); i++) {
      writes.get(i).write(results.get(i));
    }
  }

  @Override
  public void close() {}
}
