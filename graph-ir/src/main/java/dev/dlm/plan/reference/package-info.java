/**
 * The plain meaning of plans: runs loops and programs as their descriptions say. The truth that
 * devices, fusion and memory planning are tested against. The entry class is {@link
 * dev.dlm.plan.reference.PlanInterpreter}.
 */
@NullMarked
package dev.dlm.plan.reference;

import org.jspecify.annotations.NullMarked;
