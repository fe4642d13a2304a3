package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.cpu.loop.BlockShape.StoreShape;
import dev.dlm.ir.DType;
import dev.dlm.plan.LoopKernel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes code that works on one element at a time, for any element types. */
final class ScalarBlockWriter extends BlockWriter {
  private static final ClassDesc ARRAYS = ClassDesc.of("java.util.Arrays");

  private final int[] values;
  private int column;
  private int laneStride;

  ScalarBlockWriter(CodeBuilder code, BlockShape shape) {
    super(code, shape);
    values = fixedValues.clone();
  }

  @Override
  void beforeLines() {
    column = code.allocateLocal(TypeKind.INT);
    laneStride = code.allocateLocal(TypeKind.INT);
    code.aload(STATE_SLOT).getfield(STATE, "laneStride", CD_int).istore(laneStride);
    for (int i = 0; i < values.length; i++) {
      if (varying[i]) {
        values[i] = code.allocateLocal(Kind.of(dtype(i)).type());
      }
    }
  }

  @Override
  void writeLine() {
    if (!hasLine()) {
      return;
    }
    if (shape.mode() == Mode.WHOLE_ROWS) {
      shape.folds().forEach(this::writeIdentity);
    }
    code.iconst_0().istore(column);
    Label next = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(column).iload(INNER).if_icmpge(done);
    for (int i = 0; i < varying.length; i++) {
      if (varying[i]) {
        writeVarying(i);
        code.storeLocal(Kind.of(dtype(i)).type(), values[i]);
      }
    }
    shape.folds().forEach(this::writeFold);
    for (StoreShape store : shape.stores()) {
      if (!isOncePerLine(store)) {
        loadValue(store.value());
        address(store.access());
        scalar.store(dtype(store.value()));
      }
    }
    code.iinc(column, 1).goto_(next).labelBinding(done);
    if (shape.mode() == Mode.WHOLE_ROWS) {
      shape.folds().forEach(this::writeResult);
    }
  }

  private void writeIdentity(FoldShape fold) {
    int offset = laneOffsets[fold.fold()];
    code.aload(laneArrays[fold.fold()]).iload(offset);
    code.iload(offset).loadConstant(LoopKernel.FOLD_LANES).iadd();
    code.loadConstant((float) fold.kind().identity());
    code.invokestatic(
        ARRAYS, "fill", MethodTypeDesc.of(CD_void, CD_float.arrayType(), CD_int, CD_int, CD_float));
  }

  private void loadValue(int number) {
    code.loadLocal(
        Kind.of(dtype(number)).type(), varying[number] ? values[number] : fixedValues[number]);
  }

  /** Leaves the address of this iteration's element on the stack. */
  private void address(int access) {
    AccessShape accessShape = shape.accesses().get(access);
    code.lload(positions[access]);
    switch (accessShape.step()) {
      case FIXED -> {}
      case NEXT ->
          code.iload(column)
              .i2l()
              .loadConstant((long) accessShape.dtype().sizeBytes())
              .lmul()
              .ladd();
      case ANY -> code.iload(column).i2l().lload(innerSteps[access]).lmul().ladd();
    }
  }

  private void writeVarying(int number) {
    switch (shape.operations().get(number)) {
      case Operation.Load load -> loadOrElse(load, () -> address(load.access()));
      case Operation.Index(int form, DType dtype, boolean _) -> {
        code.lload(positions[form]).iload(column).i2l().lload(innerSteps[form]).lmul().ladd();
        scalar.convert(DType.I64, dtype);
      }
      case Operation.Folded(int fold, DType dtype) -> {
        code.aload(resultArrays[fold]).iload(resultOffsets[fold]).iload(column).iadd();
        code.arrayLoad(Kind.of(dtype).type());
      }
      case Operation.Apply apply -> {
        apply.arguments().forEach(this::loadValue);
        scalar.apply(apply, dtype(apply.arguments().get(apply.arguments().size() - 1)));
      }
      case Operation.Literal _, Operation.Parameter _ ->
          throw new IllegalStateException("a constant varies");
    }
  }

  private void writeFold(FoldShape fold) {
    DType dtype = dtype(fold.value());
    code.aload(laneArrays[fold.fold()]).iload(laneOffsets[fold.fold()]);
    if (shape.mode() == Mode.ROWS) {
      code.iload(lane).iload(laneStride).imul().iadd().iload(column).iadd();
    } else {
      code.iload(lane).iload(column).iadd().bipush(15).iand().iadd();
    }
    code.dup2();
    code.arrayLoad(Kind.of(dtype).type());
    loadValue(fold.value());
    scalar.apply(fold.kind().combiner(), dtype, dtype);
    code.arrayStore(Kind.of(dtype).type());
  }
}
