package dev.dlm.opencl.source;

import dev.dlm.opencl.source.Contraction.Operand;
import dev.dlm.opencl.source.Contraction.Part;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A contraction on a processor: each work item makes a block of the result by itself. It packs a
 * panel of the right operand, then runs down the rows a few at a time with their sums in vector
 * registers. Sums run over the depth in blocks of a fixed size, whose results are added in order.
 */
final class PanelProductCode implements StepCode {
  private static final int BLOCK_ROWS = 64;
  private static final int BLOCK_DEPTH = 128;
  // Four rows of two vectors: their sums fit sixteen registers of 256 bits, which compilers prefer.
  private static final int ROWS = 4;
  private static final int VECTORS = 2;

  private final Contraction contraction;
  private final Optional<LoopKernel> epilogue;
  private final KernelCode code;
  private final int lanes;

  PanelProductCode(Contraction contraction, Optional<LoopKernel> epilogue, Step step) {
    this.contraction = contraction;
    this.epilogue = epilogue;
    this.lanes = contraction.dtype().sizeBytes() == 8 ? 8 : 16;
    this.code = write(step);
  }

  @Override
  public List<Launch> launches(Sizes sizes) {
    long groups = sizes.of(contraction.count(Part.GROUP));
    long rows = sizes.of(contraction.count(Part.ROW));
    long columns = sizes.of(contraction.count(Part.COLUMN));
    if (groups * rows * columns == 0) {
      return List.of();
    }
    long[] global = {
      Math.ceilDiv(columns, VECTORS * lanes), Math.ceilDiv(rows, BLOCK_ROWS), groups
    };
    return List.of(Launch.of(code, global, new long[] {1, 1, 1}));
  }

  private KernelCode write(Step step) {
    KernelWriter writer = new KernelWriter(step);
    writer.groupSize(1, 1, 1);
    ContractionWriter shared = new ContractionWriter(writer, contraction, epilogue);
    String type = shared.sumType();
    String vector = type + lanes;
    int width = VECTORS * lanes;
    writer.line("INDEX first_column = get_group_id(0) * " + width + ";");
    writer.line("INDEX first_row = get_group_id(1) * " + BLOCK_ROWS + ";");
    writer.line("INDEX group = get_group_id(2);");
    writer.line("INDEX rows = " + writer.size(contraction.count(Part.ROW)) + ";");
    writer.line("INDEX columns = " + writer.size(contraction.count(Part.COLUMN)) + ";");
    writer.line("INDEX depths = " + writer.size(contraction.count(Part.DEPTH)) + ";");
    writer.line("int rows_here = min(rows - first_row, (INDEX)" + BLOCK_ROWS + ");");
    writer.line("int columns_here = min(columns - first_column, (INDEX)" + width + ");");
    List<String> group = shared.indices(Part.GROUP, "group");
    writer.line(vector + " sums[" + BLOCK_ROWS * VECTORS + "];");
    writer.line("for (int i = 0; i < " + BLOCK_ROWS * VECTORS + "; i++) sums[i] = 0;");
    writer.line(type + " a[" + BLOCK_DEPTH * ROWS + "];");
    writer.line(vector + " b[" + BLOCK_DEPTH * VECTORS + "];");
    writer.line(type + " *panel = (" + type + " *)b;");
    List<String> left =
        outer(writer, shared, contraction.left(), Part.ROW, "row", BLOCK_ROWS, group);
    List<String> right =
        outer(writer, shared, contraction.right(), Part.COLUMN, "column", width, group);
    writer.line(
        "for (INDEX first_depth = 0; first_depth < depths; first_depth += " + BLOCK_DEPTH + ") {");
    writer.line("int depths_here = min(depths - first_depth, (INDEX)" + BLOCK_DEPTH + ");");
    List<String> leftDepth = arrays(writer, contraction.left(), "left_depth", BLOCK_DEPTH);
    List<String> rightDepth = arrays(writer, contraction.right(), "right_depth", BLOCK_DEPTH);
    writer.line("for (int k = 0; k < depths_here; k++) {");
    writer.line("INDEX depth = first_depth + k;");
    List<String> depth = shared.indices(Part.DEPTH, "depth");
    assign(writer, leftDepth, shared.inner(contraction.left(), depth));
    assign(writer, rightDepth, shared.inner(contraction.right(), depth));
    writer.line("}");
    writer.line("for (int k = 0; k < depths_here; k++) {");
    writer.line(
        "for (int i = columns_here; i < " + width + "; i++) panel[k * " + width + " + i] = 0;");
    writer.line("for (int i = 0; i < columns_here; i++) {");
    writer.line(
        "panel[k * "
            + width
            + " + i] = "
            + shared.element(contraction.right(), right, rightDepth)
            + ";");
    writer.line("}");
    writer.line("}");
    writer.line("for (int top = 0; top < rows_here; top += " + ROWS + ") {");
    writer.line("for (int k = 0; k < depths_here; k++) {");
    writer.line("for (int r = 0; r < " + ROWS + "; r++) {");
    writer.line("int i = min(top + r, rows_here - 1);");
    writer.line(
        "a[k * " + ROWS + " + r] = " + shared.element(contraction.left(), left, leftDepth) + ";");
    writer.line("}");
    writer.line("}");
    multiply(writer, type, vector);
    writer.line("}");
    writer.line("}");
    writer.line(type + " *flat = (" + type + " *)sums;");
    writer.line("for (int r = 0; r < rows_here; r++) {");
    writer.line("INDEX row = first_row + r;");
    List<String> row = shared.indices(Part.ROW, "row");
    writer.line("for (int c = 0; c < columns_here; c++) {");
    writer.line("INDEX column = first_column + c;");
    List<String> column = shared.indices(Part.COLUMN, "column");
    shared.store("flat[r * " + width + " + c]", group, row, column);
    writer.line("}");
    writer.line("}");
    return writer.build("panel_product");
  }

