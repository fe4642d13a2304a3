package dev.dlm.compiler.lower;

import dev.dlm.compiler.fuse.AffineIndex;
import dev.dlm.compiler.fuse.BodyValues;
import dev.dlm.compiler.fuse.Sources;
import dev.dlm.compiler.fuse.Unit;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Size;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Turns a fused loop into a {@link LoopKernel}. Axes that are folded come last. A node that needs a
 * fold of the loop runs in a later sweep than that fold; what a later sweep needs from an earlier
 * one is computed again from what was loaded, or, where that is much work, {@linkplain KeptValues
 * kept} meanwhile where a result will lie.
 */
final class LoopLowering {
  private record Located(Value value, List<AffineIndex> map) {}

  /** An access before operands have numbers. */
  private record Draft(Value value, Dim offset, List<Dim> strides, List<Access.Bound> bounds) {}

  private final BodyValues values;
  private final Unit.Loop loop;
  private final int rank;
  private final int rowRank;
  private final List<AffineIndex> fullMap = new ArrayList<>();
  private final List<AffineIndex> rowMap = new ArrayList<>();
  private final Map<Value, Node> members = new LinkedHashMap<>();
  private final Map<Value, Integer> sweepOf = new HashMap<>();
  private final Map<Value, Integer> foldOf = new LinkedHashMap<>();
  private final Map<Draft, Integer> accesses = new LinkedHashMap<>();
  private final Set<Value> loaded = new LinkedHashSet<>();
  private final KeptValues kept;

  /** For each value that is worth keeping the sweeps that compute it for each column. */
  private final Map<Value, NavigableSet<Integer>> computedIn = new LinkedHashMap<>();

  private int atSweep;

  private LoopLowering(BodyValues values, Unit.Loop loop, KeptValues kept) {
    this.values = values;
    this.loop = loop;
    this.kept = kept;
    this.rank = loop.domain().rank();
    this.rowRank = rank - loop.foldedAxes().size();
    List<Integer> order =
        new ArrayList<>(
            IntStream.range(0, rank)
                .filter(axis -> !loop.foldedAxes().contains(axis))
                .boxed()
                .toList());
    order.addAll(loop.foldedAxes());
    for (int axis = 0; axis < rank; axis++) {
      AffineIndex index = AffineIndex.ofAxis(order.indexOf(axis), rank);
      fullMap.add(index);
      if (!loop.foldedAxes().contains(axis)) {
        rowMap.add(index);
      }
    }
    loop.nodes().forEach(node -> members.put(node.result(), node));
    loop.nodes().forEach(node -> sweepOf.put(node.result(), firstSweep(node)));
    numberFolds();
  }

  /**
   * A kernel and the values that are its operands.
   *
   * @param reads operands before {@code writes}; each once
   */
  record Lowered(LoopKernel kernel, List<Value> reads, List<Value> writes) {}

  /** Lowers a loop that is a step of its own. */
  static Lowered lower(BodyValues values, Unit.Loop loop) {
    LoopLowering plain = new LoopLowering(values, loop, KeptValues.NONE);
    Lowered lowered = plain.lower();
    KeptValues kept = KeptValues.choose(plain.computedIn, plain.wideResults());
    if (kept.isEmpty()) {
      return lowered;
    }
    Lowered keeping = new LoopLowering(values, loop, kept).lower();
    return kept.leavesReadsAlone(keeping) ? keeping : lowered;
  }

  private Lowered lower() {
    List<Block> blocks = blocks();
    List<Value> reads = List.copyOf(loaded);
    Map<Value, Integer> stored = new HashMap<>();
    loop.results().forEach(value -> stored.put(value, reads.size() + stored.size()));
    return new Lowered(kernel(blocks, reads, stored), reads, loop.results());
  }

  /** The results with an element for each row and column, with the sweep that stores them. */
  private Map<Value, Integer> wideResults() {
    Map<Value, Integer> results = new LinkedHashMap<>();
    loop.results().stream()
        .filter(value -> !isAtRowLevel(value))
        .forEach(value -> results.put(value, sweepOf.getOrDefault(value, 0)));
    return results;
  }

  /**
   * Lowers a loop that rides on a contraction.
   *
   * @param host the contraction's result, which becomes the write operand
   * @param hostReads the contraction's operands, which stay the first reads
   */
  static Lowered lowerEpilogue(
      BodyValues values, Unit.Loop loop, Value host, List<Value> hostReads) {
    LoopLowering lowering = new LoopLowering(values, loop, KeptValues.NONE);
    List<Block> blocks = lowering.blocks();
    List<Value> reads = new ArrayList<>(hostReads);
    lowering.loaded.stream()
        .filter(value -> !value.equals(host) && !reads.contains(value))
        .forEach(reads::add);
    Map<Value, Integer> written = new HashMap<>();
    written.put(host, reads.size());
    loop.results().forEach(value -> written.put(value, reads.size()));
    return new Lowered(lowering.kernel(blocks, reads, written), reads, loop.results());
  }

