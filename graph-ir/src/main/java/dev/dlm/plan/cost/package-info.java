/**
 * What steps and programs take, as formulas of the sizes: operations and bytes. The entry class is
 * {@link dev.dlm.plan.cost.CostModel}.
 */
@NullMarked
package dev.dlm.plan.cost;

import org.jspecify.annotations.NullMarked;
