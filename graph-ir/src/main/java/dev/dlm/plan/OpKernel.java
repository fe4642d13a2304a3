package dev.dlm.plan;

import dev.dlm.op.Op;
import java.util.Optional;

/**
 * An op that devices implement by a kernel of its own: contractions, windows, random bits and the
 * like. The step's first reads are the op's operands, its writes the op's results.
 *
 * <p>A contraction ({@code dot}, {@code convolution}, {@code convolution_input_gradient}) may have
 * an epilogue: a loop kernel without reductions whose iteration space is the shape of the result,
 * that loads each element of the result (as an access to the step's write operand), stores a new
 * value in the same place, and may load other reads of the step. It is meant to run on each block
 * of the result while that is in cache, or within the kernel.
 */
public record OpKernel(Op op, Optional<LoopKernel> epilogue) implements Kernel {
  public OpKernel(Op op) {
    this(op, Optional.empty());
  }
}
