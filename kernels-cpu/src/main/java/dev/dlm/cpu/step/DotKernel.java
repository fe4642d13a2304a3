package dev.dlm.cpu.step;

import dev.dlm.cpu.contraction.ElementKind;
import dev.dlm.cpu.contraction.MatrixLayout;
import dev.dlm.cpu.contraction.MatrixProduct;
import dev.dlm.cpu.contraction.PackedMatrix;
import dev.dlm.cpu.contraction.TileEpilogue;
import dev.dlm.ir.DType;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.nn.Dot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@link Dot} as a batch of matrix products: an operand whose batch, free or contracting axes do
 * not each make one axis is transposed into scratch memory first. Types that have no matrix product
 * go through loops.
 *
 * <p>In a loop, an operand that stays the same is transposed and, as the right-hand matrix, packed
 * once, where the loop begins. A variable that the program only reads is packed as right-hand
 * matrix when it has changed, where that is worth the memory.
 */
final class DotKernel {
  private DotKernel() {}

  static BoundStep bind(Dot op, StepBinding binding, Epilogue epilogue) {
    Optional<ElementKind> element = elementKind(binding.type(0).dtype());
    if (element.isEmpty()) {
      return epilogue.after(
          LoopStep.bind(
              binding,
              ContractionLowering.dot(op, binding.ownTypes(2)),
              binding.ownTypes(2),
              binding.ownSegments(2)));
    }
    TensorType left = binding.type(0);
    TensorType right = binding.type(1);
    Operand a =
        Operand.of(binding, 0, op.leftBatch(), op.leftFree(left.rank()), op.leftContracting());
    Operand b =
        Operand.of(binding, 1, op.rightBatch(), op.rightFree(right.rank()), op.rightContracting());
    int batch = Math.toIntExact(AxisGroup.size(left, op.leftBatch()));
    int rows = Math.toIntExact(AxisGroup.size(left, op.leftFree(left.rank())));
    int columns = Math.toIntExact(AxisGroup.size(right, op.rightFree(right.rank())));
    int depth = Math.toIntExact(AxisGroup.size(left, op.leftContracting()));
    MatrixProduct product =
        new MatrixProduct(
            element.get(),
            batch,
            rows,
            columns,
            depth,
            a.layout(),
            b.layout().transposed(),
            MatrixLayout.rowMajor(rows, columns));
    TileEpilogue tiles = epilogue.forTiles(rows, columns);
    MemorySegment result = binding.ownSegments(2).get(2);
    SegmentAllocator scratch = binding.scratchMemory();
    Optional<PackedMatrix> packed = packedBefore(binding, product, b, depth, columns);
    if (packed.isPresent()) {
      Runnable bound = product.bind(a.segment(), 0, packed.get(), result, 0, binding.pool(), tiles);
      return () -> {
        a.prepare().run();
        bound.run();
      };
    }
    Runnable bound =
        product.bind(a.segment(), 0, b.segment(), 0, result, 0, binding.pool(), scratch, tiles);
    return () -> {
      a.prepare().run();
      b.prepare().run();
      bound.run();
    };
  }

  /** The right-hand matrix, packed where a loop begins, or when a variable has changed. */
  private static Optional<PackedMatrix> packedBefore(
      StepBinding binding, MatrixProduct product, Operand b, int depth, int columns) {
    Optional<LoopEntry> entry = binding.entry(1);
    if (entry.isPresent()) {
      if (!product.isFasterPacked()) {
        return Optional.empty();
      }
      PackedMatrix packed = product.allocatePacked(binding.scratchMemory());
      Runnable packing = product.bindPacking(b.segment(), 0, packed, binding.pool());
      entry.get().add(packing::run);
      return Optional.of(packed);
    }
    Optional<UnchangedVariable> variable = binding.variable(1);
    boolean liesThere = b.segment().equals(binding.segment(1));
    if (variable.isEmpty() || !liesThere || !product.isWorthKeepingPacked()) {
      return Optional.empty();
    }
    KeptMatrices.Kept kept =
        variable.get().matrices().forProduct(product, depth, columns, b.layout());
    Runnable packing = product.bindPacking(b.segment(), 0, kept.matrix(), binding.pool());
    variable.get().entry().add(() -> kept.renew(packing));
    return Optional.of(kept.matrix());
  }

  static Optional<ElementKind> elementKind(DType dtype) {
    return switch (dtype) {
      case F32 -> Optional.of(ElementKind.F32);
      case F64 -> Optional.of(ElementKind.F64);
      case F16 -> Optional.of(ElementKind.F16);
      case BF16 -> Optional.of(ElementKind.BF16);
      case I32 -> Optional.of(ElementKind.I32);
      case I64 -> Optional.of(ElementKind.I64);
      case I8, U8, BOOL -> Optional.empty();
    };
  }

  /**
   * One side of the product, as matrices of free × contracting.
   *
   * @param prepare to be run before each product
   */
  private record Operand(MemorySegment segment, MatrixLayout layout, BoundStep prepare) {
    static Operand of(
        StepBinding binding,
        int operand,
        List<Integer> batch,
        List<Integer> free,
        List<Integer> contracting) {
      TensorType type = binding.type(operand);
      OptionalLong batchStride = AxisGroup.stride(type, batch);
      OptionalLong freeStride = AxisGroup.stride(type, free);
      OptionalLong depthStride = AxisGroup.stride(type, contracting);
      if (batchStride.isPresent() && freeStride.isPresent() && depthStride.isPresent()) {
        MatrixLayout layout =
            new MatrixLayout(
                batchStride.getAsLong(), freeStride.getAsLong(), depthStride.getAsLong());
        return new Operand(binding.segment(operand), layout, () -> {});
      }
      List<Integer> order = new ArrayList<>(batch);
      order.addAll(free);
      order.addAll(contracting);
      TensorType packed = type.withShape(new Shape(order.stream().map(type::dim).toList()));
      MemorySegment scratch = binding.scratch(packed.sizeBytes().asLong());
      List<TensorType> types = List.of(type, packed);
      BoundStep transpose =
          LoopStep.bind(
              binding,
              LoopLowering.transpose(new Transpose(order), types),
              types,
              List.of(binding.segment(operand), scratch));
      MatrixLayout layout =
          MatrixLayout.rowMajor(
              Math.toIntExact(AxisGroup.size(type, free)),
              Math.toIntExact(AxisGroup.size(type, contracting)));
      Optional<LoopEntry> entry = binding.entry(operand);
      entry.ifPresent(beginning -> beginning.add(transpose));
      return new Operand(scratch, layout, entry.isPresent() ? () -> {} : transpose);
    }
  }
}
