/** Compilation of a graph to a plan. */
@NullMarked
package dev.dlm.compiler;

import org.jspecify.annotations.NullMarked;
