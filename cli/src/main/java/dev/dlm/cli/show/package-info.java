/**
 * Graphs and plans laid out for people. The entry class is {@link dev.dlm.cli.show.PlanListing}.
 */
@NullMarked
package dev.dlm.cli.show;

import org.jspecify.annotations.NullMarked;
