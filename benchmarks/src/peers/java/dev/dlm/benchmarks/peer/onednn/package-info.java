/**
 * oneDNN through its JavaCPP presets: single primitives.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.peer.onednn.OneDnnEngine}.
 */
@NullMarked
package dev.dlm.benchmarks.peer.onednn;

import org.jspecify.annotations.NullMarked;
