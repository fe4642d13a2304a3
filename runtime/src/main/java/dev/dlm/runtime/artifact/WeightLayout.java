package dev.dlm.runtime.artifact;

import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the shared variables of a plan lie in the section of weights: in the order of the plan,
 * each at a multiple of 64 bytes. Follows from the plan alone, so no table is stored. Immutable.
 *
 * @param offsets bytes from the start of the section, by name
 * @param totalBytes of the section
 */
record WeightLayout(Map<String, Long> offsets, long totalBytes) {
  static WeightLayout of(Plan plan) {
    Map<String, Long> offsets = new LinkedHashMap<>();
    long next = 0;
    for (Variable variable : plan.sharedVariables()) {
      offsets.put(variable.name(), next);
      next = Math.addExact(next, SectionFile.align(sizeBytes(variable)));
    }
    return new WeightLayout(offsets, next);
  }

  /** The part of the section that holds a variable. */
  MemorySegment slice(MemorySegment section, Variable variable) {
    Long offset = offsets.get(variable.name());
    if (offset == null) {
      throw new IllegalArgumentException("no place for the variable " + variable.name());
    }
    return section.asSlice(offset, sizeBytes(variable));
  }

  private static long sizeBytes(Variable variable) {
    return variable.type().sizeBytes().asLong();
  }
}
