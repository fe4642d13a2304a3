/**
 * What a device offers to the runtime: memory, and programs compiled to its own code. The entry
 * class is {@link dev.dlm.runtime.device.Device}; implementations are found through {@link
 * dev.dlm.runtime.device.DeviceProvider}.
 */
@NullMarked
package dev.dlm.runtime.device;

import org.jspecify.annotations.NullMarked;
