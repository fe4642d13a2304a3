/**
 * The rules that keep the modules apart, checked on the compiled classes of all of them. What every
 * op must have is checked beside them, by {@link dev.dlm.architecture.CompletenessTest}. The entry
 * class is {@link dev.dlm.architecture.ArchitectureTest}.
 */
@NullMarked
package dev.dlm.architecture;

import org.jspecify.annotations.NullMarked;
