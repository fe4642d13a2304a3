/**
 * Matrix products, convolutions and attention on native memory.
 *
 * <p>Entry class: {@link dev.dlm.cpu.contraction.MatrixProduct}. All of them are built on one
 * micro-kernel, a register tile of a few rows by a few vectors that {@link
 * dev.dlm.cpu.contraction.TileKernelGenerator} writes as bytecode for each tile size and vector
 * width, and differ in how they pack its operands. Convolutions of small square kernels pack them
 * transformed, which saves most of the multiplications ({@link
 * dev.dlm.cpu.contraction.PointTransforms}).
 *
 * <p>The order of accumulation belongs to the meaning of each operation and follows from shapes
 * alone, so that results are the same bits for every vector width, for the scalar twin, and for any
 * number of threads.
 */
@NullMarked
package dev.dlm.cpu.contraction;

import org.jspecify.annotations.NullMarked;
