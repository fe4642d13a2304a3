/**
 * The intermediate representation: types with symbolic shapes, values, nodes, bodies, and the
 * immutable {@link dev.dlm.ir.Graph} with its named signatures over shared variables. {@link
 * dev.dlm.ir.GraphBuilder} makes one.
 */
@NullMarked
package dev.dlm.ir;

import org.jspecify.annotations.NullMarked;
