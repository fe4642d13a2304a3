package dev.dlm.cpu.step;

import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** {@link Convolution} and its two gradients. */
final class ConvolutionKernels {
  private ConvolutionKernels() {}

  static BoundStep forward(Convolution op, StepBinding binding, Epilogue epilogue) {
    return epilogue.after(
        LoopStep.bind(
            binding,
            ContractionLowering.convolution(op.window(), binding.ownTypes(2)),
            binding.ownTypes(2),
            binding.ownSegments(2)));
  }

  static BoundStep inputGradient(
      ConvolutionInputGradient op, StepBinding binding, Epilogue epilogue) {
    List<TensorType> types = binding.ownTypes(2);
    List<MemorySegment> segments = binding.ownSegments(2);
    TensorType spread = ContractionLowering.spread(op.window(), types.get(0));
    MemorySegment scratch = binding.scratch(spread.sizeBytes().asLong());
    BoundStep spreading =
        LoopStep.bind(
            binding,
            ContractionLowering.spreading(op.window(), types.get(0), spread),
            List.of(types.get(0), spread),
            List.of(segments.get(0), scratch));
    List<TensorType> spreadTypes = List.of(spread, types.get(1), types.get(2));
    BoundStep product =
        LoopStep.bind(
            binding,
            ContractionLowering.inputGradient(op.window(), spreadTypes),
            spreadTypes,
            List.of(scratch, segments.get(1), segments.get(2)));
    return epilogue.after(() -> {
      spreading.run();
      product.run();
    });
  }

  static BoundStep kernelGradient(
      ConvolutionKernelGradient op, StepBinding binding, Epilogue epilogue) {
    return epilogue.after(
        LoopStep.bind(
            binding,
            ContractionLowering.kernelGradient(op.window(), binding.ownTypes(2)),
            binding.ownTypes(2),
            binding.ownSegments(2)));
  }
}
