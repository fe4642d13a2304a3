package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.plan.Block;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop kernel with folds. Short rows: one work item a row, its columns in order. Long rows: one
 * work group a row; each work item folds a part of the columns, and the parts are combined in a
 * fixed tree in local memory. Which of the two runs follows from the sizes, so the bits do not
 * depend on how the device schedules its work. Narrow floating-point types are folded in {@code
 * f32}.
 */
final class FoldCode implements StepCode {
  private static final int GROUP = 128;
  private static final int ITEMS = 64;

  private final LoopKernel loop;
  private final boolean processor;
  private final KernelCode byItem;
  private final KernelCode byGroup;

  FoldCode(LoopKernel loop, Step step, boolean processor) {
    this.loop = AxisMerging.merge(loop);
    this.processor = processor;
    this.byItem = writeByItem(step);
    this.byGroup = writeByGroup(step);
  }

  @Override
  public List<Launch> launches(Sizes sizes) {
    long rows = sizes.of(count(loop.rows()));
    if (rows == 0) {
      return List.of();
    }
    // A processor's work items share nothing but cache: a group pays only where one row is much
    // work.
    long longest = processor ? 1024 : 64;
    boolean isShort = sizes.of(count(loop.columns())) <= longest;
    return List.of(
        isShort ? Launch.flat(byItem, rows, ITEMS) : Launch.flat(byGroup, rows * GROUP, GROUP));
  }

  private static Dim count(List<Dim> axes) {
    return new Shape(axes).count();
  }

  private KernelCode writeByItem(Step step) {
    KernelWriter writer = new KernelWriter(step);
    writer.line("INDEX row = get_global_id(0);");
    writer.line("if (row >= " + writer.size(count(loop.rows())) + ") return;");
    List<String> rowIndices = writer.coordinates("row", "r", loop.rows());
    BlockWriter blocks = new BlockWriter(writer, loop.accesses());
    List<String> folded = new ArrayList<>();
    for (int sweep = 0; sweep < loop.sweeps().size(); sweep++) {
      Block block = loop.sweeps().get(sweep);
      declareFolds(writer, block, folded.size());
      List<String> indices = new ArrayList<>(rowIndices);
      for (int axis = 0; axis < loop.columns().size(); axis++) {
        String name = "c" + axis;
        String size = writer.size(loop.columns().get(axis));
        writer.line("for (INDEX " + name + " = 0; " + name + " < " + size + "; " + name + "++)");
        indices.add(name);
      }
      writer.line("{");
      List<String> values =
          blocks.write(block, "s" + sweep + "_", indices, folded, _ -> Optional.empty());
      combine(writer, block, folded.size(), values);
      writer.line("}");
      nameResults(writer, block, folded, "a");
    }
    blocks.write(loop.finish(), "f", finishIndices(rowIndices), folded, _ -> Optional.empty());
    return writer.build("fold_by_item");
  }

