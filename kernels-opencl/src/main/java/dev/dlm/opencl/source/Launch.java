package dev.dlm.opencl.source;

import java.util.Arrays;
import java.util.List;

/**
 * A kernel with the work items that run it.
 *
 * @param global work items along each dimension, multiples of {@code local}
 * @param local work items of a group along each dimension
 */
public record Launch(KernelCode code, List<Long> global, List<Long> local) {
  public Launch {
    global = List.copyOf(global);
    local = List.copyOf(local);
  }

  /** At least {@code items} work items along one dimension, in groups of {@code group}. */
  static Launch flat(KernelCode code, long items, long group) {
    return new Launch(code, List.of(roundUp(items, group)), List.of(group));
  }

  static Launch of(KernelCode code, long[] global, long[] local) {
    return new Launch(code, listOf(global), listOf(local));
  }

  private static List<Long> listOf(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  static long roundUp(long items, long group) {
    return Math.ceilDiv(items, group) * group;
  }
}
