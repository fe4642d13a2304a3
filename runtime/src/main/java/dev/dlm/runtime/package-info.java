/** Loading and running compiled models. */
@NullMarked
package dev.dlm.runtime;

import org.jspecify.annotations.NullMarked;
