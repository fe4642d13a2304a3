package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.cpu.loop.BlockShape.Step;
import dev.dlm.cpu.loop.BlockShape.StoreShape;
import dev.dlm.ir.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/**
 * Writes the body of {@link LoopCode#run}: parameters into locals, the loop over lines, what does
 * not vary along a line as scalar code, and the steps to the next line. A subclass writes the loop
 * along a line.
 */
abstract class BlockWriter {
  static final ClassDesc STATE = LoopState.class.describeConstable().orElseThrow();
  static final ClassDesc FOLDS = FoldArrays.class.describeConstable().orElseThrow();
  static final ClassDesc MEMORY = ElementMemory.class.describeConstable().orElseThrow();

  static final int STATE_SLOT = 1;
  static final int OUTER = 2;
  static final int INNER = 3;

  final CodeBuilder code;
  final BlockShape shape;
  final boolean[] varying;
  final ScalarOperations scalar;

  /** Locals of the values of operations that do not vary. */
  final int[] fixedValues;

  final int[] positions;
  final int[] innerSteps;
  final int[] inside;
  final int[] outerSteps;

  /** The local of the lane of the first column of the line. */
  final int lane;

  /** The local of the iteration along the line. */
  final int column;

  /**
   * The local of the elements from one lane of a fold to the next, which {@link Mode#ROWS} have.
   */
  final int laneStride;

  /** For each fold of all blocks the local of its array, or −1. */
  final int[] laneArrays;

  /** For each fold of all blocks the local of its place in the array, or −1. */
  final int[] laneOffsets;

  final int[] resultArrays;
  final int[] resultOffsets;

  BlockWriter(CodeBuilder code, BlockShape shape) {
    this.code = code;
    this.shape = shape;
    this.varying = shape.varying();
    this.scalar = new ScalarOperations(code);
    int forms = shape.countForms();
    int folds = shape.countFolds();
    fixedValues = filled(shape.operations().size());
    positions = filled(forms);
    innerSteps = filled(forms);
    outerSteps = filled(forms);
    inside = filled(forms);
    laneArrays = filled(folds);
    laneOffsets = filled(folds);
    resultArrays = filled(folds);
    resultOffsets = filled(folds);
    lane = code.allocateLocal(TypeKind.INT);
    column = code.allocateLocal(TypeKind.INT);
    laneStride = code.allocateLocal(TypeKind.INT);
  }

  private static int[] filled(int length) {
    int[] none = new int[length];
    Arrays.fill(none, -1);
    return none;
  }

  /** Writes the whole method. */
  final void write() {
    loadParameters();
    int line = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(line);
    beforeLines();
    Label next = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(line).iload(OUTER).if_icmpge(done);
    for (int i = 0; i < varying.length; i++) {
      if (!varying[i]) {
        fixedValues[i] = code.allocateLocal(Kind.of(dtype(i)).type());
        writeFixed(i);
        code.storeLocal(Kind.of(dtype(i)).type(), fixedValues[i]);
      }
    }
    writeLine();
    for (StoreShape store : shape.stores()) {
      if (isOncePerLine(store)) {
        code.loadLocal(Kind.of(dtype(store.value())).type(), fixedValues[store.value()]);
        code.lload(positions[store.access()]);
        scalar.store(dtype(store.value()));
      }
    }
    for (int form = 0; form < positions.length; form++) {
      if (positions[form] >= 0) {
        code.lload(positions[form]).lload(outerSteps[form]).ladd().lstore(positions[form]);
      }
    }
    if (shape.mode() == Mode.ROWS) {
      code.iload(lane).iconst_1().iadd().bipush(15).iand().istore(lane);
    } else if (shape.mode() == Mode.WHOLE_ROWS) {
      for (int fold = 0; fold < resultOffsets.length; fold++) {
        if (resultOffsets[fold] >= 0) {
          code.iinc(resultOffsets[fold], 1);
        }
      }
    }
    code.iinc(line, 1).goto_(next).labelBinding(done);
    afterLines();
    code.return_();
  }

  /** Writes what goes before the loop over lines, if anything does. */
  void beforeLines() {}

  /** Writes what goes behind the loop over lines, if anything does. */
  void afterLines() {}

  /** Writes the loop along a line. */
  abstract void writeLine();

  /** Whether a store writes one element a line: one that does not vary, to a place that stays. */
  final boolean isOncePerLine(StoreShape store) {
    return !varying[store.value()] && shape.accesses().get(store.access()).step() == Step.FIXED;
  }

  /** Whether anything happens for each iteration of a line. */
  final boolean hasLine() {
    return !shape.folds().isEmpty() || shape.stores().stream().anyMatch(s -> !isOncePerLine(s));
  }

  final DType dtype(int operation) {
    return shape.operations().get(operation).dtype();
  }

