/**
 * What the tests of several modules share. The entry classes are {@link dev.dlm.testing.SharedData}
 * for data sets, {@link dev.dlm.testing.OpCases} for applications of every op, and {@link
 * dev.dlm.testing.RandomGraphs} for graphs.
 */
@NullMarked
package dev.dlm.testing;

import org.jspecify.annotations.NullMarked;
