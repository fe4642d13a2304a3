package dev.dlm.cpu.step;

import dev.dlm.cpu.contraction.Convolution2d;
import dev.dlm.cpu.contraction.ConvolutionShape;
import dev.dlm.cpu.contraction.ElementKind;
import dev.dlm.cpu.contraction.KernelWork;
import dev.dlm.cpu.contraction.TileEpilogue;
import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.ConvolutionWindow;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * {@link Convolution} and its two gradients: by {@link Convolution2d} for binary32 with one or two
 * spatial axes, by loops otherwise.
 */
final class ConvolutionKernels {
  private ConvolutionKernels() {}

  static BoundStep forward(Convolution op, StepBinding binding, Epilogue epilogue) {
    List<TensorType> own = binding.ownTypes(2);
    if (isTiled(own)) {
      ConvolutionShape shape = shape(op.window(), own.get(0), own.get(1), own.get(2));
      Convolution2d convolution = new Convolution2d(ElementKind.F32, shape);
      TileEpilogue tiles =
          epilogue.forTiles(
              shape.outputChannels(), (long) shape.outputHeight() * shape.outputWidth());
      List<MemorySegment> memory = binding.ownSegments(2);
      KernelWork kernelWork =
          binding.unchanged(1).<KernelWork>map(entry -> work -> entry.add(work::run)).orElse(null);
      return convolution.bindForward(
              memory.get(0),
              0,
              memory.get(1),
              0,
              memory.get(2),
              0,
              binding.pool(),
              binding.scratchMemory(),
              kernelWork,
              tiles)
          ::run;
    }
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
    if (isTiled(types)) {
      ConvolutionShape shape = shape(op.window(), types.get(2), types.get(1), types.get(0));
      Convolution2d convolution = new Convolution2d(ElementKind.F32, shape);
      TileEpilogue tiles =
          epilogue.forTiles(shape.inputChannels(), (long) shape.inputHeight() * shape.inputWidth());
      return convolution.bindInputGradient(
              segments.get(0),
              0,
              segments.get(1),
              0,
              segments.get(2),
              0,
              binding.pool(),
              binding.scratchMemory(),
              tiles)
          ::run;
    }
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
    List<TensorType> own = binding.ownTypes(2);
    if (isTiled(own)) {
      ConvolutionShape shape = shape(op.window(), own.get(0), own.get(2), own.get(1));
      Convolution2d convolution = new Convolution2d(ElementKind.F32, shape);
      List<MemorySegment> memory = binding.ownSegments(2);
      return epilogue.after(
          convolution.bindKernelGradient(
                  memory.get(0),
                  0,
                  memory.get(1),
                  0,
                  memory.get(2),
                  0,
                  binding.pool(),
                  binding.scratchMemory())
              ::run);
    }
    return epilogue.after(
        LoopStep.bind(
            binding,
            ContractionLowering.kernelGradient(op.window(), binding.ownTypes(2)),
            binding.ownTypes(2),
            binding.ownSegments(2)));
  }

  private static boolean isTiled(List<TensorType> types) {
    int rank = types.get(0).rank();
    return types.get(0).dtype() == DType.F32 && (rank == 3 || rank == 4);
  }

  /** One spatial axis becomes two, the first of size 1. */
  private static ConvolutionShape shape(
      ConvolutionWindow window, TensorType x, TensorType w, TensorType y) {
    boolean planar = window.spatialRank() == 2;
    int last = x.rank() - 1;
    int lastAxis = window.spatialRank() - 1;
    return new ConvolutionShape(
        size(x, 0),
        Math.toIntExact(window.groups()),
        size(x, 1),
        planar ? size(x, 2) : 1,
        size(x, last),
        size(y, 1),
        planar ? size(y, 2) : 1,
        size(y, last),
        planar ? size(w, 2) : 1,
        size(w, last),
        planar ? Math.toIntExact(window.strides().get(0)) : 1,
        Math.toIntExact(window.strides().get(lastAxis)),
        planar ? Math.toIntExact(window.padLow().get(0)) : 0,
        Math.toIntExact(window.padLow().get(lastAxis)),
        planar ? Math.toIntExact(window.dilations().get(0)) : 1,
        Math.toIntExact(window.dilations().get(lastAxis)));
  }

  private static int size(TensorType type, int axis) {
    return Math.toIntExact(type.dim(axis).asLong());
  }
}
