package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.opencl.source.Contraction.Coordinate;
import dev.dlm.opencl.source.Contraction.Linear;
import dev.dlm.opencl.source.Contraction.Operand;
import dev.dlm.opencl.source.Contraction.Part;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes what the kernels of contractions share: where operands' elements are, and what happens to
 * each sum. Positions and coordinates are linear, so they are sums of a part that follows from the
 * row or column and one that follows from the depth.
 */
final class ContractionWriter {
  private final KernelWriter writer;
  private final Contraction contraction;
  private final Optional<LoopKernel> epilogue;

  ContractionWriter(KernelWriter writer, Contraction contraction, Optional<LoopKernel> epilogue) {
    this.writer = writer;
    this.contraction = contraction;
    this.epilogue = epilogue.map(AxisMerging::merge);
    writer.uses(contraction.dtype());
    writer.function(MULTIPLY_ADD.get(contraction.dtype().isFloat() ? 0 : 1));
  }

  private static final List<String> MULTIPLY_ADD =
      List.of(
          """
          #ifdef FP_FAST_FMAF
          #define MULTIPLY_ADD(a, b, c) fma(a, b, c)
          #else
          #define MULTIPLY_ADD(a, b, c) mad(a, b, c)
          #endif
          """,
          "#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))\n");

  /** The type of sums. */
  String sumType() {
    return ElementCode.sumType(contraction.dtype());
  }

  /** Appends the indices of a part for a position in it. */
  List<String> indices(Part part, String position) {
    return writer.coordinates(
        position, part.name().toLowerCase(java.util.Locale.ROOT) + "_", contraction.axes(part));
  }

  /**
   * What the group and the row or column add to an operand's position and to each of its
   * coordinates, as expressions.
   */
  List<String> outer(Operand operand, Part part, List<String> group, List<String> within) {
    List<String> sums = new ArrayList<>();
    for (Linear form : forms(operand)) {
      List<Dim> coefficients = new ArrayList<>(form.of(Part.GROUP));
      coefficients.addAll(form.of(part));
      List<String> names = new ArrayList<>(group);
      names.addAll(within);
      sums.add(writer.linear(form.constant(), coefficients, names));
    }
    return sums;
  }

  /** What the depth adds to an operand's position and to each of its coordinates. */
  List<String> inner(Operand operand, List<String> depth) {
    return forms(operand).stream()
        .map(form -> writer.linear(Dim.ZERO, form.of(Part.DEPTH), depth))
        .toList();
  }

  private static List<Linear> forms(Operand operand) {
    List<Linear> forms = new ArrayList<>(List.of(operand.position()));
    operand.coordinates().forEach(coordinate -> forms.add(coordinate.value()));
    return forms;
  }

  /** The expression of an operand's element, zero where it does not exist. */
  String element(Operand operand, List<String> outer, List<String> inner) {
    List<String> conditions = new ArrayList<>();
    StringBuilder position = new StringBuilder(outer.get(0) + " + " + inner.get(0));
    for (int i = 0; i < operand.coordinates().size(); i++) {
      Coordinate coordinate = operand.coordinates().get(i);
      String value = "(" + outer.get(i + 1) + " + " + inner.get(i + 1) + ")";
      String quotient = value;
      conditions.add(value + " >= 0");
      if (coordinate.divisor() != 1) {
        quotient = value + " / " + coordinate.divisor();
        conditions.add(value + " % " + coordinate.divisor() + " == 0");
        position
            .append(" + ")
            .append(quotient)
            .append(" * ")
            .append(writer.size(coordinate.stride()));
      }
      conditions.add(quotient + " < " + writer.size(coordinate.extent()));
    }
    String element = "(" + sumType() + ")" + writer.load(operand.number(), position.toString());
    return conditions.isEmpty()
        ? element
        : String.join(" && ", conditions) + " ? " + element + " : 0";
  }

  /** Appends the epilogue and the store of a sum. */
  void store(String sum, List<String> group, List<String> row, List<String> column) {
    DType dtype = contraction.dtype();
    int operand = contraction.resultOperand();
    List<Dim> coefficients = new ArrayList<>();
    List<String> names = new ArrayList<>(group);
    names.addAll(row);
    names.addAll(column);
    for (Part part : List.of(Part.GROUP, Part.ROW, Part.COLUMN)) {
      coefficients.addAll(contraction.result().of(part));
    }
    writer.line(
        "INDEX position = "
            + writer.linear(contraction.result().constant(), coefficients, names)
            + ";");
    String type = ElementCode.valueType(dtype);
    writer.line(type + " result = " + ElementCode.rounded(dtype, "(" + type + ")" + sum) + ";");
    if (epilogue.isEmpty()) {
      writer.store(operand, "position", "result");
      return;
    }
    LoopKernel loop = epilogue.get();
    List<String> indices = writer.coordinates("position", "e", loop.axes());
    new BlockWriter(writer, loop.accesses())
        .write(
            loop.sweeps().get(0),
            "v",
            indices,
            List.of(),
            wanted -> wanted == operand ? Optional.of("result") : Optional.empty());
  }
}
