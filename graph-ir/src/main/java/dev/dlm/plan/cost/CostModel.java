package dev.dlm.plan.cost;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Attributes;
import dev.dlm.op.Op;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts what steps take, from their kernels and the types of their operands alone: nothing in it
 * depends on the device.
 *
 * <p>A fused loop counts the operations of its instructions, each for every element of the space
 * that it runs over, and one for each element of a fold. Of an operand it reads the elements that
 * its accesses meet, where that is provably not the whole operand. An op that changes a part of its
 * first operand in place reads and writes that part. A composite op takes the operations of its
 * expansion, but only the bytes of its own operands and results. A {@code scan} is its body as
 * often as it is long. Copies of inputs, slices, outputs and updates are not counted, nor is memory
 * that a kernel uses on its way.
 *
 * <p>Immutable.
 */
public final class CostModel {
  private final Map<String, Dim> sizes;

  private CostModel(Map<String, Dim> sizes) {
    this.sizes = sizes;
  }

  /** Costs as formulas of the symbols. */
  public static CostModel symbolic() {
    return new CostModel(Map.of());
  }

  /** Costs for the given sizes; those of symbols that have none stay formulas. */
  public static CostModel at(Map<String, Long> sizes) {
    Map<String, Dim> replacements = new TreeMap<>();
    sizes.forEach((symbol, size) -> replacements.put(symbol, Dim.of(size)));
    return new CostModel(replacements);
  }

  /** What the steps of a program take together. */
  public Cost of(Program program) {
    Cost sum = Cost.ZERO;
    for (Step step : program.steps()) {
      sum = sum.plus(of(step));
    }
    return sum;
  }

  /** What a step takes, the steps inside of it included. */
  public Cost of(Step step) {
    return switch (step.kernel()) {
      case LoopKernel loop -> new Cost(operations(loop), bytes(step, loop), true);
      case OpKernel kernel -> of(step, kernel);
      case CompositeKernel composite -> of(step, composite);
      case ScanKernel scan -> of(scan.body()).times(dim(scan.length()));
      case WhileKernel loop -> of(loop.condition()).plus(of(loop.body())).estimated();
      case CondKernel cond -> choice(of(cond.whenTrue()), of(cond.whenFalse()));
    };
  }

  /** The body with more operations, as far as that can be proved, or else the first. */
  private static Cost choice(Cost first, Cost second) {
    if (first.equals(second)) {
      return first;
    }
    return (second.operations().isProvablyAtLeast(first.operations()) ? second : first).estimated();
  }

  private Cost of(Step step, OpKernel kernel) {
    Op op = sizes.isEmpty() ? kernel.op() : Attributes.substitute(kernel.op(), sizes);
    List<TensorType> operands = step.reads().stream().map(this::type).toList();
    List<TensorType> results = step.writes().stream().map(this::type).toList();
    Dim operations = op.operations(operands, results);
    if (isInPlace(step) && op.elementsChanged(operands).isPresent()) {
      Dim changed = op.elementsChanged(operands).get();
      Dim bytes = bytes(results.get(0), changed).times(2);
      for (int i = 1; i < operands.size(); i++) {
        bytes = bytes.plus(operands.get(i).sizeBytes());
      }
      return new Cost(operations, bytes, true);
    }
    Map<Integer, Dim> ofEpilogue = new HashMap<>();
    if (kernel.epilogue().isPresent()) {
      operations = operations.plus(operations(kernel.epilogue().get()));
      ofEpilogue.putAll(elements(step, kernel.epilogue().get()));
    }
    Dim bytes = Dim.ZERO;
    for (int i = 0; i < operands.size(); i++) {
      Dim read = ofEpilogue.get(i);
      bytes =
          bytes.plus(
              bytes(operands.get(i), read == null ? op.elementsRead(i, operands, results) : read));
    }
    for (TensorType result : results) {
      bytes = bytes.plus(result.sizeBytes());
    }
    return new Cost(operations, bytes, true);
  }

  private Cost of(Step step, CompositeKernel composite) {
    Op op = sizes.isEmpty() ? composite.op() : Attributes.substitute(composite.op(), sizes);
    List<TensorType> operands = step.reads().stream().map(this::type).toList();
    List<TensorType> results = step.writes().stream().map(this::type).toList();
    Dim bytes = Dim.ZERO;
    for (TensorType operand : operands) {
      bytes = bytes.plus(operand.sizeBytes());
    }
    for (TensorType result : results) {
      bytes = bytes.plus(result.sizeBytes());
    }
    return new Cost(op.operations(operands, results), bytes, true);
  }

  private static boolean isInPlace(Step step) {
    return !step.reads().isEmpty() && step.reads().get(0).buffer() == step.writes().get(0).buffer();
  }

  private Dim operations(LoopKernel loop) {
    Dim rows = count(loop.rows());
    Dim elements = rows.times(count(loop.columns()));
    Dim sum = rows.times(operations(loop.finish()));
    for (Block sweep : loop.sweeps()) {
      sum = sum.plus(elements.times(operations(sweep)));
    }
    return sum;
  }

  /** For one element. */
  private static long operations(Block block) {
    long sum = block.folds().size();
    for (Instruction instruction : block.instructions()) {
      if (instruction instanceof Instruction.Apply apply) {
        sum += apply.function().operations();
      }
    }
    return sum;
  }

  private Dim bytes(Step step, LoopKernel loop) {
    Dim sum = Dim.ZERO;
    for (Map.Entry<Integer, Dim> operand : elements(step, loop).entrySet()) {
      sum = sum.plus(bytes(type(step.operand(operand.getKey())), operand.getValue()));
    }
    return sum;
  }

  /** The elements of operands that a loop loads, and of results that it stores. */
  private Map<Integer, Dim> elements(Step step, LoopKernel loop) {
    Set<Access> used = new LinkedHashSet<>();
    for (Block block : loop.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Load load
            && loop.accesses().get(load.access()).operand() < step.reads().size()) {
          used.add(loop.accesses().get(load.access()));
        }
      }
      for (Block.Store store : block.stores()) {
        used.add(loop.accesses().get(store.access()));
      }
    }
    Map<Integer, Dim> met = new TreeMap<>();
    for (Access access : used) {
      met.merge(access.operand(), elements(loop, access), Dim::plus);
    }
    met.replaceAll((operand, count) -> {
      Dim all = type(step.operand(operand)).shape().count();
      return all.isProvablyAtLeast(count) ? count : all;
    });
    return met;
  }

  private Dim elements(LoopKernel loop, Access access) {
    Dim count = Dim.ONE;
    List<Dim> axes = loop.axes();
    for (int i = 0; i < axes.size(); i++) {
      if (!access.strides().get(i).is(0)) {
        count = count.times(dim(axes.get(i)));
      }
    }
    return count;
  }

  private static Dim bytes(TensorType type, Dim elements) {
    return elements.times(type.dtype().sizeBytes());
  }

  private Dim count(List<Dim> axes) {
    Dim count = Dim.ONE;
    for (Dim axis : axes) {
      count = count.times(dim(axis));
    }
    return count;
  }

  private Dim dim(Dim dim) {
    return sizes.isEmpty() ? dim : dim.substitute(sizes);
  }

  private TensorType type(View view) {
    TensorType type = view.type();
    return sizes.isEmpty() ? type : type.withShape(type.shape().substitute(sizes));
  }
}
