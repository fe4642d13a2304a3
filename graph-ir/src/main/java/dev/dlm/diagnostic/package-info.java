/**
 * What the project tells its users about their input: locations, diagnostics and the exceptions
 * that carry them. The entry class is {@link dev.dlm.diagnostic.Diagnostic}.
 */
@NullMarked
package dev.dlm.diagnostic;

import org.jspecify.annotations.NullMarked;
