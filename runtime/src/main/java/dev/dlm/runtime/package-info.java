/** Loading and running compiled models. The entry class is {@link dev.dlm.runtime.Model}. */
@NullMarked
package dev.dlm.runtime;

import org.jspecify.annotations.NullMarked;
