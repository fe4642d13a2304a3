/**
 * Transcendental functions of {@code f32} as polynomials, for scalars and for vectors, with the
 * same bits. The entry class is {@link dev.dlm.cpu.math.FloatMath}.
 */
@NullMarked
package dev.dlm.cpu.math;

import org.jspecify.annotations.NullMarked;
