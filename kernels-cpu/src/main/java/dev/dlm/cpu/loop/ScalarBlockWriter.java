package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.plan.LoopKernel;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes code of {@link ScalarIterations} alone. */
final class ScalarBlockWriter extends BlockWriter {
  private static final ClassDesc ARRAYS = ClassDesc.of("java.util.Arrays");

  private final ScalarIterations iterations;

  ScalarBlockWriter(CodeBuilder code, BlockShape shape) {
    super(code, shape);
    iterations = new ScalarIterations(this);
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
    iterations.write();
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
}
