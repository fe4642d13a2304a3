/**
 * The text form of graphs and plans: {@link dev.dlm.text.GraphPrinter} prints a graph so that
 * {@link dev.dlm.text.GraphParser} reads an equal one; {@link dev.dlm.text.PlanPrinter} prints a
 * plan for people; {@link dev.dlm.text.Verifier} reports a broken graph with its text.
 */
@NullMarked
package dev.dlm.text;

import org.jspecify.annotations.NullMarked;
