package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.cpu.loop.BlockShape.Step;
import dev.dlm.cpu.loop.BlockShape.StoreShape;
import dev.dlm.ir.DType;
import dev.dlm.plan.LoopKernel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes code that works on whole vectors: the iterations of a line must be a multiple of {@link
 * VectorForm#step}, except where whole rows are folded, whose rest is scalar code. Where folds go
 * along the line, one iteration takes all {@link LoopKernel#FOLD_LANES} lanes in as many vectors as
 * that needs, so that lanes of folds are lanes of vectors; the line must begin at the first lane.
 */
final class VectorBlockWriter extends BlockWriter {
  private final VectorOperations vectors;
  private final int lanes;
  private final int copies;

  /** For each operation its vectors or masks, one a copy. */
  private final int[][] values;

  private final @Nullable LaneType[] maskOwners;

  /** For each fold along the line the vectors of its lanes. */
  private final int[][] sums;

  /** What is left of a row, where rows are folded from beginning to end. */
  private final @Nullable ScalarIterations rest;

  /** The local of the column behind the last whole vectors. */
  private int vectorsEnd = INNER;

  private int fetchFrom;
  private int fetched;

  VectorBlockWriter(CodeBuilder code, BlockShape shape, VectorForm form, int vectorBits) {
    super(code, shape);
    lanes = form.lanes(vectorBits);
    copies = form.step(vectorBits) / lanes;
    vectors = new VectorOperations(code, form, vectorBits);
    values = new int[shape.operations().size()][];
    maskOwners = new LaneType[values.length];
    sums = new int[shape.mode().foldsAlong() ? shape.folds().size() : 0][copies];
    rest = shape.foldsWholeRows() ? new ScalarIterations(this) : null;
  }

  @Override
  void beforeLines() {
    for (int[] sum : sums) {
      allocate(sum);
    }
    if (rest != null) {
      vectorsEnd = code.allocateLocal(TypeKind.INT);
      code.iload(INNER).loadConstant(-LoopKernel.FOLD_LANES).iand().istore(vectorsEnd);
    }
    if (shape.fetched() >= 0) {
      fetchFrom = code.allocateLocal(TypeKind.LONG);
      fetched = code.allocateLocal(TypeKind.INT);
      code.aload(STATE_SLOT).getfield(STATE, "fetchFrom", CD_long).lstore(fetchFrom);
      code.iconst_0().istore(fetched);
    }
  }

  @Override
  void afterLines() {
    if (shape.fetched() >= 0) {
      code.aload(STATE_SLOT).iload(fetched).putfield(STATE, "fetched", CD_int);
    }
  }

  private int[] allocate(int[] locals) {
    for (int i = 0; i < locals.length; i++) {
      locals[i] = code.allocateLocal(TypeKind.REFERENCE);
    }
    return locals;
  }

  @Override
  void writeLine() {
    broadcastFixedValues();
    loadSums();
    code.iconst_0().istore(column);
    Label next = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(column).iload(vectorsEnd).if_icmpge(done);
    for (int i = 0; i < varying.length; i++) {
      for (int copy = 0; varying[i] && copy < copies; copy++) {
        writeVarying(i, copy);
        code.astore(values[i][copy]);
      }
    }
    for (int i = 0; i < shape.folds().size(); i++) {
      for (int copy = 0; copy < copies; copy++) {
        writeFold(i, copy);
      }
    }
    for (StoreShape store : shape.stores()) {
      for (int copy = 0; copy < copies; copy++) {
        writeStore(store, copy);
      }
    }
    if (shape.fetched() >= 0) {
      writeFetch();
    }
    code.iinc(column, lanes * copies).goto_(next).labelBinding(done);
    storeSums();
    if (rest != null) {
      rest.write();
      shape.folds().forEach(this::writeResult);
    }
    if (shape.fetched() >= 0) {
      code.lload(fetchFrom).lload(outerSteps[shape.fetched()]).ladd().lstore(fetchFrom);
    }
  }

  /** Reads one byte an iteration: sixteen elements of {@code f32} are as long as a cache line. */
  private void writeFetch() {
    int elementBytes = shape.accesses().get(shape.fetched()).dtype().sizeBytes();
    code.iload(fetched);
    code.lload(fetchFrom).iload(column).i2l().loadConstant((long) elementBytes).lmul().ladd();
    code.invokestatic(MEMORY, "loadI8", MethodTypeDesc.of(CD_int, CD_long));
    code.iadd().istore(fetched);
  }

  /** Makes vectors of what does not vary, where vectors need it. */
  private void broadcastFixedValues() {
    for (int i = 0; i < values.length; i++) {
      if (varying[i]) {
        values[i] = allocate(new int[copies]);
      } else if (isNeededInVectors(i)) {
        values[i] = new int[copies];
        Arrays.fill(values[i], code.allocateLocal(TypeKind.REFERENCE));
        maskOwners[i] = vectors.broadcast(dtype(i), fixedValues[i]);
        code.astore(values[i][0]);
      }
    }
  }

  private boolean isNeededInVectors(int number) {
    for (int i = 0; i < varying.length; i++) {
      if (varying[i]
          && shape.operations().get(i) instanceof Operation.Apply apply
          && apply.arguments().contains(number)) {
        return true;
      }
    }
    return shape.folds().stream().anyMatch(fold -> fold.value() == number)
        || shape.stores().stream().anyMatch(store -> store.value() == number);
  }

  private void loadSums() {
    for (int i = 0; i < sums.length; i++) {
      LaneType type = LaneType.of(dtype(shape.folds().get(i).value()));
      int identity = shape.mode() == Mode.WHOLE_ROWS ? identity(shape.folds().get(i)) : -1;
      for (int copy = 0; copy < copies; copy++) {
        if (identity >= 0) {
          vectors.broadcast(type.dtype(), identity);
        } else {
          vectors.species(type);
          loadLanesAddress(i, copy);
          vectors.loadArray(type);
        }
        vectors.beginFold(shape.folds().get(i).kind(), type);
        code.astore(sums[i][copy]);
      }
    }
  }

  /** The local of the number that a fold starts from. */
  private int identity(FoldShape fold) {
    int local = code.allocateLocal(TypeKind.FLOAT);
    code.loadConstant((float) fold.kind().identity()).fstore(local);
    return local;
  }

  private void storeSums() {
    for (int i = 0; i < sums.length; i++) {
      for (int copy = 0; copy < copies; copy++) {
        LaneType type = LaneType.of(dtype(shape.folds().get(i).value()));
        code.aload(sums[i][copy]);
        vectors.endFold(shape.folds().get(i).kind(), type);
        loadLanesAddress(i, copy);
        vectors.storeArray(type);
      }
    }
  }

  private void loadLanesAddress(int number, int copy) {
    int fold = shape.folds().get(number).fold();
    code.aload(laneArrays[fold]).iload(laneOffsets[fold]).loadConstant(copy * lanes).iadd();
  }

  private void writeVarying(int number, int copy) {
    switch (shape.operations().get(number)) {
      case Operation.Load load -> {
        maskOwners[number] = vectors.laneTypeOf(load.dtype());
        writeLoad(load, copy);
      }
      case Operation.Index(int form, DType dtype, boolean _) ->
          vectors.index(dtype, positions[form], innerSteps[form], () -> loadColumn(copy));
      case Operation.Folded(int fold, DType dtype, int _) -> {
        vectors.species(LaneType.of(dtype));
        code.aload(resultArrays[fold]).iload(resultOffsets[fold]).iload(column).iadd();
        vectors.loadArray(LaneType.of(dtype));
      }
      case Operation.Apply apply -> {
        int[] arguments = new int[apply.arguments().size()];
        @Nullable LaneType[] owners = new LaneType[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = values[apply.arguments().get(i)][copy];
          owners[i] = maskOwners[apply.arguments().get(i)];
        }
        DType last = dtype(apply.arguments().get(arguments.length - 1));
        maskOwners[number] = vectors.apply(apply, last, arguments, owners, shape.operations());
      }
      case Operation.Literal _, Operation.Parameter _ ->
          throw new IllegalStateException("a constant varies");
    }
  }

  private void loadColumn(int copy) {
    code.iload(column);
    if (copy > 0) {
      code.loadConstant(copy * lanes).iadd();
    }
  }

  private void writeLoad(Operation.Load load, int copy) {
    int access = load.access();
    AccessShape accessShape = shape.accesses().get(access);
    Label outside = code.newLabel();
    Label end = code.newLabel();
    if (accessShape.bounded()) {
      code.iload(inside[access]).ifeq(outside);
    }
    if (accessShape.step() == Step.ANY) {
      vectors.gather(load.dtype(), () -> address(access, copy), innerSteps[access]);
    } else {
      vectors.load(load.dtype(), () -> address(access, copy));
    }
    if (accessShape.bounded()) {
      code.goto_(end).labelBinding(outside);
      scalar.literal(load.otherwise());
      int local = code.allocateLocal(Kind.of(load.dtype()).type());
      code.storeLocal(Kind.of(load.dtype()).type(), local);
      vectors.broadcast(load.dtype(), local);
      code.labelBinding(end);
    }
  }

  private void writeStore(StoreShape store, int copy) {
    int access = store.access();
    DType dtype = dtype(store.value());
    int value = values[store.value()][copy];
    if (shape.accesses().get(access).step() == Step.ANY) {
      vectors.scatter(dtype, value, () -> address(access, copy), innerSteps[access]);
    } else {
      vectors.store(dtype, value, () -> address(access, copy));
    }
  }

  /** Leaves the address of the first lane on the stack. */
  private void address(int access, int copy) {
    code.lload(positions[access]);
    loadColumn(copy);
    code.i2l();
    if (shape.accesses().get(access).step() == Step.ANY) {
      code.lload(innerSteps[access]);
    } else {
      code.loadConstant((long) shape.accesses().get(access).dtype().sizeBytes());
    }
    code.lmul().ladd();
  }

  private void writeFold(int number, int copy) {
    FoldShape fold = shape.folds().get(number);
    LaneType type = LaneType.of(dtype(fold.value()));
    int value = values[fold.value()][copy];
    if (shape.mode() != Mode.ROWS) {
      code.aload(sums[number][copy]).aload(value);
      vectors.fold(fold.kind(), type);
      code.astore(sums[number][copy]);
      return;
    }
    int at = code.allocateLocal(TypeKind.INT);
    code.iload(laneOffsets[fold.fold()]).iload(lane).iload(laneStride).imul().iadd();
    code.iload(column).iadd().istore(at);
    vectors.species(type);
    code.aload(laneArrays[fold.fold()]).iload(at);
    vectors.loadArray(type);
    code.aload(value);
    vectors.combine(fold.kind(), type);
    code.aload(laneArrays[fold.fold()]).iload(at);
    vectors.storeArray(type);
  }
}
