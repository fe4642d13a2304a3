/**
 * OpenCL C for the steps of a plan, as text: no device is needed to make it. The entry class is
 * {@link dev.dlm.opencl.source.StepCode}.
 */
@NullMarked
package dev.dlm.opencl.source;

import org.jspecify.annotations.NullMarked;
