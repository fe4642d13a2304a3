/** The {@code opencl} device. */
@NullMarked
package dev.dlm.kernels.opencl;

import org.jspecify.annotations.NullMarked;
