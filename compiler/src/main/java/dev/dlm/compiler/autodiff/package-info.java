/**
 * Reverse-mode differentiation of graphs. The entry class is {@link
 * dev.dlm.compiler.autodiff.ExpandGradients}.
 */
@NullMarked
package dev.dlm.compiler.autodiff;

import org.jspecify.annotations.NullMarked;
