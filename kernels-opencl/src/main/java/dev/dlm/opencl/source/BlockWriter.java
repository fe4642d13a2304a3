package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes the instructions and stores of loop kernels. */
final class BlockWriter {
  private final KernelWriter writer;
  private final List<Access> accesses;

  BlockWriter(KernelWriter writer, List<Access> accesses) {
    this.writer = writer;
    this.accesses = accesses;
  }

  /**
   * Writes a block for the element at the given indices.
   *
   * @param prefix begins the names of its variables; differs between blocks of one scope
   * @param indices an expression for each axis
   * @param folded names of the results of folds
   * @param given the variable that already holds what an operand's load would give
   * @return the names of the instructions' values
   */
  List<String> write(
      Block block,
      String prefix,
      List<String> indices,
      List<String> folded,
      Function<Integer, Optional<String>> given) {
    List<String> names = new ArrayList<>();
    for (Instruction instruction : block.instructions()) {
      DType dtype = instruction.dtype();
      writer.uses(dtype);
      String name = prefix + names.size();
      String value =
          switch (instruction) {
            case Instruction.Load load ->
                given
                    .apply(accesses.get(load.access()).operand())
                    .orElseGet(() -> load(load, indices));
            case Instruction.Literal literal -> ElementCode.literal(literal.value());
            case Instruction.Size size ->
                ElementCode.rounded(
                    dtype, "(" + ElementCode.valueType(dtype) + ")" + writer.size(size.dim()));
            case Instruction.Index index ->
                ElementCode.rounded(
                    dtype, "(" + ElementCode.valueType(dtype) + ")" + indices.get(index.axis()));
            case Instruction.Folded fold -> folded.get(fold.fold());
            case Instruction.Apply apply ->
                ScalarCode.apply(
                    apply.function(),
                    block.instructions().get(last(apply.arguments())).dtype(),
                    dtype,
                    apply.arguments().stream().map(names::get).toList());
          };
      writer.line(ElementCode.valueType(dtype) + " " + name + " = " + value + ";");
      names.add(name);
    }
    for (Block.Store store : block.stores()) {
      Access access = accesses.get(store.access());
      writer.store(access.operand(), position(access, indices), names.get(store.value()));
    }
    return names;
  }

  private String load(Instruction.Load load, List<String> indices) {
    Access access = accesses.get(load.access());
    String element = writer.load(access.operand(), position(access, indices));
    if (access.bounds().isEmpty()) {
      return element;
    }
    List<String> conditions = new ArrayList<>();
    for (Access.Bound bound : access.bounds()) {
      String coordinate = writer.linear(bound.offset(), bound.coefficients(), indices);
      conditions.add(coordinate + " >= 0");
      conditions.add(coordinate + " < " + writer.size(bound.extent()));
    }
    return String.join(" && ", conditions)
        + " ? "
        + element
        + " : "
        + ElementCode.literal(load.otherwise());
  }

  private String position(Access access, List<String> indices) {
    return writer.linear(access.offset(), access.strides(), indices);
  }

  private static int last(List<Integer> arguments) {
    return arguments.get(arguments.size() - 1);
  }
}
