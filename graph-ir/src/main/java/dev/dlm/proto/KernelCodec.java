package dev.dlm.proto;

import dev.dlm.ir.DType;
import dev.dlm.op.AttributeType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.List;

/** Loop kernels as messages. */
final class KernelCodec {
  private static final int[] INSTRUCTIONS = {
    WireMessage.delimited(PlanMessages.Instruction.LOAD_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Instruction.LITERAL_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Instruction.SIZE_FIELD_NUMBER),
    WireMessage.varint(PlanMessages.Instruction.INDEX_FIELD_NUMBER),
    WireMessage.varint(PlanMessages.Instruction.FOLDED_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Instruction.APPLY_FIELD_NUMBER)
  };

  private KernelCodec() {}

  static PlanMessages.LoopKernel encode(LoopKernel loop) {
    return PlanMessages.LoopKernel.newBuilder()
        .addAllRows(TypeCodec.encode(loop.rows()))
        .addAllColumns(TypeCodec.encode(loop.columns()))
        .addAllAccesses(loop.accesses().stream().map(KernelCodec::encode).toList())
        .addAllSweeps(loop.sweeps().stream().map(KernelCodec::encode).toList())
        .setFinish(encode(loop.finish()))
        .build();
  }

  private static PlanMessages.Access encode(Access access) {
    PlanMessages.Access.Builder message =
        PlanMessages.Access.newBuilder()
            .setOperand(access.operand())
            .setOffset(TypeCodec.encode(access.offset()))
            .addAllStrides(TypeCodec.encode(access.strides()));
    for (Access.Bound bound : access.bounds()) {
      message
          .addBoundsBuilder()
          .setOffset(TypeCodec.encode(bound.offset()))
          .addAllCoefficients(TypeCodec.encode(bound.coefficients()))
          .setExtent(TypeCodec.encode(bound.extent()));
    }
    return message.build();
  }

  private static PlanMessages.Block encode(Block block) {
    PlanMessages.Block.Builder message = PlanMessages.Block.newBuilder();
    block.instructions().forEach(instruction -> message.addInstructions(encode(instruction)));
    for (Block.Fold fold : block.folds()) {
      message.addFoldsBuilder().setKind(AttributeType.nameOf(fold.kind())).setValue(fold.value());
    }
    for (Block.Store store : block.stores()) {
      message.addStoresBuilder().setAccess(store.access()).setValue(store.value());
    }
    return message.build();
  }

  private static PlanMessages.Instruction encode(Instruction instruction) {
    PlanMessages.Instruction.Builder message =
        PlanMessages.Instruction.newBuilder().setDtype(TypeCodec.encode(instruction.dtype()));
    switch (instruction) {
      case Instruction.Load load ->
          message
              .getLoadBuilder()
              .setAccess(load.access())
              .setOtherwise(TypeCodec.encode(load.otherwise()));
      case Instruction.Literal literal -> message.setLiteral(TypeCodec.encode(literal.value()));
      case Instruction.Size size -> message.setSize(TypeCodec.encode(size.dim()));
      case Instruction.Index index -> message.setIndex(index.axis());
      case Instruction.Folded folded -> message.setFolded(folded.fold());
      case Instruction.Apply apply ->
          message
              .getApplyBuilder()
              .setFunction(AttributeType.nameOf(apply.function()))
              .addAllArguments(apply.arguments());
    }
    return message.build();
  }

  static LoopKernel decode(WireMessage loop) {
    List<Access> accesses = new ArrayList<>();
    for (WireMessage access : loop.messages(PlanMessages.LoopKernel.ACCESSES_FIELD_NUMBER)) {
      accesses.add(decodeAccess(access));
    }
    List<Block> sweeps = new ArrayList<>();
    for (WireMessage sweep : loop.messages(PlanMessages.LoopKernel.SWEEPS_FIELD_NUMBER)) {
      sweeps.add(decodeBlock(sweep));
    }
    return new LoopKernel(
        TypeCodec.decodeDims(loop.messages(PlanMessages.LoopKernel.ROWS_FIELD_NUMBER)),
        TypeCodec.decodeDims(loop.messages(PlanMessages.LoopKernel.COLUMNS_FIELD_NUMBER)),
        accesses,
        sweeps,
        decodeBlock(loop.message(PlanMessages.LoopKernel.FINISH_FIELD_NUMBER)));
  }