  private LoopKernel kernel(List<Block> blocks, List<Value> reads, Map<Value, Integer> written) {
    List<Dim> sizes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      sizes.add(Dim.ZERO);
    }
    for (int axis = 0; axis < rank; axis++) {
      sizes.set(fullMap.get(axis).coefficients().indexOf(Dim.ONE), loop.domain().dim(axis));
    }
    List<Access> numbered = new ArrayList<>();
    for (Draft draft : accesses.keySet()) {
      Integer operand = written.get(draft.value());
      numbered.add(
          new Access(
              operand == null ? reads.indexOf(draft.value()) : operand,
              draft.offset(),
              draft.strides(),
              draft.bounds()));
    }
    // Without folds every axis is a column.
    int countRows = loop.foldedAxes().isEmpty() ? 0 : rowRank;
    return new LoopKernel(
        sizes.subList(0, countRows),
        sizes.subList(countRows, rank),
        numbered,
        blocks.subList(0, blocks.size() - 1),
        blocks.getLast());
  }

  /** The first sweep in which a node can run; of a reduction, the sweep that folds. */
  private int firstSweep(Node node) {
    int sweep = 0;
    for (Value source : memberSources(node)) {
      int after = isFold(source) ? 1 : 0;
      sweep = Math.max(sweep, sweepOf.getOrDefault(source, 0) + after);
    }
    return sweep;
  }

  private boolean isFold(Value value) {
    Node node = members.get(value);
    return node != null && node.op() instanceof Reduce reduce && !reduce.axes().isEmpty();
  }

  /** The members whose values a node uses, directly or through free nodes. */
  private List<Value> memberSources(Node node) {
    List<Value> sources = new ArrayList<>();
    List<Value> pending = new ArrayList<>(node.operands());
    Set<Value> seen = new LinkedHashSet<>();
    while (!pending.isEmpty()) {
      Value value = pending.removeLast();
      if (!seen.add(value)) {
        continue;
      }
      if (members.containsKey(value)) {
        sources.add(value);
      } else {
        values
            .producer(value)
            .filter(this::isTransparent)
            .ifPresent(free -> pending.addAll(free.operands()));
      }
    }
    return sources;
  }

  private boolean isTransparent(Node node) {
    return values.isFree(node) && !(node.op() instanceof Pad);
  }

  private void numberFolds() {
    int countSweeps = sweepOf.values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    for (int sweep = 0; sweep < countSweeps; sweep++) {
      for (Value value : members.keySet()) {
        if (isFold(value) && sweepOf.getOrDefault(value, 0) == sweep) {
          foldOf.put(value, foldOf.size());
        }
      }
    }
  }

  private boolean isAtRowLevel(Value value) {
    return !loop.foldedAxes().isEmpty()
        && members.containsKey(value)
        && value.shape().equals(loop.domain().without(loop.foldedAxes()));
  }

  /** The sweeps, then the finish. */
  private List<Block> blocks() {
    int last = 0;
    for (Value value : members.keySet()) {
      boolean runsInSweep =
          isFold(value) || (loop.results().contains(value) && !isAtRowLevel(value));
      last = runsInSweep ? Math.max(last, sweepOf.getOrDefault(value, 0)) : last;
    }
    List<Block> blocks = new ArrayList<>();
    for (int sweep = 0; sweep <= last; sweep++) {
      blocks.add(sweep(sweep));
    }
    blocks.add(finish());
    return blocks;
  }

  private Block sweep(int sweep) {
    atSweep = sweep;
    BlockBuilder block = new BlockBuilder();
    Map<Located, Integer> done = new HashMap<>();
    for (Value value : foldOf.keySet()) {
      Node node = members.get(value);
      if (node != null
          && node.op() instanceof Reduce reduce
          && sweepOf.getOrDefault(value, 0) == sweep) {
        block.fold(
            new Block.Fold(
                reduce.kind(), emit(new Located(node.operand(0), fullMap), block, done)));
      }
    }
    kept.computedIn(sweep)
        .forEach((value, place) -> {
          int number = emit(new Located(value, fullMap), block, done);
          block.store(new Block.Store(access(place, fullMap, List.of()), number));
        });
    for (Value value : loop.results()) {
      if (!isAtRowLevel(value) && sweepOf.getOrDefault(value, 0) == sweep) {
        store(value, fullMap, block, done);
      }
    }
    return block.build();
  }

  private Block finish() {
    BlockBuilder block = new BlockBuilder();
    Map<Located, Integer> done = new HashMap<>();
    for (Value value : loop.results()) {
      if (isAtRowLevel(value)) {
        store(value, rowMap, block, done);
      }
    }
    return block.build();
  }

  private void store(
      Value value, List<AffineIndex> map, BlockBuilder block, Map<Located, Integer> done) {
    int number = emit(new Located(value, map), block, done);
    block.store(new Block.Store(access(value, map, List.of()), number));
  }

  /** The number of the instruction that computes a value at the given coordinates. */
  private int emit(Located located, BlockBuilder block, Map<Located, Integer> done) {
    Integer known = done.get(located);
    if (known == null) {
      known = emitNew(located, block, done);
      done.put(located, known);
    }
    return known;
  }

  private int emitNew(Located located, BlockBuilder block, Map<Located, Integer> done) {
    Value value = located.value();
    Integer fold = foldOf.get(value);
    if (fold != null) {
      return block.add(new Instruction.Folded(fold, value.dtype()));
    }
    Node member = members.get(value);
    if (member != null && member.op() instanceof ElementwiseOp op) {
      if (located.map().equals(fullMap)) {
        Optional<Value> place = kept.placeOf(value, atSweep);
        if (place.isPresent()) {
          int access = access(place.get(), fullMap, List.of());
          HostTensor none = HostTensor.scalar(value.dtype(), 0);
          return block.add(new Instruction.Load(access, value.dtype(), none));
        }
        if (KeptValues.isWorthKeeping(op.function())) {
          computedIn.computeIfAbsent(value, unused -> new TreeSet<>()).add(atSweep);
        }
      }
      List<Integer> arguments =
          member.operands().stream()
              .map(operand -> emit(new Located(operand, located.map()), block, done))
              .toList();
      return block.add(new Instruction.Apply(op.function(), value.dtype(), arguments));
    }
    Optional<Node> free = values.producer(value).filter(values::isFree);
    if (free.isPresent()) {
      return emitFree(located, free.get(), block, done);
    }
    return block.add(load(value, located.map(), List.of(), HostTensor.scalar(value.dtype(), 0)));
  }

  private int emitFree(Located located, Node node, BlockBuilder block, Map<Located, Integer> done) {
    Optional<HostTensor> uniform = values.uniformConstant(located.value());
    if (uniform.isPresent()) {
      return block.add(new Instruction.Literal(uniform.get()));
    }
    return switch (node.op()) {
      case Size size -> block.add(new Instruction.Size(size.dim(), size.dtype()));
      case Iota iota ->
          block.add(
              indexInstruction(located.map().get(iota.axis()), located.value().dtype(), block));
      case Pad unused -> block.add(padded(node, located.map()));
      default -> {
        Sources.Source source = Sources.through(node, located.map(), rank);
        yield emit(new Located(source.value(), source.map()), block, done);
      }
    };
  }

  private Instruction padded(Node node, List<AffineIndex> map) {
    Value operand = node.operand(0);
    HostTensor padding =
        values
            .uniformConstant(node.operand(1))
            .orElseThrow(() -> new InternalException("a fused padding is not constant"));
    List<AffineIndex> at = Sources.through(node, map, rank).map();
    List<Access.Bound> bounds = new ArrayList<>();
    for (int axis = 0; axis < operand.rank(); axis++) {
      bounds.add(
          new Access.Bound(at.get(axis).offset(), at.get(axis).coefficients(), operand.dim(axis)));
    }
    return load(operand, at, bounds, padding);
  }

  private Instruction load(
      Value value, List<AffineIndex> map, List<Access.Bound> bounds, HostTensor otherwise) {
    loaded.add(value);
    return new Instruction.Load(access(value, map, bounds), value.dtype(), otherwise);
  }

  private int access(Value value, List<AffineIndex> map, List<Access.Bound> bounds) {
    AffineIndex position = AffineIndex.zero(rank);
    List<Dim> strides = value.shape().strides();
    for (int axis = 0; axis < value.rank(); axis++) {
      position = position.plus(map.get(axis).times(strides.get(axis)));
    }
    Draft draft = new Draft(value, position.offset(), position.coefficients(), bounds);
    return accesses.computeIfAbsent(draft, unused -> accesses.size());
  }

  /** An affine combination of indices as instructions. */
  private Instruction indexInstruction(AffineIndex index, DType dtype, BlockBuilder block) {
    Instruction sum = null;
    for (int axis = 0; axis < rank; axis++) {
      Dim factor = index.coefficients().get(axis);
      if (factor.is(0)) {
        continue;
      }
      Instruction term = new Instruction.Index(axis, dtype);
      if (!factor.is(1)) {
        term =
            apply(ScalarFunction.MULTIPLY, dtype, term, new Instruction.Size(factor, dtype), block);
      }
      sum = sum == null ? term : apply(ScalarFunction.ADD, dtype, sum, term, block);
    }
    if (sum == null) {
      return new Instruction.Size(index.offset(), dtype);
    }
    return index.offset().is(0)
        ? sum
        : apply(ScalarFunction.ADD, dtype, sum, new Instruction.Size(index.offset(), dtype), block);
  }

  private static Instruction apply(
      ScalarFunction function, DType dtype, Instruction a, Instruction b, BlockBuilder block) {
    return new Instruction.Apply(function, dtype, List.of(block.add(a), block.add(b)));
  }
}
