package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.opencl.source.Contraction.Operand;
import dev.dlm.opencl.source.Contraction.Part;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.List;
import java.util.Optional;

/**
 * A contraction in tiles: a work group of 16 × 16 items brings blocks of both operands into local
 * memory, 16 of the depth at a time; each item sums up to 4 × 4 results in registers. The order of
 * each sum is that of the depth.
 */
final class TiledProductCode implements StepCode {
  private static final int SIDE = 16;
  private static final int ITEMS = SIDE * SIDE;

  private final Contraction contraction;
  private final Optional<LoopKernel> epilogue;
  private final Step step;

  TiledProductCode(Contraction contraction, Optional<LoopKernel> epilogue, Step step) {
    this.contraction = contraction;
    this.epilogue = epilogue;
    this.step = step;
  }

  @Override
  public List<Launch> launches(Sizes sizes) {
    long groups = sizes.of(contraction.count(Part.GROUP));
    long rows = sizes.of(contraction.count(Part.ROW));
    long columns = sizes.of(contraction.count(Part.COLUMN));
    if (groups * rows * columns == 0) {
      return List.of();
    }
    int rowsPerItem = rows > SIDE ? 4 : 1;
    int columnsPerItem = columns > SIDE ? 4 : 1;
    long[] global = {
      Math.ceilDiv(columns, SIDE * columnsPerItem) * SIDE,
      Math.ceilDiv(rows, SIDE * rowsPerItem) * SIDE,
      groups
    };
    return List.of(
        Launch.of(write(rowsPerItem, columnsPerItem), global, new long[] {SIDE, SIDE, 1}));
  }

  private KernelCode write(int rowsPerItem, int columnsPerItem) {
    KernelWriter writer = new KernelWriter(step);
    writer.groupSize(SIDE, SIDE, 1);
    ContractionWriter shared = new ContractionWriter(writer, contraction, epilogue);
    String type = shared.sumType();
    int tileRows = SIDE * rowsPerItem;
    int tileColumns = SIDE * columnsPerItem;
    int pitchA = tileRows + 1;
    int pitchB = tileColumns + 1;
    writer.line("__local " + type + " a[" + SIDE * pitchA + "];");
    writer.line("__local " + type + " b[" + SIDE * pitchB + "];");
    writer.line("int x = get_local_id(0);");
    writer.line("int y = get_local_id(1);");
    writer.line("INDEX first_row = get_group_id(1) * " + tileRows + ";");
    writer.line("INDEX first_column = get_group_id(0) * " + tileColumns + ";");
    writer.line("INDEX group = get_group_id(2);");
    writer.line("INDEX rows = " + writer.size(contraction.count(Part.ROW)) + ";");
    writer.line("INDEX columns = " + writer.size(contraction.count(Part.COLUMN)) + ";");
    writer.line("INDEX depths = " + writer.size(contraction.count(Part.DEPTH)) + ";");
    List<String> group = shared.indices(Part.GROUP, "group");
    int sums = rowsPerItem * columnsPerItem;
    writer.line(type + " sums[" + sums + "];");
    writer.line("#pragma unroll");
    writer.line("for (int i = 0; i < " + sums + "; i++) sums[i] = 0;");
    writer.line("for (INDEX first_depth = 0; first_depth < depths; first_depth += " + SIDE + ") {");
    bring(writer, shared, group, contraction.left(), Part.ROW, "a", tileRows);
    bring(writer, shared, group, contraction.right(), Part.COLUMN, "b", tileColumns);
    writer.line("barrier(CLK_LOCAL_MEM_FENCE);");
    writer.line("for (int k = 0; k < " + SIDE + "; k++) {");
    writer.line("#pragma unroll");
    writer.line("for (int i = 0; i < " + rowsPerItem + "; i++) {");
    writer.line(type + " left = a[k * " + pitchA + " + y + " + SIDE + " * i];");
    writer.line("#pragma unroll");
    writer.line("for (int j = 0; j < " + columnsPerItem + "; j++) {");
    String sum = "sums[i * " + columnsPerItem + " + j]";
    writer.line(
        sum + " = MULTIPLY_ADD(left, b[k * " + pitchB + " + x + " + SIDE + " * j], " + sum + ");");
    writer.line("}");
    writer.line("}");
    writer.line("}");
    writer.line("barrier(CLK_LOCAL_MEM_FENCE);");
    writer.line("}");
    writer.line("#pragma unroll");
    writer.line("for (int i = 0; i < " + rowsPerItem + "; i++) {");
    writer.line("#pragma unroll");
    writer.line("for (int j = 0; j < " + columnsPerItem + "; j++) {");
    writer.line("INDEX row = first_row + y + " + SIDE + " * i;");
    writer.line("INDEX column = first_column + x + " + SIDE + " * j;");
    writer.line("if (row < rows && column < columns) {");
    List<String> row = shared.indices(Part.ROW, "row");
    List<String> column = shared.indices(Part.COLUMN, "column");
    shared.store(sum, group, row, column);
    writer.line("}");
    writer.line("}");
    writer.line("}");
    return writer.build("tiled_product");
  }

  /** Brings a block of an operand into local memory, neighbouring items reading neighbours. */
  private void bring(
      KernelWriter writer,
      ContractionWriter shared,
      List<String> group,
      Operand operand,
      Part part,
      String target,
      int width) {
    List<Dim> strides = operand.position().of(Part.DEPTH);
    boolean depthFirst = !strides.isEmpty() && strides.get(strides.size() - 1).is(1);
    String name = part == Part.ROW ? "row" : "column";
    writer.line(
        "for (int t = y * " + SIDE + " + x; t < " + width * SIDE + "; t += " + ITEMS + ") {");
    writer.line("int across = " + (depthFirst ? "t / " + SIDE : "t % " + width) + ";");
    writer.line("int k = " + (depthFirst ? "t % " + SIDE : "t / " + width) + ";");
    writer.line("INDEX " + name + " = first_" + name + " + across;");
    writer.line("INDEX depth = first_depth + k;");
    writer.line(shared.sumType() + " value = 0;");
    writer.line("if (" + name + " < " + name + "s && depth < depths) {");
    List<String> within = shared.indices(part, name);
    List<String> depth = shared.indices(Part.DEPTH, "depth");
    String element =
        shared.element(
            operand, shared.outer(operand, part, group, within), shared.inner(operand, depth));
    writer.line("value = " + element + ";");
    writer.line("}");
    writer.line(target + "[k * " + (width + 1) + " + across] = value;");
    writer.line("}");
  }
}
