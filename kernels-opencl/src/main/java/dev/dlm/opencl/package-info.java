/**
 * The {@code opencl} device: platforms, memory, compiled programs and command queue. The entry
 * class is {@link dev.dlm.opencl.OpenClDeviceProvider}; the code that it runs is made by {@link
 * dev.dlm.opencl.source.StepCode}.
 */
@NullMarked
package dev.dlm.opencl;

import org.jspecify.annotations.NullMarked;
