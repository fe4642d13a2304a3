/** The {@code cpu} device. */
@NullMarked
package dev.dlm.kernels.cpu;

import org.jspecify.annotations.NullMarked;