  /** The inner loop: a few rows of sums, held in registers by name. */
  private void multiply(KernelWriter writer, String type, String vector) {
    for (int r = 0; r < ROWS; r++) {
      for (int v = 0; v < VECTORS; v++) {
        writer.line(vector + " s" + r + "_" + v + " = 0;");
      }
    }
    writer.line("for (int k = 0; k < depths_here; k++) {");
    for (int v = 0; v < VECTORS; v++) {
      writer.line(vector + " b" + v + " = b[k * " + VECTORS + " + " + v + "];");
    }
    for (int r = 0; r < ROWS; r++) {
      writer.line(vector + " a" + r + " = (" + vector + ")(a[k * " + ROWS + " + " + r + "]);");
      for (int v = 0; v < VECTORS; v++) {
        String sum = "s" + r + "_" + v;
        writer.line(sum + " = MULTIPLY_ADD(a" + r + ", b" + v + ", " + sum + ");");
      }
    }
    writer.line("}");
    for (int r = 0; r < ROWS; r++) {
      for (int v = 0; v < VECTORS; v++) {
        writer.line(
            "sums[(top + " + r + ") * " + VECTORS + " + " + v + "] += s" + r + "_" + v + ";");
      }
    }
  }

  /**
   * Arrays of what the group and each row or column of the block add to an operand's position and
   * coordinates; the elements at {@code i}.
   */
  private static List<String> outer(
      KernelWriter writer,
      ContractionWriter shared,
      Operand operand,
      Part part,
      String name,
      int length,
      List<String> group) {
    List<String> elements =
        arrays(writer, operand, part == Part.ROW ? "left_row" : "right_column", length).stream()
            .map(element -> element.replace("[k]", "[i]"))
            .toList();
    writer.line("for (int i = 0; i < " + name + "s_here; i++) {");
    writer.line("INDEX " + name + " = first_" + name + " + i;");
    List<String> within = shared.indices(part, name);
    assign(writer, elements, shared.outer(operand, part, group, within));
    writer.line("}");
    return elements;
  }

  private static List<String> arrays(
      KernelWriter writer, Operand operand, String name, int length) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i <= operand.coordinates().size(); i++) {
      writer.line("INDEX " + name + i + "[" + length + "];");
      elements.add(name + i + "[k]");
    }
    return elements;
  }

  private static void assign(KernelWriter writer, List<String> targets, List<String> values) {
    for (int i = 0; i < targets.size(); i++) {
      writer.line(targets.get(i) + " = " + values.get(i) + ";");
    }
  }
}
