/**
 * The {@code cpu} device: native memory, generated loops and contractions on a pool of threads. The
 * entry class is {@link dev.dlm.cpu.device.CpuDeviceProvider}.
 */
@NullMarked
package dev.dlm.cpu.device;

import org.jspecify.annotations.NullMarked;
