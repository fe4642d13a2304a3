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

  static LoopKernel decode(PlanMessages.LoopKernel loop) {
    List<Access> accesses = new ArrayList<>();
    for (PlanMessages.Access access : loop.getAccessesList()) {
      accesses.add(decode(access));
    }
    List<Block> sweeps = new ArrayList<>();
    for (PlanMessages.Block sweep : loop.getSweepsList()) {
      sweeps.add(decode(sweep));
    }
    return new LoopKernel(
        TypeCodec.decode(loop.getRowsList()),
        TypeCodec.decode(loop.getColumnsList()),
        accesses,
        sweeps,
        decode(loop.getFinish()));
  }

  private static Access decode(PlanMessages.Access access) {
    List<Access.Bound> bounds = new ArrayList<>();
    for (PlanMessages.Access.Bound bound : access.getBoundsList()) {
      bounds.add(
          new Access.Bound(
              TypeCodec.decode(bound.getOffset()),
              TypeCodec.decode(bound.getCoefficientsList()),
              TypeCodec.decode(bound.getExtent())));
    }
    return new Access(
        access.getOperand(),
        TypeCodec.decode(access.getOffset()),
        TypeCodec.decode(access.getStridesList()),
        bounds);
  }

  private static Block decode(PlanMessages.Block block) {
    List<Instruction> instructions = new ArrayList<>();
    for (PlanMessages.Instruction instruction : block.getInstructionsList()) {
      instructions.add(decode(instruction));
    }
    List<Block.Fold> folds = new ArrayList<>();
    for (PlanMessages.Block.Fold fold : block.getFoldsList()) {
      Reduce.Kind kind = OpCodec.constant(List.of(Reduce.Kind.values()), fold.getKind());
      folds.add(new Block.Fold(kind, fold.getValue()));
    }
    List<Block.Store> stores = new ArrayList<>();
    for (PlanMessages.Block.Store store : block.getStoresList()) {
      stores.add(new Block.Store(store.getAccess(), store.getValue()));
    }
    return new Block(instructions, folds, stores);
  }

  private static Instruction decode(PlanMessages.Instruction instruction) {
    DType dtype = TypeCodec.decode(instruction.getDtype());
    return switch (instruction.getKindCase()) {
      case LOAD ->
          new Instruction.Load(
              instruction.getLoad().getAccess(),
              dtype,
              TypeCodec.decode(instruction.getLoad().getOtherwise()));
      case LITERAL -> new Instruction.Literal(TypeCodec.decode(instruction.getLiteral()));
      case SIZE -> new Instruction.Size(TypeCodec.decode(instruction.getSize()), dtype);
      case INDEX -> new Instruction.Index(instruction.getIndex(), dtype);
      case FOLDED -> new Instruction.Folded(instruction.getFolded(), dtype);
      case APPLY ->
          new Instruction.Apply(
              OpCodec.constant(
                  List.of(ScalarFunction.values()), instruction.getApply().getFunction()),
              dtype,
              List.copyOf(instruction.getApply().getArgumentsList()));
      case KIND_NOT_SET -> throw Malformed.failure("an instruction of no kind");
    };
  }
}
