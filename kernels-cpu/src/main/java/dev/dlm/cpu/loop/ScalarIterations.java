package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.cpu.loop.BlockShape.StoreShape;
import dev.dlm.ir.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;

/** Writes iterations along a line that work on one element at a time, for any element types. */
final class ScalarIterations {
  private final BlockWriter block;
  private final CodeBuilder code;

  /** Locals of the values of operations that vary. */
  private final int[] values;

  ScalarIterations(BlockWriter block) {
    this.block = block;
    this.code = block.code;
    this.values = new int[block.varying.length];
    for (int i = 0; i < values.length; i++) {
      if (block.varying[i]) {
        values[i] = code.allocateLocal(Kind.of(block.dtype(i)).type());
      }
    }
  }

  /** Writes the loop over the columns from where {@link BlockWriter#column} stands. */
  void write() {
    Label next = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(block.column).iload(BlockWriter.INNER).if_icmpge(done);
    for (int i = 0; i < values.length; i++) {
      if (block.varying[i]) {
        writeVarying(i);
        code.storeLocal(Kind.of(block.dtype(i)).type(), values[i]);
      }
    }
    block.shape.folds().forEach(this::writeFold);
    for (StoreShape store : block.shape.stores()) {
      if (!block.isOncePerLine(store)) {
        loadValue(store.value());
        address(store.access());
        block.scalar.store(block.dtype(store.value()));
      }
    }
    code.iinc(block.column, 1).goto_(next).labelBinding(done);
  }

  private void loadValue(int number) {
    code.loadLocal(
        Kind.of(block.dtype(number)).type(),
        block.varying[number] ? values[number] : block.fixedValues[number]);
  }

  /** Leaves the address of this iteration's element on the stack. */
  private void address(int access) {
    AccessShape accessShape = block.shape.accesses().get(access);
    code.lload(block.positions[access]);
    switch (accessShape.step()) {
      case FIXED -> {}
      case NEXT ->
          code.iload(block.column)
              .i2l()
              .loadConstant((long) accessShape.dtype().sizeBytes())
              .lmul()
              .ladd();
      case ANY -> code.iload(block.column).i2l().lload(block.innerSteps[access]).lmul().ladd();
    }
  }

  private void writeVarying(int number) {
    switch (block.shape.operations().get(number)) {
      case Operation.Load load -> block.loadOrElse(load, () -> address(load.access()));
      case Operation.Index(int form, DType dtype, boolean _) -> {
        code.lload(block.positions[form])
            .iload(block.column)
            .i2l()
            .lload(block.innerSteps[form])
            .lmul()
            .ladd();
        block.scalar.convert(DType.I64, dtype);
      }
      case Operation.Folded(int fold, DType dtype, int _) -> {
        code.aload(block.resultArrays[fold])
            .iload(block.resultOffsets[fold])
            .iload(block.column)
            .iadd();
        code.arrayLoad(Kind.of(dtype).type());
      }
      case Operation.Apply apply -> {
        apply.arguments().forEach(this::loadValue);
        block.scalar.apply(apply, block.dtype(apply.arguments().get(apply.arguments().size() - 1)));
      }
      case Operation.Literal _, Operation.Parameter _ ->
          throw new IllegalStateException("a constant varies");
    }
  }

  private void writeFold(FoldShape fold) {
    DType dtype = block.dtype(fold.value());
    code.aload(block.laneArrays[fold.fold()]).iload(block.laneOffsets[fold.fold()]);
    if (block.shape.mode() == Mode.ROWS) {
      code.iload(block.lane).iload(block.laneStride).imul().iadd().iload(block.column).iadd();
    } else {
      code.iload(block.lane).iload(block.column).iadd().bipush(15).iand().iadd();
    }
    code.dup2();
    code.arrayLoad(Kind.of(dtype).type());
    loadValue(fold.value());
    block.scalar.apply(fold.kind().combiner(), dtype, dtype);
    code.arrayStore(Kind.of(dtype).type());
  }
}
