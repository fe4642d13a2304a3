/**
 * The rules that keep the modules apart, checked on the compiled classes of all of them. The entry
 * class is {@link dev.dlm.architecture.ArchitectureTest}.
 */
@NullMarked
package dev.dlm.architecture;

import org.jspecify.annotations.NullMarked;
