/**
 * Passes that make a graph smaller and cheaper without changing what it computes: expansion of
 * composite ops, folding of constants, sharing of equal nodes, removal of dead ones, and the laws
 * of arithmetic and of shapes. Each pass says in its Javadoc where bits of finite results may
 * change; a pass that says nothing changes none. A typical entry class is {@link
 * dev.dlm.compiler.simplify.SimplifyAlgebra}.
 */
@NullMarked
package dev.dlm.compiler.simplify;

import org.jspecify.annotations.NullMarked;
