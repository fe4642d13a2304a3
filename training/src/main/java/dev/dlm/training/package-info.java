/** Training of compiled models on data. */
@NullMarked
package dev.dlm.training;

import org.jspecify.annotations.NullMarked;