  private KernelCode writeByGroup(Step step) {
    KernelWriter writer = new KernelWriter(step);
    writer.groupSize(GROUP);
    writer.line("INDEX row = get_group_id(0);");
    writer.line("int item = get_local_id(0);");
    List<String> rowIndices = writer.coordinates("row", "r", loop.rows());
    BlockWriter blocks = new BlockWriter(writer, loop.accesses());
    String columns = writer.size(count(loop.columns()));
    List<String> folded = new ArrayList<>();
    for (int sweep = 0; sweep < loop.sweeps().size(); sweep++) {
      Block block = loop.sweeps().get(sweep);
      int first = folded.size();
      declareFolds(writer, block, first);
      writer.line("{");
      writer.line("INDEX columns = " + columns + ";");
      writer.line(columnLoop());
      List<String> indices = new ArrayList<>(rowIndices);
      indices.addAll(writer.coordinates("column", "c", loop.columns()));
      List<String> values =
          blocks.write(block, "s" + sweep + "_", indices, folded, _ -> Optional.empty());
      combine(writer, block, first, values);
      writer.line("}");
      writer.line("}");
      for (int fold = 0; fold < block.folds().size(); fold++) {
        String type = ElementCode.valueType(dtype(block, fold));
        writer.line("__local " + type + " t" + (first + fold) + "[" + GROUP + "];");
        writer.line("t" + (first + fold) + "[item] = a" + (first + fold) + ";");
      }
      writer.line("barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);");
      for (int half = GROUP / 2; half > 0 && !block.folds().isEmpty(); half /= 2) {
        writer.line("if (item < " + half + ") {");
        for (int fold = 0; fold < block.folds().size(); fold++) {
          String mine = "t" + (first + fold) + "[item]";
          String other = "t" + (first + fold) + "[item + " + half + "]";
          writer.line(mine + " = " + combined(block, fold, mine, other) + ";");
        }
        writer.line("}");
        writer.line("barrier(CLK_LOCAL_MEM_FENCE);");
      }
      nameResults(writer, block, folded, "t");
    }
    writer.line("if (item == 0) {");
    blocks.write(loop.finish(), "f", finishIndices(rowIndices), folded, _ -> Optional.empty());
    writer.line("}");
    return writer.build("fold_by_group");
  }

  /**
   * Neighbouring items read neighbouring columns, but on a processor each reads a part of its own.
   */
  private String columnLoop() {
    return processor
        ? "INDEX part = (columns + "
            + (GROUP - 1)
            + ") / "
            + GROUP
            + "; INDEX end = min(columns, (INDEX)((item + 1) * part));"
            + " for (INDEX column = item * part; column < end; column++) {"
        : "for (INDEX column = item; column < columns; column += " + GROUP + ") {";
  }

  /** The finish does not vary along the columns. */
  private List<String> finishIndices(List<String> rowIndices) {
    List<String> indices = new ArrayList<>(rowIndices);
    loop.columns().forEach(_ -> indices.add("0"));
    return indices;
  }

  /** The type in which a fold runs. */
  private static DType dtype(Block block, int fold) {
    DType dtype = block.instructions().get(block.folds().get(fold).value()).dtype();
    return dtype == DType.BF16 || dtype == DType.F16 ? DType.F32 : dtype;
  }

  private static void declareFolds(KernelWriter writer, Block block, int first) {
    for (int fold = 0; fold < block.folds().size(); fold++) {
      DType dtype = dtype(block, fold);
      Block.Fold of = block.folds().get(fold);
      String identity =
          dtype.isFloat()
              ? ElementCode.literal(dtype, of.kind().identity())
              : ElementCode.literal(dtype, of.kind().integerIdentity(dtype));
      writer.line(ElementCode.valueType(dtype) + " a" + (first + fold) + " = " + identity + ";");
    }
  }

  private static void combine(KernelWriter writer, Block block, int first, List<String> values) {
    for (int fold = 0; fold < block.folds().size(); fold++) {
      String sum = "a" + (first + fold);
      String value = values.get(block.folds().get(fold).value());
      writer.line(sum + " = " + combined(block, fold, sum, value) + ";");
    }
  }

  private static String combined(Block block, int fold, String left, String right) {
    DType dtype = dtype(block, fold);
    return ScalarCode.apply(
        block.folds().get(fold).kind().combiner(), dtype, dtype, List.of(left, right));
  }

  private static void nameResults(
      KernelWriter writer, Block block, List<String> folded, String source) {
    for (Block.Fold fold : block.folds()) {
      DType dtype = block.instructions().get(fold.value()).dtype();
      String name = "fold" + folded.size();
      String value = source + folded.size() + (source.equals("t") ? "[0]" : "");
      writer.line(
          ElementCode.valueType(dtype)
              + " "
              + name
              + " = "
              + ElementCode.rounded(dtype, value)
              + ";");
      folded.add(name);
    }
  }
}
