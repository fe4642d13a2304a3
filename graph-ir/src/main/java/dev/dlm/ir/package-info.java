/** Types, values and the immutable graph. */
@NullMarked
package dev.dlm.ir;

import org.jspecify.annotations.NullMarked;