  private static Access decodeAccess(WireMessage access) {
    List<Access.Bound> bounds = new ArrayList<>();
    for (WireMessage bound : access.messages(PlanMessages.Access.BOUNDS_FIELD_NUMBER)) {
      bounds.add(decodeBound(bound));
    }
    return new Access(
        access.uint32(PlanMessages.Access.OPERAND_FIELD_NUMBER),
        TypeCodec.decodeDim(access.message(PlanMessages.Access.OFFSET_FIELD_NUMBER)),
        TypeCodec.decodeDims(access.messages(PlanMessages.Access.STRIDES_FIELD_NUMBER)),
        bounds);
  }

  private static Access.Bound decodeBound(WireMessage bound) {
    return new Access.Bound(
        TypeCodec.decodeDim(bound.message(PlanMessages.Access.Bound.OFFSET_FIELD_NUMBER)),
        TypeCodec.decodeDims(bound.messages(PlanMessages.Access.Bound.COEFFICIENTS_FIELD_NUMBER)),
        TypeCodec.decodeDim(bound.message(PlanMessages.Access.Bound.EXTENT_FIELD_NUMBER)));
  }

  private static Block decodeBlock(WireMessage block) {
    List<Instruction> instructions = new ArrayList<>();
    for (WireMessage one : block.messages(PlanMessages.Block.INSTRUCTIONS_FIELD_NUMBER)) {
      instructions.add(decodeInstruction(one));
    }
    List<Block.Fold> folds = new ArrayList<>();
    for (WireMessage fold : block.messages(PlanMessages.Block.FOLDS_FIELD_NUMBER)) {
      String kind = fold.string(PlanMessages.Block.Fold.KIND_FIELD_NUMBER);
      folds.add(
          new Block.Fold(
              OpCodec.constant(List.of(Reduce.Kind.values()), kind),
              fold.uint32(PlanMessages.Block.Fold.VALUE_FIELD_NUMBER)));
    }
    List<Block.Store> stores = new ArrayList<>();
    for (WireMessage store : block.messages(PlanMessages.Block.STORES_FIELD_NUMBER)) {
      stores.add(
          new Block.Store(
              store.uint32(PlanMessages.Block.Store.ACCESS_FIELD_NUMBER),
              store.uint32(PlanMessages.Block.Store.VALUE_FIELD_NUMBER)));
    }
    return new Block(instructions, folds, stores);
  }

  private static Instruction decodeInstruction(WireMessage instruction) {
    DType dtype =
        TypeCodec.decodeDType(instruction.enumNumber(PlanMessages.Instruction.DTYPE_FIELD_NUMBER));
    int kind = instruction.lastOf(INSTRUCTIONS);
    return switch (kind) {
      case PlanMessages.Instruction.LOAD_FIELD_NUMBER -> {
        WireMessage load = instruction.message(kind);
        yield new Instruction.Load(
            load.uint32(PlanMessages.Instruction.Load.ACCESS_FIELD_NUMBER),
            dtype,
            TypeCodec.decodeTensor(
                load.message(PlanMessages.Instruction.Load.OTHERWISE_FIELD_NUMBER)));
      }
      case PlanMessages.Instruction.LITERAL_FIELD_NUMBER ->
          new Instruction.Literal(TypeCodec.decodeTensor(instruction.message(kind)));
      case PlanMessages.Instruction.SIZE_FIELD_NUMBER ->
          new Instruction.Size(TypeCodec.decodeDim(instruction.message(kind)), dtype);
      case PlanMessages.Instruction.INDEX_FIELD_NUMBER ->
          new Instruction.Index(instruction.uint32(kind), dtype);
      case PlanMessages.Instruction.FOLDED_FIELD_NUMBER ->
          new Instruction.Folded(instruction.uint32(kind), dtype);
      case PlanMessages.Instruction.APPLY_FIELD_NUMBER -> {
        WireMessage apply = instruction.message(kind);
        String function = apply.string(PlanMessages.Instruction.Apply.FUNCTION_FIELD_NUMBER);
        yield new Instruction.Apply(
            OpCodec.constant(List.of(ScalarFunction.values()), function),
            dtype,
            apply.uint32s(PlanMessages.Instruction.Apply.ARGUMENTS_FIELD_NUMBER));
      }
      default -> throw Malformed.failure("an instruction of no kind");
    };
  }
}