  private void loadParameters() {
    code.aload(STATE_SLOT).getfield(STATE, "lane", CD_int).istore(lane);
    if (shape.mode() == Mode.ROWS) {
      code.aload(STATE_SLOT).getfield(STATE, "laneStride", CD_int).istore(laneStride);
    }
    for (int form = 0; form < positions.length; form++) {
      if (!isUsed(form)) {
        continue;
      }
      positions[form] = loadLong("positions", form);
      outerSteps[form] = loadLong("outerSteps", form);
      if (form >= shape.accesses().size()) {
        innerSteps[form] = loadLong("innerSteps", form);
        continue;
      }
      AccessShape access = shape.accesses().get(form);
      if (access.step() == Step.ANY) {
        innerSteps[form] = loadLong("innerSteps", form);
      }
      if (access.bounded()) {
        inside[form] = code.allocateLocal(TypeKind.INT);
        code.aload(STATE_SLOT)
            .getfield(STATE, "inside", ClassDesc.ofDescriptor("[Z"))
            .loadConstant(form)
            .baload()
            .istore(inside[form]);
      }
    }
    for (FoldShape fold : shape.folds()) {
      loadFold("lanes", fold.fold(), dtype(fold.value()), laneArrays, laneOffsets);
      if (shape.mode() == Mode.WHOLE_ROWS) {
        loadFold("results", fold.fold(), dtype(fold.value()), resultArrays, resultOffsets);
      }
    }
    for (Operation operation : shape.operations()) {
      if (operation instanceof Operation.Folded(int fold, DType dtype, int _)) {
        loadFold("results", fold, dtype, resultArrays, resultOffsets);
      }
    }
  }

  private boolean isUsed(int form) {
    for (Operation operation : shape.operations()) {
      if ((operation instanceof Operation.Load load && load.access() == form)
          || (operation instanceof Operation.Index index && index.form() == form)) {
        return true;
      }
    }
    return shape.stores().stream().anyMatch(store -> store.access() == form);
  }

  private int loadLong(String field, int index) {
    int local = code.allocateLocal(TypeKind.LONG);
    code.aload(STATE_SLOT)
        .getfield(STATE, field, CD_long.arrayType())
        .loadConstant(index)
        .laload()
        .lstore(local);
    return local;
  }

  private void loadFold(String field, int fold, DType dtype, int[] arrays, int[] offsets) {
    if (arrays[fold] >= 0) {
      return;
    }
    Kind kind = Kind.of(dtype);
    arrays[fold] = code.allocateLocal(TypeKind.REFERENCE);
    offsets[fold] = code.allocateLocal(TypeKind.INT);
    code.aload(STATE_SLOT)
        .getfield(STATE, field, FOLDS)
        .getfield(FOLDS, kind.foldArray(), kind.desc().arrayType())
        .astore(arrays[fold]);
    code.aload(STATE_SLOT)
        .getfield(STATE, field, FOLDS)
        .getfield(FOLDS, "offsets", CD_int.arrayType())
        .loadConstant(fold)
        .iaload()
        .istore(offsets[fold]);
    if (shape.mode() == Mode.ROWS) {
      code.iload(offsets[fold])
          .aload(STATE_SLOT)
          .getfield(STATE, "firstRow", CD_int)
          .iadd()
          .istore(offsets[fold]);
    }
  }

  /** Folds the lanes of a row into its result. */
  final void writeResult(FoldShape fold) {
    int number = fold.fold();
    code.aload(resultArrays[number]).iload(resultOffsets[number]);
    code.aload(laneArrays[number]).iload(laneOffsets[number]);
    code.invokestatic(
        FoldTree.class.describeConstable().orElseThrow(),
        FunctionNames.of(fold.kind()),
        MethodTypeDesc.of(CD_float, CD_float.arrayType(), CD_int));
    code.fastore();
  }

  /** Leaves the value of an operation that does not vary on the stack. */
  private void writeFixed(int number) {
    switch (shape.operations().get(number)) {
      case Operation.Load load -> loadOrElse(load, () -> code.lload(positions[load.access()]));
      case Operation.Literal literal -> scalar.literal(literal.value());
      case Operation.Parameter(int index, DType dtype) -> {
        code.aload(STATE_SLOT)
            .getfield(STATE, "parameters", CD_long.arrayType())
            .loadConstant(index)
            .laload();
        scalar.convert(DType.I64, dtype);
      }
      case Operation.Index(int form, DType dtype, boolean _) -> {
        code.lload(positions[form]);
        scalar.convert(DType.I64, dtype);
      }
      case Operation.Folded(int fold, DType dtype, int _) -> {
        code.aload(resultArrays[fold]).iload(resultOffsets[fold]);
        code.arrayLoad(Kind.of(dtype).type());
      }
      case Operation.Apply apply -> {
        for (int argument : apply.arguments()) {
          code.loadLocal(Kind.of(dtype(argument)).type(), fixedValues[argument]);
        }
        scalar.apply(apply, dtype(apply.arguments().get(apply.arguments().size() - 1)));
      }
    }
  }

  /** Leaves a scalar on the stack: the element at an address, or what stands for it outside. */
  final void loadOrElse(Operation.Load load, Runnable address) {
    Label outside = code.newLabel();
    Label end = code.newLabel();
    boolean bounded = shape.accesses().get(load.access()).bounded();
    if (bounded) {
      code.iload(inside[load.access()]).ifeq(outside);
    }
    address.run();
    code.invokestatic(
        MEMORY,
        FunctionNames.of("load", load.dtype()),
        MethodTypeDesc.of(Kind.of(load.dtype()).desc(), CD_long));
    if (bounded) {
      code.goto_(end).labelBinding(outside);
      scalar.literal(load.otherwise());
      code.labelBinding(end);
    }
  }
}
