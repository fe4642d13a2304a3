/**
 * Tensors in files: NumPy's {@code .npy} and JSON. The entry class is {@link
 * dev.dlm.cli.io.TensorFile}.
 */
@NullMarked
package dev.dlm.cli.io;

import org.jspecify.annotations.NullMarked;
