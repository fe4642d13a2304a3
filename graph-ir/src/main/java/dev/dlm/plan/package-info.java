/**
 * The plan: what the compiler hands to the runtime. Steps over buffers at planned places, symbolic
 * in the free sizes, with nothing in it that only one kind of device could run. The entry class is
 * {@link dev.dlm.plan.Plan}; the loop language of fused steps is {@link dev.dlm.plan.LoopKernel}.
 */
@NullMarked
package dev.dlm.plan;

import org.jspecify.annotations.NullMarked;
