/** Counter-based random numbers. The entry class is {@link dev.dlm.op.random.RandomBits}. */
@NullMarked
package dev.dlm.op.random;

import org.jspecify.annotations.NullMarked;
