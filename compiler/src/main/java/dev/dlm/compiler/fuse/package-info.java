/**
 * Cutting a body into units: which nodes become one fused loop, which stay kernels of their own,
 * and which loops ride on a contraction as its epilogue. The entry class is {@link
 * dev.dlm.compiler.fuse.Fusion}.
 */
@NullMarked
package dev.dlm.compiler.fuse;

import org.jspecify.annotations.NullMarked;
