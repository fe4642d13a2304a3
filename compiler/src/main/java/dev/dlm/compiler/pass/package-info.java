/**
 * The pass framework: a {@link dev.dlm.compiler.pass.Pass} is a function from graph to graph, a
 * {@link dev.dlm.compiler.pass.Pipeline} runs several, a {@link
 * dev.dlm.compiler.pass.RewriteRuleSet} turns local rewrite rules into a change of a body. The
 * entry class is {@link dev.dlm.compiler.pass.Pipeline}.
 */
@NullMarked
package dev.dlm.compiler.pass;

import org.jspecify.annotations.NullMarked;
