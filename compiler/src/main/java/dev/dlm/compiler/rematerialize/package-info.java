/**
 * Less memory for more work: values computed again instead of kept. The entry class is {@link
 * dev.dlm.compiler.rematerialize.Rematerialize}.
 */
@NullMarked
package dev.dlm.compiler.rematerialize;

import org.jspecify.annotations.NullMarked;
