/**
 * Tensors in the memory of the host, as callers give and take them. The entry class is {@link
 * dev.dlm.runtime.tensor.Tensor}.
 */
@NullMarked
package dev.dlm.runtime.tensor;

import org.jspecify.annotations.NullMarked;
